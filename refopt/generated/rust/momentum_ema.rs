// Generated from the formula by: refopt generate momentum/ema --to rust
// Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
//
// Momentum as an average of the gradients.
//
//     v     <- momentum*v + (1 - momentum)*g
//     theta <- theta - lr*v
//
// Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
// Differs from momentum: the gradient enters (1 - momentum) times.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.01
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// share of the velocity that is kept; 0 <= momentum < 1
    pub momentum: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, momentum: 0.9 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], v: &mut [f64]) {
    let n = theta.len();
    assert!(v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], v: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum } = *hyper;
    let one_minus_momentum = 1.0 - momentum;
    for i in 0..n {
        v[i] = momentum * v[i] + one_minus_momentum * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], v: &mut [f32]) {
    let n = theta.len();
    assert!(v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], v: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum } = *hyper;
    let one_minus_momentum = (1.0 - momentum) as f32;
    let momentum = momentum as f32;
    let lr = lr as f32;
    for i in 0..n {
        v[i] = momentum * v[i] + one_minus_momentum * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

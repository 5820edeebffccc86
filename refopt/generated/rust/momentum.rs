// Generated from the formula by: refopt generate momentum --to rust
// Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
//
// Momentum, learning rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - v
//
// Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
// Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.
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
    for i in 0..n {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - v[i];
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
    let momentum = momentum as f32;
    let lr = lr as f32;
    for i in 0..n {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - v[i];
    }
}

// Generated from the formula by: refopt generate momentum/dampened --to rust
// Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
//
// Momentum with a dampened gradient, learning rate outside.
//
//     v     <- momentum*v + (1 - dampening)*g
//     theta <- theta - lr*v
//
// Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
// Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.
//
// Hyperparameters:
//     lr         step size; 0 <= lr; default 0.01
//     momentum   share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     dampening  share of the gradient that is held back; 0 <= dampening < 1; default 0
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
    /// share of the gradient that is held back; 0 <= dampening < 1
    pub dampening: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, momentum: 0.9, dampening: 0.0 }
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
    let Hyper { lr, momentum, dampening } = *hyper;
    let one_minus_dampening = 1.0 - dampening;
    for i in 0..n {
        v[i] = momentum * v[i] + one_minus_dampening * g[i];
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
    let Hyper { lr, momentum, dampening } = *hyper;
    let one_minus_dampening = (1.0 - dampening) as f32;
    let momentum = momentum as f32;
    let lr = lr as f32;
    for i in 0..n {
        v[i] = momentum * v[i] + one_minus_dampening * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

// Generated from the formula by: refopt generate nesterov/velocity --to rust
// Fingerprint of the formula: d97bf72f249c5184e319c4935c7ee2e3e6ec3fd6763654da30d795fcb17b7426
//
// Nesterov momentum in velocity form, the velocity pointing downhill.
//
//     v     <- momentum*v - lr*g
//     theta <- theta + momentum*v - lr*g
//
// Source: Nesterov 1983, method (7), Doklady 269:543-547.
// Source: Sutskever et al. 2013, equations (3) and (4), at the look-ahead point, proceedings.mlr.press/v28/sutskever13.
// Differs from nesterov: the velocity has the other sign; theta is the same.
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
        v[i] = momentum * v[i] - lr * g[i];
        theta[i] = theta[i] + momentum * v[i] - lr * g[i];
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
        v[i] = momentum * v[i] - lr * g[i];
        theta[i] = theta[i] + momentum * v[i] - lr * g[i];
    }
}

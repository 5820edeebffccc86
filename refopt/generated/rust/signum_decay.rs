// Generated from the formula by: refopt generate signum/decay --to rust
// Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
//
// The sign of the momentum with decoupled weight decay (Tiger).
//
//     m     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(sign(m) + weight_decay*theta)
//
// Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
// Differs from signum: weight_decay*theta beside the sign.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     beta1         decay of the momentum; 0 <= beta1 < 1; default 0.9
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// decay of the momentum; 0 <= beta1 < 1
    pub beta1: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, beta1: 0.9, weight_decay: 0.01 }
    }
}

fn sign_f64(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
fn sign_f32(x: f32) -> f32 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], m: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, weight_decay } = *hyper;
    let one_minus_beta1 = 1.0 - beta1;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (sign_f64(m[i]) + weight_decay * theta[i]);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, weight_decay } = *hyper;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let beta1 = beta1 as f32;
    let lr = lr as f32;
    let weight_decay = weight_decay as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (sign_f32(m[i]) + weight_decay * theta[i]);
    }
}

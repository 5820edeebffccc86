// Generated from the formula by: refopt generate sgd --to rust
// Fingerprint of the formula: 8d59e9dc8427d44f3156bbb8d086b8b1aa49d4cc683f97210bb0d61b90e2736f
//
// Gradient descent: batch, stochastic or mini-batch.
//
//     theta <- theta - lr*g
//
// Source: Robbins & Monro 1951, section 2, the recursion, doi:10.1214/aoms/1177729586.
// Source: Cauchy 1847, the method of descent, Comptes rendus 25:536-538.
//
// Hyperparameters:
//     lr  step size; 0 <= lr; default 0.01
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01 }
    }
}

/// The state before the first update.
pub fn init_f64(_theta: &[f64]) {}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n, "every slice must be as long as theta");
    let Hyper { lr } = *hyper;
    for i in 0..n {
        theta[i] = theta[i] - lr * g[i];
    }
}

/// The state before the first update.
pub fn init_f32(_theta: &[f32]) {}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n, "every slice must be as long as theta");
    let Hyper { lr } = *hyper;
    let lr = lr as f32;
    for i in 0..n {
        theta[i] = theta[i] - lr * g[i];
    }
}

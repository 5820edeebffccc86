// Generated from the formula by: refopt generate sign_sgd --to rust
// Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
//
// A step of the same length in every element that has a gradient.
//
//     theta <- theta - lr*sign(g)
//
// Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.
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

fn sign_f64(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
fn sign_f32(x: f32) -> f32 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }

/// The state before the first update.
pub fn init_f64(_theta: &[f64]) {}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n, "every slice must be as long as theta");
    let Hyper { lr } = *hyper;
    for i in 0..n {
        theta[i] = theta[i] - lr * sign_f64(g[i]);
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
        theta[i] = theta[i] - lr * sign_f32(g[i]);
    }
}

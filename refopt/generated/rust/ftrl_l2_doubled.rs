// Generated from the formula by: refopt generate ftrl/l2_doubled --to rust
// Fingerprint of the formula: b72b063864e1e890c11dd275c0c9185a317077debaf3e510f631843c3f4b1ed1
//
// FTRL whose penalty on the square counts twice.
//
//     n_before <- n
//     n        <- n + g^2
//     z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
//     theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + 2*l2)
//
// Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.
// Differs from ftrl: l2 counts twice.
//
// Hyperparameters:
//     lr    step size; 0 < lr; default 0.001
//     l1    strength of the penalty on the size; 0 <= l1; default 0
//     l2    strength of the penalty on the square; 0 <= l2; default 0
//     beta  what the rate is smoothed by; 0 <= beta; default 1
//     s0    what the sum of squares starts from; 0 <= s0; default 0
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 < lr
    pub lr: f64,
    /// strength of the penalty on the size; 0 <= l1
    pub l1: f64,
    /// strength of the penalty on the square; 0 <= l2
    pub l2: f64,
    /// what the rate is smoothed by; 0 <= beta
    pub beta: f64,
    /// what the sum of squares starts from; 0 <= s0
    pub s0: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, l1: 0.0, l2: 0.0, beta: 1.0, s0: 0.0 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The smaller one; NaN where one is NaN.
fn minimum_f64(a: f64, b: f64) -> f64 { if a <= b || a.is_nan() { a } else { b } }
fn minimum_f32(a: f32, b: f32) -> f32 { if a <= b || a.is_nan() { a } else { b } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], z: &mut [f64], n_: &mut [f64], hyper: &Hyper) {
    let n = theta.len();
    assert!(z.len() == n && n_.len() == n, "every slice must be as long as theta");
    let Hyper { s0, .. } = *hyper;
    let s0_0 = s0;
    for i in 0..n {
        z[i] = 0.0;
        n_[i] = s0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], z: &mut [f64], n_: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n && n_.len() == n, "every slice must be as long as theta");
    let Hyper { lr, l1, l2, beta, .. } = *hyper;
    let coefficient_of_l1 = -l1;
    let coefficient_of_l2 = 2.0 * l2;
    for i in 0..n {
        let n_before = n_[i];
        n_[i] = n_[i] + g[i] * g[i];
        z[i] = z[i] + g[i] - (f64::sqrt(n_[i]) - f64::sqrt(n_before)) / lr * theta[i];
        theta[i] = -((z[i] - maximum_f64(coefficient_of_l1, minimum_f64(l1, z[i]))) / ((beta + f64::sqrt(n_[i])) / lr + coefficient_of_l2));
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], z: &mut [f32], n_: &mut [f32], hyper: &Hyper) {
    let n = theta.len();
    assert!(z.len() == n && n_.len() == n, "every slice must be as long as theta");
    let Hyper { s0, .. } = *hyper;
    let s0_0 = s0 as f32;
    for i in 0..n {
        z[i] = 0.0;
        n_[i] = s0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], z: &mut [f32], n_: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n && n_.len() == n, "every slice must be as long as theta");
    let Hyper { lr, l1, l2, beta, .. } = *hyper;
    let coefficient_of_l1 = (-l1) as f32;
    let coefficient_of_l2 = (2.0 * l2) as f32;
    let lr = lr as f32;
    let l1 = l1 as f32;
    let beta = beta as f32;
    for i in 0..n {
        let n_before = n_[i];
        n_[i] = n_[i] + g[i] * g[i];
        z[i] = z[i] + g[i] - (f32::sqrt(n_[i]) - f32::sqrt(n_before)) / lr * theta[i];
        theta[i] = -((z[i] - maximum_f32(coefficient_of_l1, minimum_f32(l1, z[i]))) / ((beta + f32::sqrt(n_[i])) / lr + coefficient_of_l2));
    }
}

// Generated from the formula by: refopt generate rmsprop/corrected --to rust
// Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
//
// RMSProp with bias correction.
//
//     v     <- rho*v + (1 - rho)*g^2
//     v_hat <- v / (1 - rho^t)
//     theta <- theta - lr * g / (sqrt(v_hat) + eps)
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: the mean square is corrected for its start at 0.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.001
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-8
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// decay of the mean square; 0 <= rho < 1
    pub rho: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, rho: 0.9, eps: 1e-08 }
    }
}

/// An integer power by repeated squaring: the same products in every language.
fn power(mut base: f64, exponent: i64) -> f64 {
    let (mut result, mut left) = (1.0, exponent.unsigned_abs());
    while left > 0 {
        if left % 2 == 1 {
            result *= base;
        }
        base *= base;
        left /= 2;
    }
    if exponent < 0 { 1.0 / result } else { result }
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
pub fn step_f64(theta: &mut [f64], g: &[f64], v: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps } = *hyper;
    let one_minus_rho = 1.0 - rho;
    let bias_correction_rho = 1.0 - power(rho, t);
    for i in 0..n {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction_rho;
        theta[i] = theta[i] - lr * g[i] / (f64::sqrt(v_hat) + eps);
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
pub fn step_f32(theta: &mut [f32], g: &[f32], v: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps } = *hyper;
    let one_minus_rho = (1.0 - rho) as f32;
    let bias_correction_rho = (1.0 - power(rho, t)) as f32;
    let rho = rho as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction_rho;
        theta[i] = theta[i] - lr * g[i] / (f32::sqrt(v_hat) + eps);
    }
}

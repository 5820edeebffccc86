// Generated from the formula by: refopt generate adamaxw --to rust
// Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
//
// AdaMax with decoupled weight decay.
//
//     m     <- beta1*m + (1 - beta1)*g
//     u     <- max(beta2*u, abs(g) + eps)
//     theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u
//
// Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.002
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the infinity norm; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
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
    /// decay of the first moment; 0 <= beta1 < 1
    pub beta1: f64,
    /// decay of the infinity norm; 0 <= beta2 < 1
    pub beta2: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.01 }
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

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], m: &mut [f64], u: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n && u.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        u[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], u: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && u.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay } = *hyper;
    let one_minus_beta1 = 1.0 - beta1;
    let lr_times_weight_decay = lr * weight_decay;
    let step_size = lr / (1.0 - power(beta1, t));
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximum_f64(beta2 * u[i], f64::abs(g[i]) + eps);
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - step_size * m[i] / u[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], u: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n && u.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        u[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], u: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && u.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay } = *hyper;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let lr_times_weight_decay = (lr * weight_decay) as f32;
    let step_size = (lr / (1.0 - power(beta1, t))) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximum_f32(beta2 * u[i], f32::abs(g[i]) + eps);
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - step_size * m[i] / u[i];
    }
}

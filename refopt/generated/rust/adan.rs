// Generated from the formula by: refopt generate adan --to rust
// Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
//
// Adam with Nesterov momentum made of the gradient's change.
//
//     d        <- where(t > 1, g - g_before, 0*g)
//     m        <- beta1*m + (1 - beta1)*g
//     w        <- beta2*w + (1 - beta2)*d
//     n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
//     theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
//             lr*weight_decay)
//     g_before <- g
//
// Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the mean gradient; 0 <= beta1 < 1; default 0.98
//     beta2         decay of the mean change of the gradient; 0 <= beta2 < 1; default 0.92
//     beta3         decay of the mean square; 0 <= beta3 < 1; default 0.99
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
    /// decay of the mean gradient; 0 <= beta1 < 1
    pub beta1: f64,
    /// decay of the mean change of the gradient; 0 <= beta2 < 1
    pub beta2: f64,
    /// decay of the mean square; 0 <= beta3 < 1
    pub beta3: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, beta1: 0.98, beta2: 0.92, beta3: 0.99, eps: 1e-08, weight_decay: 0.01 }
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

fn square_f64(x: f64) -> f64 { x * x }
fn square_f32(x: f32) -> f32 { x * x }

/// The state before the first update.
pub fn init_f64(theta: &[f64], m: &mut [f64], w: &mut [f64], n_: &mut [f64], g_before: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n && w.len() == n && n_.len() == n && g_before.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        w[i] = 0.0;
        n_[i] = 0.0;
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], w: &mut [f64], n_: &mut [f64], g_before: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && w.len() == n && n_.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, beta3, eps, weight_decay } = *hyper;
    let zero = 0.0;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    let one_minus_beta3 = 1.0 - beta3;
    let bias_correction1 = 1.0 - power(beta1, t);
    let bias_correction2 = 1.0 - power(beta2, t);
    let bias_correction3 = 1.0 - power(beta3, t);
    let step_size = 1.0 + lr * weight_decay;
    for i in 0..n {
        let d = if t > 1 { g[i] - g_before[i] } else { zero * g[i] };
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        w[i] = beta2 * w[i] + one_minus_beta2 * d;
        n_[i] = beta3 * n_[i] + one_minus_beta3 * square_f64(g[i] + beta2 * d);
        theta[i] = (theta[i] - lr * (m[i] / bias_correction1 + beta2 * w[i] / bias_correction2) / (f64::sqrt(n_[i] / bias_correction3) + eps)) / step_size;
        g_before[i] = g[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], w: &mut [f32], n_: &mut [f32], g_before: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n && w.len() == n && n_.len() == n && g_before.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        w[i] = 0.0;
        n_[i] = 0.0;
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], w: &mut [f32], n_: &mut [f32], g_before: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && w.len() == n && n_.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, beta3, eps, weight_decay } = *hyper;
    let zero = (0.0) as f32;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let one_minus_beta3 = (1.0 - beta3) as f32;
    let bias_correction1 = (1.0 - power(beta1, t)) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let bias_correction3 = (1.0 - power(beta3, t)) as f32;
    let step_size = (1.0 + lr * weight_decay) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let beta3 = beta3 as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        let d = if t > 1 { g[i] - g_before[i] } else { zero * g[i] };
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        w[i] = beta2 * w[i] + one_minus_beta2 * d;
        n_[i] = beta3 * n_[i] + one_minus_beta3 * square_f32(g[i] + beta2 * d);
        theta[i] = (theta[i] - lr * (m[i] / bias_correction1 + beta2 * w[i] / bias_correction2) / (f32::sqrt(n_[i] / bias_correction3) + eps)) / step_size;
        g_before[i] = g[i];
    }
}

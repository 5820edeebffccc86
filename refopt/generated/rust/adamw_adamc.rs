// Generated from the formula by: refopt generate adamw/adamc --to rust
// Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
//
// AdamW whose decay falls with the square of a scheduled rate.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- beta2*v + (1 - beta2)*g^2
//     m_hat <- m / (1 - beta1^t)
//     v_hat <- v / (1 - beta2^t)
//     theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)
//
// Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
// Differs from adamw: the decay is lr^2/lr_max times weight_decay.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//     lr_max        the largest rate of the schedule; 0 < lr_max; default 0.001
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
    /// decay of the second moment; 0 <= beta2 < 1
    pub beta2: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
    /// the largest rate of the schedule; 0 < lr_max
    pub lr_max: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.01, lr_max: 0.001 }
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
pub fn init_f64(theta: &[f64], m: &mut [f64], v: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], v: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay, lr_max } = *hyper;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    let bias_correction1 = 1.0 - power(beta1, t);
    let bias_correction2 = 1.0 - power(beta2, t);
    let step_size = lr * lr / lr_max * weight_decay;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (f64::sqrt(v_hat) + eps);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], v: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay, lr_max } = *hyper;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let bias_correction1 = (1.0 - power(beta1, t)) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let step_size = (lr * lr / lr_max * weight_decay) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (f32::sqrt(v_hat) + eps);
    }
}

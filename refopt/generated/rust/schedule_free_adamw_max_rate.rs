// Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to rust
// Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
//
// Schedule-free AdamW whose average weighs by the largest rate so far.
//
//     v          <- beta2*v + (1 - beta2)*g^2
//     v_hat      <- v / (1 - beta2^t)
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0025
//     beta1         share of x where g is taken; 0 < beta1 <= 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// share of x where g is taken; 0 < beta1 <= 1
    pub beta1: f64,
    /// decay of the second moment; 0 <= beta2 < 1
    pub beta2: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.0025, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.0 }
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

/// The state before the first update.
pub fn init_f64(theta: &[f64], z: &mut [f64], v: &mut [f64], weight_sum: &mut f64, lr_max: &mut f64) {
    let n = theta.len();
    assert!(z.len() == n && v.len() == n, "every slice must be as long as theta");
    *weight_sum = 0.0;
    *lr_max = 0.0;
    for i in 0..n {
        z[i] = theta[i];
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], z: &mut [f64], v: &mut [f64], weight_sum: &mut f64, lr_max: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay } = *hyper;
    let kept_weight_sum = weight_sum;
    let kept_lr_max = lr_max;
    let weight_sum = *kept_weight_sum;
    let lr_max = *kept_lr_max;
    let lr_max = maximum_f64(lr_max, lr);
    let weight = lr_max * lr_max;
    let weight_sum = weight_sum + weight;
    let c = if weight_sum > 0.0 { weight / weight_sum } else { 0.0 };
    *kept_weight_sum = weight_sum;
    *kept_lr_max = lr_max;
    let one_minus_beta2 = 1.0 - beta2;
    let bias_correction2 = 1.0 - power(beta2, t);
    let one_minus_beta1 = 1.0 - beta1;
    let lr_times_weight_decay = lr * weight_decay;
    let one_minus_c = 1.0 - c;
    for i in 0..n {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction2;
        let x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (f64::sqrt(v_hat) + eps);
        let x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], z: &mut [f32], v: &mut [f32], weight_sum: &mut f64, lr_max: &mut f64) {
    let n = theta.len();
    assert!(z.len() == n && v.len() == n, "every slice must be as long as theta");
    *weight_sum = 0.0;
    *lr_max = 0.0;
    for i in 0..n {
        z[i] = theta[i];
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], z: &mut [f32], v: &mut [f32], weight_sum: &mut f64, lr_max: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, weight_decay } = *hyper;
    let kept_weight_sum = weight_sum;
    let kept_lr_max = lr_max;
    let weight_sum = *kept_weight_sum;
    let lr_max = *kept_lr_max;
    let lr_max = maximum_f64(lr_max, lr);
    let weight = lr_max * lr_max;
    let weight_sum = weight_sum + weight;
    let c = if weight_sum > 0.0 { weight / weight_sum } else { 0.0 };
    *kept_weight_sum = weight_sum;
    *kept_lr_max = lr_max;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let lr_times_weight_decay = (lr * weight_decay) as f32;
    let one_minus_c = (1.0 - c) as f32;
    let beta2 = beta2 as f32;
    let beta1 = beta1 as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    let c = c as f32;
    for i in 0..n {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction2;
        let x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (f32::sqrt(v_hat) + eps);
        let x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

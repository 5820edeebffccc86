// Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to rust
// Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
//
// Schedule-free SGD whose average weighs by the largest rate so far.
//
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*g
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 1
//     beta1  share of x where g is taken; 0 < beta1 <= 1; default 0.9
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
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 1.0, beta1: 0.9 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], z: &mut [f64], weight_sum: &mut f64, lr_max: &mut f64) {
    let n = theta.len();
    assert!(z.len() == n, "every slice must be as long as theta");
    *weight_sum = 0.0;
    *lr_max = 0.0;
    for i in 0..n {
        z[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], z: &mut [f64], weight_sum: &mut f64, lr_max: &mut f64, _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1 } = *hyper;
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
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_c = 1.0 - c;
    for i in 0..n {
        let x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr * g[i];
        let x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], z: &mut [f32], weight_sum: &mut f64, lr_max: &mut f64) {
    let n = theta.len();
    assert!(z.len() == n, "every slice must be as long as theta");
    *weight_sum = 0.0;
    *lr_max = 0.0;
    for i in 0..n {
        z[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], z: &mut [f32], weight_sum: &mut f64, lr_max: &mut f64, _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && z.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1 } = *hyper;
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
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_c = (1.0 - c) as f32;
    let beta1 = beta1 as f32;
    let lr = lr as f32;
    let c = c as f32;
    for i in 0..n {
        let x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr * g[i];
        let x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

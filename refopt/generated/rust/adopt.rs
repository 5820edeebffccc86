// Generated from the formula by: refopt generate adopt --to rust
// Fingerprint of the formula: 04f821427e8c5bfe767af6f9cab77d68bb42038ceeef9cf1e38d763a8c4e8219
//
// Adam that normalizes by the second moment before it sees the gradient.
//
//     c     <- sqrt(sqrt(t - 1))
//     m     <- where(t > 1, beta1*m + (1 - beta1)*max(-c, min(c, g / max(sqrt(v), eps))), m)
//     v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
//     theta <- theta - lr*m
//
// Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.9999
//     eps    keeps the division finite; 0 <= eps; default 0.000001
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
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, beta1: 0.9, beta2: 0.9999, eps: 1e-06 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The smaller one; NaN where one is NaN.
fn minimum_f64(a: f64, b: f64) -> f64 { if a <= b || a.is_nan() { a } else { b } }
fn minimum_f32(a: f32, b: f32) -> f32 { if a <= b || a.is_nan() { a } else { b } }

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
    let Hyper { lr, beta1, beta2, eps } = *hyper;
    let c = f64::sqrt(f64::sqrt((t - 1) as f64));
    let one_minus_beta1 = 1.0 - beta1;
    let coefficient_of_c = -c;
    let one_minus_beta2 = 1.0 - beta2;
    for i in 0..n {
        m[i] = if t > 1 { beta1 * m[i] + one_minus_beta1 * maximum_f64(coefficient_of_c, minimum_f64(c, g[i] / maximum_f64(f64::sqrt(v[i]), eps))) } else { m[i] }; // v of the update before
        v[i] = if t > 1 { beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]) } else { g[i] * g[i] }; // all that the first update does
        theta[i] = theta[i] - lr * m[i];
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
    let Hyper { lr, beta1, beta2, eps } = *hyper;
    let c = f64::sqrt(f64::sqrt((t - 1) as f64));
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let coefficient_of_c = (-c) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let beta1 = beta1 as f32;
    let c = c as f32;
    let eps = eps as f32;
    let beta2 = beta2 as f32;
    let lr = lr as f32;
    for i in 0..n {
        m[i] = if t > 1 { beta1 * m[i] + one_minus_beta1 * maximum_f32(coefficient_of_c, minimum_f32(c, g[i] / maximum_f32(f32::sqrt(v[i]), eps))) } else { m[i] }; // v of the update before
        v[i] = if t > 1 { beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]) } else { g[i] * g[i] }; // all that the first update does
        theta[i] = theta[i] - lr * m[i];
    }
}

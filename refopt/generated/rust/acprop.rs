// Generated from the formula by: refopt generate acprop --to rust
// Fingerprint of the formula: 3ec05370738415d5cb8a858b10d98785f2014bccd9c6bdce7836e06225c7d69a
//
// The gradient over its deviation up to the update before.
//
//     theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
//     m     <- beta1*m + (1 - beta1)*g
//     s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
//
// Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     beta1     decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2     decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps       keeps the division finite; 0 <= eps; default 1e-16
//     eps_root  added to s at every update; 0 <= eps_root; default 1e-16
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
    /// added to s at every update; 0 <= eps_root
    pub eps_root: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16 }
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
pub fn init_f64(theta: &[f64], m: &mut [f64], s: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n && s.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        s[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], s: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && s.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, eps_root } = *hyper;
    let complement = 1.0 - power(beta2, t - 1);
    let coefficient_of_eps = 1.0 + eps;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    for i in 0..n {
        theta[i] = theta[i] - lr * (if t > 1 { g[i] / (f64::sqrt(s[i] / complement) + eps) } else { g[i] / coefficient_of_eps }); // nothing is known before the first gradient
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * square_f64(g[i] - m[i]) + eps_root;
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], s: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n && s.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
        s[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], s: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && s.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, eps_root } = *hyper;
    let complement = (1.0 - power(beta2, t - 1)) as f32;
    let coefficient_of_eps = (1.0 + eps) as f32;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let eps_root = eps_root as f32;
    for i in 0..n {
        theta[i] = theta[i] - lr * (if t > 1 { g[i] / (f32::sqrt(s[i] / complement) + eps) } else { g[i] / coefficient_of_eps }); // nothing is known before the first gradient
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * square_f32(g[i] - m[i]) + eps_root;
    }
}

// Generated from the formula by: refopt generate adabelief --to rust
// Fingerprint of the formula: dc0e1176585d139d39dc59ecf5d25c8f6e1b5a02069843494190c1268407a322
//
// Adam that divides by how far the gradient is from what was expected.
//
//     m     <- beta1*m + (1 - beta1)*g
//     s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
//     m_hat <- m / (1 - beta1^t)
//     s_hat <- s / (1 - beta2^t)
//     theta <- theta - lr * m_hat / (sqrt(s_hat) + eps)
//
// Source: Zhuang et al. 2020, Algorithm 2; the epsilon that is added to s has a name of its own, arXiv:2010.07468.
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
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    let bias_correction1 = 1.0 - power(beta1, t);
    let bias_correction2 = 1.0 - power(beta2, t);
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * square_f64(g[i] - m[i]) + eps_root;
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let s_hat = s[i] / bias_correction2;
        theta[i] = theta[i] - lr * m_hat / (f64::sqrt(s_hat) + eps);
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
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let bias_correction1 = (1.0 - power(beta1, t)) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let eps_root = eps_root as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * square_f32(g[i] - m[i]) + eps_root;
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let s_hat = s[i] / bias_correction2;
        theta[i] = theta[i] - lr * m_hat / (f32::sqrt(s_hat) + eps);
    }
}

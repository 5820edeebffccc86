// Generated from the formula by: refopt generate radam/eps_on_v_hat --to rust
// Fingerprint of the formula: 704881983699dea20b3e0f37dc011feaf50a1a68d3c7cc670506a23ddd5506fc
//
// RAdam with epsilon added after the bias correction.
//
//     m       <- beta1*m + (1 - beta1)*g
//     v       <- beta2*v + (1 - beta2)*g^2
//     rho_inf <- 2 / (1 - beta2) - 1
//     rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
//     r       <- where(rho_t >= 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
//     m_hat   <- m / (1 - beta1^t)
//     v_hat   <- v / (1 - beta2^t)
//     theta   <- theta - lr*where(rho_t >= 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)
//
// Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v_hat, arXiv:1908.03265.
// Differs from radam: eps after the bias correction.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 1e-8
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
        Hyper { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08 }
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
    let Hyper { lr, beta1, beta2, eps } = *hyper;
    let rho_inf = 2.0 / (1.0 - beta2) - 1.0;
    let rho_t = rho_inf - ((2 * t) as f64) * power(beta2, t) / (1.0 - power(beta2, t));
    let r = if rho_t >= 5.0 { f64::sqrt((rho_t - 4.0) * (rho_t - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho_t)) } else { 1.0 };
    let condition = rho_t >= 5.0;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    let bias_correction1 = 1.0 - power(beta1, t);
    let bias_correction2 = 1.0 - power(beta2, t);
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - lr * (if condition { r * m_hat / (f64::sqrt(v_hat) + eps) } else { m_hat });
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
    let rho_inf = 2.0 / (1.0 - beta2) - 1.0;
    let rho_t = rho_inf - ((2 * t) as f64) * power(beta2, t) / (1.0 - power(beta2, t));
    let r = if rho_t >= 5.0 { f64::sqrt((rho_t - 4.0) * (rho_t - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho_t)) } else { 1.0 };
    let condition = rho_t >= 5.0;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let bias_correction1 = (1.0 - power(beta1, t)) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let lr = lr as f32;
    let r = r as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let m_hat = m[i] / bias_correction1; // t counts updates from 1
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - lr * (if condition { r * m_hat / (f32::sqrt(v_hat) + eps) } else { m_hat });
    }
}

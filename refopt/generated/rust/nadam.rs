// Generated from the formula by: refopt generate nadam --to rust
// Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
//
// Adam with Nesterov momentum of a growing share.
//
//     mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
//     mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
//     mu_product <- mu_product*mu
//     m          <- beta1*m + (1 - beta1)*g
//     v          <- beta2*v + (1 - beta2)*g^2
//     v_hat      <- v / (1 - beta2^t)
//     theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
//             + eps)
//
// Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.002
//     beta1           decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2           decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps             keeps the division finite; 0 <= eps; default 1e-8
//     momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay; default 0.004
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
    /// how soon the momentum grows to beta1; 0 <= momentum_decay
    pub momentum_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-08, momentum_decay: 0.004 }
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
pub fn init_f64(theta: &[f64], m: &mut [f64], v: &mut [f64], mu_product: &mut f64) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    *mu_product = 1.0;
    for i in 0..n {
        m[i] = 0.0;
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], v: &mut [f64], mu_product: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, momentum_decay } = *hyper;
    let kept_mu_product = mu_product;
    let mu_product = *kept_mu_product;
    let mu = beta1 * (1.0 - 0.5 * f64::powf(0.96, (t as f64) * momentum_decay));
    let mu_next = beta1 * (1.0 - 0.5 * f64::powf(0.96, ((t + 1) as f64) * momentum_decay));
    let mu_product = mu_product * mu;
    *kept_mu_product = mu_product;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    let bias_correction2 = 1.0 - power(beta2, t);
    let coefficient_of_mu_and_mu_product = (1.0 - mu) / (1.0 - mu_product);
    let coefficient_of_mu_next_and_mu_product = mu_next / (1.0 - mu_product * mu_next);
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - lr * (coefficient_of_mu_and_mu_product * g[i] + coefficient_of_mu_next_and_mu_product * m[i]) / (f64::sqrt(v_hat) + eps);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], v: &mut [f32], mu_product: &mut f64) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    *mu_product = 1.0;
    for i in 0..n {
        m[i] = 0.0;
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], mu_product: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, momentum_decay } = *hyper;
    let kept_mu_product = mu_product;
    let mu_product = *kept_mu_product;
    let mu = beta1 * (1.0 - 0.5 * f64::powf(0.96, (t as f64) * momentum_decay));
    let mu_next = beta1 * (1.0 - 0.5 * f64::powf(0.96, ((t + 1) as f64) * momentum_decay));
    let mu_product = mu_product * mu;
    *kept_mu_product = mu_product;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let bias_correction2 = (1.0 - power(beta2, t)) as f32;
    let coefficient_of_mu_and_mu_product = ((1.0 - mu) / (1.0 - mu_product)) as f32;
    let coefficient_of_mu_next_and_mu_product = (mu_next / (1.0 - mu_product * mu_next)) as f32;
    let beta1 = beta1 as f32;
    let beta2 = beta2 as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        let v_hat = v[i] / bias_correction2;
        theta[i] = theta[i] - lr * (coefficient_of_mu_and_mu_product * g[i] + coefficient_of_mu_next_and_mu_product * m[i]) / (f32::sqrt(v_hat) + eps);
    }
}

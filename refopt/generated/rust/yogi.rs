// Generated from the formula by: refopt generate yogi --to rust
// Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
//
// Adam whose second moment changes by the size of the squared gradient only.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- v - (1 - beta2)*sign(v - g^2)*g^2
//     theta <- theta - lr * m / (sqrt(v) + eps)
//
// Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 0.001
//     v0     what the second moment starts from; 0 <= v0; default 0.000001
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
    /// what the second moment starts from; 0 <= v0
    pub v0: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 0.001, v0: 1e-06 }
    }
}

fn sign_f64(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
fn sign_f32(x: f32) -> f32 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], m: &mut [f64], v: &mut [f64], hyper: &Hyper) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { v0, .. } = *hyper;
    let v0_0 = v0;
    for i in 0..n {
        m[i] = 0.0;
        v[i] = v0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], v: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, .. } = *hyper;
    let one_minus_beta1 = 1.0 - beta1;
    let one_minus_beta2 = 1.0 - beta2;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = v[i] - one_minus_beta2 * sign_f64(v[i] - g[i] * g[i]) * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (f64::sqrt(v[i]) + eps);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32], v: &mut [f32], hyper: &Hyper) {
    let n = theta.len();
    assert!(m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { v0, .. } = *hyper;
    let v0_0 = v0 as f32;
    for i in 0..n {
        m[i] = 0.0;
        v[i] = v0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, eps, .. } = *hyper;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let beta1 = beta1 as f32;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = v[i] - one_minus_beta2 * sign_f32(v[i] - g[i] * g[i]) * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (f32::sqrt(v[i]) + eps);
    }
}

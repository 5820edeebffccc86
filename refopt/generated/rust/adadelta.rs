// Generated from the formula by: refopt generate adadelta --to rust
// Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
//
// Steps in the units of the parameters: as long as the last ones were.
//
//     s     <- rho*s + (1 - rho)*g^2
//     d     <- sqrt(u + eps) / sqrt(s + eps) * g
//     u     <- rho*u + (1 - rho)*d^2
//     theta <- theta - lr*d
//
// Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 1
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-6
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// decay of the mean square; 0 <= rho < 1
    pub rho: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 1.0, rho: 0.9, eps: 1e-06 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], s: &mut [f64], u: &mut [f64]) {
    let n = theta.len();
    assert!(s.len() == n && u.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        s[i] = 0.0;
        u[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], s: &mut [f64], u: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n && u.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps } = *hyper;
    let one_minus_rho = 1.0 - rho;
    for i in 0..n {
        s[i] = rho * s[i] + one_minus_rho * (g[i] * g[i]);
        let d = f64::sqrt(u[i] + eps) / f64::sqrt(s[i] + eps) * g[i];
        u[i] = rho * u[i] + one_minus_rho * (d * d);
        theta[i] = theta[i] - lr * d;
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], s: &mut [f32], u: &mut [f32]) {
    let n = theta.len();
    assert!(s.len() == n && u.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        s[i] = 0.0;
        u[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], s: &mut [f32], u: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n && u.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps } = *hyper;
    let one_minus_rho = (1.0 - rho) as f32;
    let rho = rho as f32;
    let eps = eps as f32;
    let lr = lr as f32;
    for i in 0..n {
        s[i] = rho * s[i] + one_minus_rho * (g[i] * g[i]);
        let d = f32::sqrt(u[i] + eps) / f32::sqrt(s[i] + eps) * g[i];
        u[i] = rho * u[i] + one_minus_rho * (d * d);
        theta[i] = theta[i] - lr * d;
    }
}

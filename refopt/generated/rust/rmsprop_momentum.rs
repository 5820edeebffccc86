// Generated from the formula by: refopt generate rmsprop/momentum --to rust
// Fingerprint of the formula: 76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353
//
// RMSProp with momentum, the rate outside the velocity.
//
//     v     <- rho*v + (1 - rho)*g^2
//     b     <- momentum*b + g / (sqrt(v) + eps)
//     theta <- theta - lr*b
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: a velocity of the normalized gradients.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     rho       decay of the mean square; 0 <= rho < 1; default 0.9
//     eps       keeps the division finite; 0 <= eps; default 1e-8
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
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
    /// share of the velocity that is kept; 0 <= momentum < 1
    pub momentum: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.001, rho: 0.9, eps: 1e-08, momentum: 0.9 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], v: &mut [f64], b: &mut [f64]) {
    let n = theta.len();
    assert!(v.len() == n && b.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
        b[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], v: &mut [f64], b: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n && b.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps, momentum } = *hyper;
    let one_minus_rho = 1.0 - rho;
    for i in 0..n {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        b[i] = momentum * b[i] + g[i] / (f64::sqrt(v[i]) + eps);
        theta[i] = theta[i] - lr * b[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], v: &mut [f32], b: &mut [f32]) {
    let n = theta.len();
    assert!(v.len() == n && b.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
        b[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], v: &mut [f32], b: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n && b.len() == n, "every slice must be as long as theta");
    let Hyper { lr, rho, eps, momentum } = *hyper;
    let one_minus_rho = (1.0 - rho) as f32;
    let rho = rho as f32;
    let momentum = momentum as f32;
    let eps = eps as f32;
    let lr = lr as f32;
    for i in 0..n {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        b[i] = momentum * b[i] + g[i] / (f32::sqrt(v[i]) + eps);
        theta[i] = theta[i] - lr * b[i];
    }
}

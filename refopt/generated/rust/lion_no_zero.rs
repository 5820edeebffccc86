// Generated from the formula by: refopt generate lion/no_zero --to rust
// Fingerprint of the formula: 3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4
//
// Lion whose sign is 1 at zero.
//
//     c     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(where(c >= 0, 1, -1) + weight_decay*theta)
//     m     <- beta2*m + (1 - beta2)*g
//
// Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
// Differs from lion: the sign of 0 is 1: what has no gradient moves by the rate.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0001
//     beta1         share of the momentum in the step; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the momentum; 0 <= beta2 < 1; default 0.99
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
    /// share of the momentum in the step; 0 <= beta1 < 1
    pub beta1: f64,
    /// decay of the momentum; 0 <= beta2 < 1
    pub beta2: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.0001, beta1: 0.9, beta2: 0.99, weight_decay: 0.0 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], m: &mut [f64]) {
    let n = theta.len();
    assert!(m.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], m: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, weight_decay } = *hyper;
    let one_minus_beta1 = 1.0 - beta1;
    let zero = 0.0;
    let one = 1.0;
    let number_minus_1 = -1.0;
    let one_minus_beta2 = 1.0 - beta2;
    for i in 0..n {
        let c = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * ((if c >= zero { one } else { number_minus_1 }) + weight_decay * theta[i]);
        m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], m: &mut [f32]) {
    let n = theta.len();
    assert!(m.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        m[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], m: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && m.len() == n, "every slice must be as long as theta");
    let Hyper { lr, beta1, beta2, weight_decay } = *hyper;
    let one_minus_beta1 = (1.0 - beta1) as f32;
    let zero = (0.0) as f32;
    let one = (1.0) as f32;
    let number_minus_1 = (-1.0) as f32;
    let one_minus_beta2 = (1.0 - beta2) as f32;
    let beta1 = beta1 as f32;
    let lr = lr as f32;
    let weight_decay = weight_decay as f32;
    let beta2 = beta2 as f32;
    for i in 0..n {
        let c = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * ((if c >= zero { one } else { number_minus_1 }) + weight_decay * theta[i]);
        m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
    }
}

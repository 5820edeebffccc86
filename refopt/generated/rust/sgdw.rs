// Generated from the formula by: refopt generate sgdw --to rust
// Fingerprint of the formula: 02099a8e38d1f738f56719a8a2acd647d3651b9e25b5b9765eea11cbb87204f0
//
// Momentum with decoupled weight decay.
//
//     v     <- momentum*v + g
//     theta <- theta - lr*weight_decay*theta - lr*v
//
// Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, the rate outside the velocity, arXiv:1711.05101.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// share of the velocity that is kept; 0 <= momentum < 1
    pub momentum: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, momentum: 0.9, weight_decay: 0.01 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], v: &mut [f64]) {
    let n = theta.len();
    assert!(v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], v: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum, weight_decay } = *hyper;
    let lr_times_weight_decay = lr * weight_decay;
    for i in 0..n {
        v[i] = momentum * v[i] + g[i];
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - lr * v[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], v: &mut [f32]) {
    let n = theta.len();
    assert!(v.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        v[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], v: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && v.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum, weight_decay } = *hyper;
    let lr_times_weight_decay = (lr * weight_decay) as f32;
    let momentum = momentum as f32;
    let lr = lr as f32;
    for i in 0..n {
        v[i] = momentum * v[i] + g[i];
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - lr * v[i];
    }
}

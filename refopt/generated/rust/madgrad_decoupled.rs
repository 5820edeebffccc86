// Generated from the formula by: refopt generate madgrad/decoupled --to rust
// Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
//
// MADGRAD as code has it, with decoupled weight decay.
//
//     lam   <- (lr + eps)*sqrt(t)
//     n     <- n + lam*g^2
//     s     <- s + lam*g
//     z     <- theta_start - s / (cbrt(n) + eps)
//     theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z
//
// Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
// Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the parameter that is kept; 0 < momentum < 1; default 0.9
//     eps           keeps the division finite; 0 <= eps; default 0.000001
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
    /// share of the parameter that is kept; 0 < momentum < 1
    pub momentum: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, momentum: 0.9, eps: 1e-06, weight_decay: 0.01 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], s: &mut [f64], n_: &mut [f64], theta_start: &mut [f64]) {
    let n = theta.len();
    assert!(s.len() == n && n_.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        s[i] = 0.0;
        n_[i] = 0.0;
        theta_start[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], s: &mut [f64], n_: &mut [f64], theta_start: &[f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n && n_.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum, eps, weight_decay } = *hyper;
    let lam = (lr + eps) * f64::sqrt(t as f64);
    let lr_times_weight_decay = lr * weight_decay;
    let one_minus_momentum = 1.0 - momentum;
    for i in 0..n {
        n_[i] = n_[i] + lam * (g[i] * g[i]);
        s[i] = s[i] + lam * g[i];
        let z = theta_start[i] - s[i] / (f64::cbrt(n_[i]) + eps);
        theta[i] = momentum * (theta[i] - lr_times_weight_decay * theta[i]) + one_minus_momentum * z;
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], s: &mut [f32], n_: &mut [f32], theta_start: &mut [f32]) {
    let n = theta.len();
    assert!(s.len() == n && n_.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        s[i] = 0.0;
        n_[i] = 0.0;
        theta_start[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], s: &mut [f32], n_: &mut [f32], theta_start: &[f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n && n_.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { lr, momentum, eps, weight_decay } = *hyper;
    let lam = (lr + eps) * f64::sqrt(t as f64);
    let lr_times_weight_decay = (lr * weight_decay) as f32;
    let one_minus_momentum = (1.0 - momentum) as f32;
    let lam = lam as f32;
    let eps = eps as f32;
    let momentum = momentum as f32;
    for i in 0..n {
        n_[i] = n_[i] + lam * (g[i] * g[i]);
        s[i] = s[i] + lam * g[i];
        let z = theta_start[i] - s[i] / (f32::cbrt(n_[i]) + eps);
        theta[i] = momentum * (theta[i] - lr_times_weight_decay * theta[i]) + one_minus_momentum * z;
    }
}

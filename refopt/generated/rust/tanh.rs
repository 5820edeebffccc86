// Generated from the formula by: refopt generate tanh --to rust
// Fingerprint of the formula: 8f20b001014c3d847275331e8edcff7d54f18f584711870ca936fdbff13566c3
//
// A hyperbolic tangent from nearly the first rate to nearly the last, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * min(k, span) / span - lower)) / 2
//
// Source: Hsueh et al. 2019, equation (3), HTD(L, U), arXiv:1806.01593.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     lower   how far below 0 the tangent begins: -L in the paper; 0 <= lower; default 6
//     upper   how far above 0 the tangent ends; 0 <= upper; default 3
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= span
    pub span: i64,
    /// how far below 0 the tangent begins: -L in the paper; 0 <= lower
    pub lower: f64,
    /// how far above 0 the tangent ends; 0 <= upper
    pub upper: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, span: 100, lower: 6.0, upper: 3.0 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, span, lower, upper } = *hyper;
    lr_min + (lr - lr_min) * (1.0 - f64::tanh((upper + lower) * (i64::min(k, span) as f64) / (span as f64) - lower)) / 2.0
}

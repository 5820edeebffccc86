// Generated from the formula by: refopt generate cosine_k_decay --to rust
// Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
//
// Half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2
//
// Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree; default 1.5
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= period
    pub period: i64,
    /// power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree
    pub degree: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 100, degree: 1.5 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period, degree } = *hyper;
    lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * f64::powf((i64::min(k, period) as f64) / (period as f64), degree))) / 2.0
}

// Generated from the formula by: refopt generate cosine_annealing/periodic --to rust
// Fingerprint of the formula: 179b4be210c7cbe31b692f9bf8be09aa59cc3efe99c3bdef75ad47f51274bef7
//
// A cosine that rises again after the period.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * k / period)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from cosine_annealing: rises again after the period.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
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
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 100 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period } = *hyper;
    lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (k as f64) / (period as f64))) / 2.0
}

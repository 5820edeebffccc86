// Generated from the formula by: refopt generate cosine_annealing --to rust
// Fingerprint of the formula: c17ecfa1c52325effa00074a8f2683bc4623f40347d126fb50fa7067a524779e
//
// Half a cosine from the first rate down to the last, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * min(k, period) / period)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
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
    lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (i64::min(k, period) as f64) / (period as f64))) / 2.0
}

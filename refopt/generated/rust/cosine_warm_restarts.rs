// Generated from the formula by: refopt generate cosine_warm_restarts --to rust
// Fingerprint of the formula: 3eae8f448a3ef48f96c631573bde12e6ff0c1180f7682070f870320f846203bf
//
// Half a cosine from the first rate down to the last, again and again.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * ((k - period*floor(k / period)) / period))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_mult = 1, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from one restart to the next; 1 <= period; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// steps from one restart to the next; 1 <= period
    pub period: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period } = *hyper;
    lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (((k - period * i64::div_euclid(k, period)) as f64) / (period as f64)))) / 2.0
}

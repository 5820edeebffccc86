// Generated from the formula by: refopt generate inverse_time --to rust
// Fingerprint of the formula: 4f4b9c7a10c82652a4257f78f5caf3bbb849b7369f3d8515f99e893a96c1769c
//
// The rate falls as one over the step.
//
//     lr_k <- lr / (1 + slope * k / every)
//
// Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
// Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.
//
// Hyperparameters:
//     lr     learning rate at the start; 0 <= lr; default 0.1
//     slope  growth of the divisor in so many steps; 0 <= slope; default 0.5
//     every  steps in which the divisor grows by the slope; 1 <= every; default 1
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// growth of the divisor in so many steps; 0 <= slope
    pub slope: f64,
    /// steps in which the divisor grows by the slope; 1 <= every
    pub every: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, slope: 0.5, every: 1 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, slope, every } = *hyper;
    lr / (1.0 + slope * (k as f64) / (every as f64))
}

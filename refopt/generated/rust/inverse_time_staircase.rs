// Generated from the formula by: refopt generate inverse_time/staircase --to rust
// Fingerprint of the formula: 0f9f8b6037fb987338ec20967d99de21c4a2aa689a6067741bbded675a4b753f
//
// The rate falls as one over the number of whole stretches.
//
//     lr_k <- lr / (1 + slope*floor(k / every))
//
// Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
// Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.
// Differs from inverse_time: the divisor grows once in so many steps, not at each.
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
    lr / (1.0 + slope * (i64::div_euclid(k, every) as f64))
}

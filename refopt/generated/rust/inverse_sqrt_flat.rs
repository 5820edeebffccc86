// Generated from the formula by: refopt generate inverse_sqrt/flat --to rust
// Fingerprint of the formula: b438d3a4e8daa13ce7e4a90eccf76f007695ec660eebbc47cb49e3f71b6c08ad
//
// A constant rate, then one over the root of the step.
//
//     lr_k <- lr*sqrt(warmup_steps / max(k, warmup_steps))
//
// Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
// Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
// Differs from inverse_sqrt: holds the first rate in place of a rise; the fall counts from 0.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, warmup_steps: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, warmup_steps } = *hyper;
    lr * f64::sqrt((warmup_steps as f64) / (i64::max(k, warmup_steps) as f64))
}

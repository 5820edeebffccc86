// Generated from the formula by: refopt generate linear --to rust
// Fingerprint of the formula: 79f59b759640eacb57a762fdccf903b8050876347a920087623e7946b9717df9
//
// A straight line from a share of the rate to another, then constant.
//
//     lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, span) / span)
//
// Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     start_factor  what the rate is multiplied by at step 0; 0 <= start_factor; default 1
//     end_factor    what the rate is multiplied by in the end; 0 <= end_factor; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at step 0; 0 <= start_factor
    pub start_factor: f64,
    /// what the rate is multiplied by in the end; 0 <= end_factor
    pub end_factor: f64,
    /// steps from the first rate to the last; 1 <= span
    pub span: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, start_factor: 1.0, end_factor: 0.0, span: 100 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, start_factor, end_factor, span } = *hyper;
    lr * (start_factor + (end_factor - start_factor) * (i64::min(k, span) as f64) / (span as f64))
}

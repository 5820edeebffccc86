// Generated from the formula by: refopt generate warmup+exponential --to rust
// Fingerprint of the formula: 142fe13581fec2dc8781200bd87bf47d27b7d96bdb030a4ed642b6688c94b017
//
// A linear rise, then: the rate falls by a factor at every step.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr*factor^(k -
//             warmup_steps))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     factor        what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at each step; 0 <= factor
    pub factor: f64,
    /// share of the first rate at step 0; 0 <= warmup_start
    pub warmup_start: f64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.95, warmup_start: 0.0, warmup_steps: 10 }
    }
}

/// An integer power by repeated squaring: the same products in every language.
fn power(mut base: f64, exponent: i64) -> f64 {
    let (mut result, mut left) = (1.0, exponent.unsigned_abs());
    while left > 0 {
        if left % 2 == 1 {
            result *= base;
        }
        base *= base;
        left /= 2;
    }
    if exponent < 0 { 1.0 / result } else { result }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, factor, warmup_start, warmup_steps } = *hyper;
    if k < warmup_steps {
        return lr * (warmup_start + (1.0 - warmup_start) * (k as f64) / (warmup_steps as f64));
    }
    lr * power(factor, k - warmup_steps)
}

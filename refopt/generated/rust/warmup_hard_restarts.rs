// Generated from the formula by: refopt generate warmup+hard_restarts --to rust
// Fingerprint of the formula: f3ab3db4a5238c3052849eb65621a4fdb711c678440770f64d10fc8bedf4d142
//
// A linear rise, then: cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
//             span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*(k - warmup_steps) - span*floor(cycles * (k -
//             warmup_steps) / span)) / span))) / 2, lr_min))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     cycles        cosines in the whole span; 1 <= cycles; default 2
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= span
    pub span: i64,
    /// cosines in the whole span; 1 <= cycles
    pub cycles: i64,
    /// share of the first rate at step 0; 0 <= warmup_start
    pub warmup_start: f64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, span: 100, cycles: 2, warmup_start: 0.0, warmup_steps: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, span, cycles, warmup_start, warmup_steps } = *hyper;
    if k < warmup_steps {
        return lr * (warmup_start + (1.0 - warmup_start) * (k as f64) / (warmup_steps as f64));
    }
    if k - warmup_steps < span {
        return lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (((cycles * (k - warmup_steps) - span * i64::div_euclid(cycles * (k - warmup_steps), span)) as f64) / (span as f64)))) / 2.0;
    }
    lr_min
}

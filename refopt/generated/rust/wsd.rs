// Generated from the formula by: refopt generate wsd --to rust
// Fingerprint of the formula: b27da9dbff6bb5e364a890c009c914af21efe3e78584fba14a939e068629722c
//
// A linear rise, a constant rate, then a straight line down to the last one.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
//             stable_steps, lr, lr_min + (lr - lr_min)*(1 - min(k - warmup_steps - stable_steps, span) / span)))
//
// Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
// Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//     stable_steps  steps at the whole rate; 1 <= stable_steps; default 10
//     span          steps of the fall; 1 <= span; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// share of the first rate at step 0; 0 <= warmup_start
    pub warmup_start: f64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
    /// steps at the whole rate; 1 <= stable_steps
    pub stable_steps: i64,
    /// steps of the fall; 1 <= span
    pub span: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, warmup_start: 0.0, warmup_steps: 10, stable_steps: 10, span: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, warmup_start, warmup_steps, stable_steps, span } = *hyper;
    if k < warmup_steps {
        return lr * (warmup_start + (1.0 - warmup_start) * (k as f64) / (warmup_steps as f64));
    }
    if k < warmup_steps + stable_steps {
        return lr;
    }
    lr_min + (lr - lr_min) * (1.0 - (i64::min(k - warmup_steps - stable_steps, span) as f64) / (span as f64))
}

// Generated from the formula by: refopt generate warmup+cosine_annealing/power --to rust
// Fingerprint of the formula: eab09e1655f775c3d578edae7b187706f357e9355f13413dd4777ef019dd1650
//
// A linear rise, then: a power of half a cosine, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
//             period, lr_min + (lr - lr_min)*((1 + cos(pi * (k - warmup_steps) / period)) / 2)^degree, lr_min))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from warmup+cosine_annealing: the cosine's share is raised to a power.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     period        steps from the first rate to the last; 1 <= period; default 100
//     degree        power that the curve is raised to; 0 < degree; default 1
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
    /// steps from the first rate to the last; 1 <= period
    pub period: i64,
    /// power that the curve is raised to; 0 < degree
    pub degree: f64,
    /// share of the first rate at step 0; 0 <= warmup_start
    pub warmup_start: f64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 100, degree: 1.0, warmup_start: 0.0, warmup_steps: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period, degree, warmup_start, warmup_steps } = *hyper;
    if k < warmup_steps {
        return lr * (warmup_start + (1.0 - warmup_start) * (k as f64) / (warmup_steps as f64));
    }
    if k - warmup_steps < period {
        return lr_min + (lr - lr_min) * f64::powf((1.0 + f64::cos(std::f64::consts::PI * ((k - warmup_steps) as f64) / (period as f64))) / 2.0, degree);
    }
    lr_min
}

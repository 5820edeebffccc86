// Generated from the formula by: refopt generate polynomial/cycle --to rust
// Fingerprint of the formula: 50ce77dd9e839796f5c08faba3b8aafb0235de4566b62e164ec80f2c6ad3160b
//
// A fall that begins anew from a higher rate each time, and is longer.
//
//     lr_k <- lr_min + (lr - lr_min)*(1 - k / (span*max(1, -floor((-k) / span))))^degree
//
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
// Differs from polynomial: begins anew after each multiple of the span, and ends at the next.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     degree  power of what is left; 1 is a straight line; 0 < degree; default 1
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= span
    pub span: i64,
    /// power of what is left; 1 is a straight line; 0 < degree
    pub degree: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, span: 100, degree: 1.0 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, span, degree } = *hyper;
    lr_min + (lr - lr_min) * f64::powf(1.0 - (k as f64) / ((span * i64::max(1, -i64::div_euclid(-k, span))) as f64), degree)
}

// Generated from the formula by: refopt generate cosine_power --to rust
// Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
//
// A power of half a cosine from the first rate down to the last, then constant.
//
//     lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)
//
// Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree; default 2
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
    /// power that the curve is raised to; 1 is cosine_annealing; 0 < degree
    pub degree: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 100, degree: 2.0 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period, degree } = *hyper;
    if k < period {
        return lr_min + (lr - lr_min) * f64::powf((1.0 + f64::cos(std::f64::consts::PI * (k as f64) / (period as f64))) / 2.0, degree);
    }
    lr_min
}

// Generated from the formula by: refopt generate piecewise_linear --to rust
// Fingerprint of the formula: c1675a9f4b4ac18c9eda9f81f471ccd6b2352f32f1a33a18158f0a7f6a6cddb3
//
// Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * (min(k, length_1) / length_1))*(1 + (scale_2 - 1) * (max(min(k - length_1,
//             length_2), 0) / length_2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     length_1  steps of the first line; 1 <= length_1; default 30
//     scale_1   the rate after the first line over the first rate; 0 <= scale_1; default 0.1
//     length_2  steps of the second line; 1 <= length_2; default 50
//     scale_2   the last rate over the one after the first line; 0 <= scale_2; default 0.01
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// steps of the first line; 1 <= length_1
    pub length_1: i64,
    /// the rate after the first line over the first rate; 0 <= scale_1
    pub scale_1: f64,
    /// steps of the second line; 1 <= length_2
    pub length_2: i64,
    /// the last rate over the one after the first line; 0 <= scale_2
    pub scale_2: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, length_1: 30, scale_1: 0.1, length_2: 50, scale_2: 0.01 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, length_1, scale_1, length_2, scale_2 } = *hyper;
    lr * (1.0 + (scale_1 - 1.0) * ((i64::min(k, length_1) as f64) / (length_1 as f64))) * (1.0 + (scale_2 - 1.0) * ((i64::max(i64::min(k - length_1, length_2), 0) as f64) / (length_2 as f64)))
}

// Generated from the formula by: refopt generate piecewise_linear/cosine --to rust
// Fingerprint of the formula: dc5efcd8003b763849d727fcb9ad44cb7894d6b8c13e2c6e7a37091b90510455
//
// Half cosines from the first rate to a multiple of it, and from there to a multiple of that.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * ((1 - cos(pi * (min(k, length_1) / length_1))) / 2))*(1 + (scale_2 - 1) * ((1 -
//             cos(pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
// Differs from piecewise_linear: half cosines in place of straight lines.
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
    lr * (1.0 + (scale_1 - 1.0) * ((1.0 - f64::cos(std::f64::consts::PI * ((i64::min(k, length_1) as f64) / (length_1 as f64)))) / 2.0)) * (1.0 + (scale_2 - 1.0) * ((1.0 - f64::cos(std::f64::consts::PI * ((i64::max(i64::min(k - length_1, length_2), 0) as f64) / (length_2 as f64)))) / 2.0))
}

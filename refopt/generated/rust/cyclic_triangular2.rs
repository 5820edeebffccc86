// Generated from the formula by: refopt generate cyclic/triangular2 --to rust
// Fingerprint of the formula: d8a8c200d919bc9772764aa27445bbe0c91c5aa9489c589a9577807ade34344b
//
// A line up and down again, half as high each time.
//
//     lr_k <- lr + (lr_max - lr) * (1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle) /
//             2^floor(k / (2*half_cycle))
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
// Differs from cyclic: the height is halved after each cycle.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// lowest learning rate; 0 <= lr
    pub lr: f64,
    /// highest learning rate; 0 <= lr_max
    pub lr_max: f64,
    /// steps from the lowest rate to the highest; 1 <= half_cycle
    pub half_cycle: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_max: 0.2, half_cycle: 10 }
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
    let Hyper { lr, lr_max, half_cycle } = *hyper;
    lr + (lr_max - lr) * (1.0 - f64::abs((k - 2 * half_cycle * i64::div_euclid(k, 2 * half_cycle) - half_cycle) as f64) / (half_cycle as f64)) / power(2.0, i64::div_euclid(k, 2 * half_cycle))
}

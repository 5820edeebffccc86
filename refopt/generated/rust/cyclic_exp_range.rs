// Generated from the formula by: refopt generate cyclic/exp_range --to rust
// Fingerprint of the formula: 88dc0f9ff8e9bc96f87edc224701ea708f57ff2ab73296b43674920641a1afbc
//
// A line up and down again, lower by a factor at each step.
//
//     lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)*factor^k
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
// Differs from cyclic: the height falls by a factor at each step.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
//     factor      what the height is multiplied by at each step; 0 <= factor; default 0.99
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
    /// what the height is multiplied by at each step; 0 <= factor
    pub factor: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_max: 0.2, half_cycle: 10, factor: 0.99 }
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
    let Hyper { lr, lr_max, half_cycle, factor } = *hyper;
    lr + (lr_max - lr) * (1.0 - f64::abs((k - 2 * half_cycle * i64::div_euclid(k, 2 * half_cycle) - half_cycle) as f64) / (half_cycle as f64)) * power(factor, k)
}

// Generated from the formula by: refopt generate cyclic --to rust
// Fingerprint of the formula: b610223df3b33db819decb3e05762ace74ad5a356242620a0383d7e902fda9e3
//
// A straight line up to the highest rate and down again, over and over.
//
//     lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
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

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_max, half_cycle } = *hyper;
    lr + (lr_max - lr) * (1.0 - f64::abs((k - 2 * half_cycle * i64::div_euclid(k, 2 * half_cycle) - half_cycle) as f64) / (half_cycle as f64))
}

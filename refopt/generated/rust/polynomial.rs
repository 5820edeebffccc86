// Generated from the formula by: refopt generate polynomial --to rust
// Fingerprint of the formula: 9d95bfc4832774a6bf81df74c1d8cd247464532f61e5d580776058e61e623794
//
// A power of the share of the steps that is left, then constant.
//
//     lr_k <- lr_min + (lr - lr_min)*(1 - min(k, length) / length)^exponent
//
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     lr_min    learning rate at the end; 0 <= lr_min; default 0
//     length    steps from the first rate to the last; 1 <= length; default 100
//     exponent  power of what is left; 1 is a straight line; 0 < exponent; default 1
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= length
    pub length: i64,
    /// power of what is left; 1 is a straight line; 0 < exponent
    pub exponent: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, length: 100, exponent: 1.0 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, length, exponent } = *hyper;
    lr_min + (lr - lr_min) * f64::powf(1.0 - (i64::min(k, length) as f64) / (length as f64), exponent)
}

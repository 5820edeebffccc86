// Generated from the formula by: refopt generate step_decay --to rust
// Fingerprint of the formula: c0b54afa81e13b3492dff426cae7a5939da3ed094eb5c8d74c6af147f3bb0c60
//
// The rate falls by a factor every N epochs.
//
//     lr_k <- lr*factor^floor(k / every)
//
// Source: Ge et al. 2019, Algorithm 1, the step decay schedule, arXiv:1904.12838.
// Source: Szegedy et al. 2015, section 6, 4 percent less every 8 epochs, arXiv:1409.4842.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by; 0 <= factor; default 0.1
//     every   epochs between two falls; 1 <= every; default 30
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by; 0 <= factor
    pub factor: f64,
    /// epochs between two falls; 1 <= every
    pub every: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.1, every: 30 }
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
    let Hyper { lr, factor, every } = *hyper;
    lr * power(factor, i64::div_euclid(k, every))
}

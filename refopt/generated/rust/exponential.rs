// Generated from the formula by: refopt generate exponential --to rust
// Fingerprint of the formula: 6466e2086e259ce63156d175ee5e69b28ab1325d981e1f80dc9d29c8b0bc136f
//
// The rate falls by a factor at every step.
//
//     lr_k <- lr*factor^k
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at each step; 0 <= factor
    pub factor: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.95 }
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
    let Hyper { lr, factor } = *hyper;
    lr * power(factor, k)
}

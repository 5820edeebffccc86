// Generated from the formula by: refopt generate exponential/floor --to rust
// Fingerprint of the formula: 41f5e5907e2aab67fca697d3d5be0ad5989d110eb4b58899c6455f458e914a10
//
// The rate falls by a factor at every step, down to a least rate.
//
//     lr_k <- max(lr*factor^k, lr_min)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: does not fall below a least rate.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor < 1; default 0.95
//     lr_min  the least rate; 0 <= lr_min; default 0
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at each step; 0 <= factor < 1
    pub factor: f64,
    /// the least rate; 0 <= lr_min
    pub lr_min: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.95, lr_min: 0.0 }
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

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, factor, lr_min } = *hyper;
    maximum_f64(lr * power(factor, k), lr_min)
}

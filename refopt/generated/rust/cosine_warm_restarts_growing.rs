// Generated from the formula by: refopt generate cosine_warm_restarts/growing --to rust
// Fingerprint of the formula: 5d3edddc57e3b844bd5f87fe183b80ab76401464258ed880f0315691f206a852
//
// Half a cosine from the first rate down to the last, each longer than the one before.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 +
//             floor((period_mult - 1) * k / period), period_mult) - 1) / (period_mult - 1)))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
// Differs from cosine_warm_restarts: each cosine is longer than the one before by a factor.
//
// Hyperparameters:
//     lr           learning rate at the start; 0 <= lr; default 0.1
//     lr_min       learning rate at the end of the period; 0 <= lr_min; default 0
//     period       steps before the first restart; 1 <= period; default 10
//     period_mult  how many times as long each cosine is as the one before; 2 <= period_mult; default 2
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// steps before the first restart; 1 <= period
    pub period: i64,
    /// how many times as long each cosine is as the one before; 2 <= period_mult
    pub period_mult: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, period: 10, period_mult: 2 }
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

/// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
fn ilog(mut x: i64, base: i64) -> i64 {
    let mut found = 0;
    while base >= 2 && base <= x {
        x /= base;
        found += 1;
    }
    found
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, period, period_mult } = *hyper;
    lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (((1.0 + (((period_mult - 1) * k) as f64) / (period as f64)) / power(period_mult as f64, ilog(1 + i64::div_euclid((period_mult - 1) * k, period), period_mult)) - 1.0) / ((period_mult - 1) as f64)))) / 2.0
}

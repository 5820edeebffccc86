// Generated from the formula by: refopt generate exponential/spread --to rust
// Fingerprint of the formula: fdfb5fa7402b060d295d0457ab451ae9f535242816b14e2b0d7e36ebca7fdfba
//
// The rate falls by a factor in so many steps, a little at each.
//
//     lr_k <- lr*factor^(k / every)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: the factor is that of several steps, not of one.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     every   steps in which the rate is multiplied once; 1 <= every; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at each step; 0 <= factor
    pub factor: f64,
    /// steps in which the rate is multiplied once; 1 <= every
    pub every: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.95, every: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, factor, every } = *hyper;
    lr * f64::powf(factor, (k as f64) / (every as f64))
}

// Generated from the formula by: refopt generate constant_factor --to rust
// Fingerprint of the formula: c7a0ad6c5f6e63c070164a4cd624aba12c82b249be0fbc9b5409d453d6b700f1
//
// A share of the rate for some steps, then the whole.
//
//     lr_k <- where(k < length, lr*factor, lr)
//
// Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at first; 0 <= factor; default 0.1
//     length  steps with a share of the rate; 1 <= length; default 5
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at first; 0 <= factor
    pub factor: f64,
    /// steps with a share of the rate; 1 <= length
    pub length: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.1, length: 5 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, factor, length } = *hyper;
    if k < length {
        return lr * factor;
    }
    lr
}

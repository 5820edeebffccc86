// Generated from the formula by: refopt generate constant_factor --to rust
// Fingerprint of the formula: ab8e0412ded0986e18661c43cbe1682cb82756952f96836ca1a206d157956cf5
//
// A share of the rate for some steps, then the whole.
//
//     lr_k <- where(k < span, lr*factor, lr)
//
// Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at first; 0 <= factor; default 0.1
//     span    steps with a share of the rate; 1 <= span; default 5
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by at first; 0 <= factor
    pub factor: f64,
    /// steps with a share of the rate; 1 <= span
    pub span: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.1, span: 5 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, factor, span } = *hyper;
    if k < span {
        return lr * factor;
    }
    lr
}

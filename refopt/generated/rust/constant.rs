// Generated from the formula by: refopt generate constant --to rust
// Fingerprint of the formula: 79ece0cc106b1faf700920f72f2abc4186d9f4abadcf43af86092ada2885f9e1
//
// The same rate at every step.
//
//     lr_k <- lr
//
// Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.
//
// Hyperparameters:
//     lr  learning rate at the start; 0 <= lr; default 0.1
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(_k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr } = *hyper;
    lr
}

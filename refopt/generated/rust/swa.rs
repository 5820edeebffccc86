// Generated from the formula by: refopt generate swa --to rust
// Fingerprint of the formula: c8151a71bf16c8ac39f7ae578e0c8f1471e020be3256e181294bec113160f928
//
// A straight line down in each cycle, which begins below the first rate and ends at the last.
//
//     lr_k <- lr + (lr_min - lr) * (k - every*floor(k / every) + 1) / every
//
// Source: Izmailov et al. 2018, section 3.2, alpha(i) of step i = k + 1, arXiv:1803.05407.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of each cycle; 0 <= lr_min; default 0
//     every   steps of a cycle; 1 <= every; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of each cycle; 0 <= lr_min
    pub lr_min: f64,
    /// steps of a cycle; 1 <= every
    pub every: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, every: 10 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, every } = *hyper;
    lr + (lr_min - lr) * ((k - every * i64::div_euclid(k, every) + 1) as f64) / (every as f64)
}

// Generated from the formula by: refopt generate hard_restarts --to rust
// Fingerprint of the formula: c5ba66a666167eacdc38337a95a6b4ad5d86f2260ff593a874801dd60df7be22
//
// Cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*k - span*floor(cycles * k / span)) / span)))
//             / 2, lr_min)
//
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     cycles  cosines in the whole span; 1 <= cycles; default 2
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// learning rate at the end of the period; 0 <= lr_min
    pub lr_min: f64,
    /// steps from the first rate to the last; 1 <= span
    pub span: i64,
    /// cosines in the whole span; 1 <= cycles
    pub cycles: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, lr_min: 0.0, span: 100, cycles: 2 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, lr_min, span, cycles } = *hyper;
    if k < span {
        return lr_min + (lr - lr_min) * (1.0 + f64::cos(std::f64::consts::PI * (((cycles * k - span * i64::div_euclid(cycles * k, span)) as f64) / (span as f64)))) / 2.0;
    }
    lr_min
}

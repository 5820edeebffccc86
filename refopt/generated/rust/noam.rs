// Generated from the formula by: refopt generate noam --to rust
// Fingerprint of the formula: f15b4838180a736512fda5e7077b927baa8f82a4944d2668ccff6ed7e6c0acab
//
// A linear rise, then one over the root of the step.
//
//     lr_k <- lr / sqrt(model_size) * min(1 / sqrt(k + 1), (k + 1) / (warmup_steps*sqrt(warmup_steps)))
//
// Source: Vaswani et al. 2017, equation (3); step_num counts from 1, arXiv:1706.03762.
//
// Hyperparameters:
//     lr            factor of the whole; 1 in the paper; 0 <= lr; default 1
//     model_size    width of the model; 1 <= model_size; default 512
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// factor of the whole; 1 in the paper; 0 <= lr
    pub lr: f64,
    /// width of the model; 1 <= model_size
    pub model_size: i64,
    /// steps of the rise; 1 <= warmup_steps
    pub warmup_steps: i64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 1.0, model_size: 512, warmup_steps: 10 }
    }
}

/// The smaller one; NaN where one is NaN.
fn minimum_f64(a: f64, b: f64) -> f64 { if a <= b || a.is_nan() { a } else { b } }

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, model_size, warmup_steps } = *hyper;
    lr / f64::sqrt(model_size as f64) * minimum_f64(1.0 / f64::sqrt((k + 1) as f64), ((k + 1) as f64) / ((warmup_steps as f64) * f64::sqrt(warmup_steps as f64)))
}

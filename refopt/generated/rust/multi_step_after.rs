// Generated from the formula by: refopt generate multi_step/after --to rust
// Fingerprint of the formula: 9ef44f434b6b3c198eac115b47b00fbadbd040feb7976e7ad1473edb2ec48642
//
// The rate falls by a factor one step after each milestone.
//
//     lr_k <- lr*factor^count(k > milestones)
//
// Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
// Differs from multi_step: the rate of a milestone itself is still the one before it.
//
// Hyperparameters:
//     lr          learning rate at the start; 0 <= lr; default 0.1
//     factor      what the rate is multiplied by; 0 <= factor; default 0.1
//     milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones; default [30,80]
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper<'a> {
    /// learning rate at the start; 0 <= lr
    pub lr: f64,
    /// what the rate is multiplied by; 0 <= factor
    pub factor: f64,
    /// steps at which the rate falls; one that stands twice counts twice; 0 <= milestones
    pub milestones: &'a [i64],
}

impl Default for Hyper<'_> {
    fn default() -> Self {
        Hyper { lr: 0.1, factor: 0.1, milestones: &[30, 80] }
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
    let Hyper { lr, factor, milestones } = *hyper;
    lr * power(factor, milestones.iter().filter(|&&entry| k > entry).count() as i64)
}

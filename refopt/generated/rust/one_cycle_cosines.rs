// Generated from the formula by: refopt generate one_cycle/cosines --to rust
// Fingerprint of the formula: 6fe174a9738865fe2aa517e309d0e05c3a799f12acdb30d789e3a6ad07332452
//
// Half a cosine up, as long a one down, and one on to far less.
//
//     lr_k <- where(k < 2*pct_start*total_steps - 2, lr / div_factor + (lr - lr / div_factor) * (1 + cos(pi * ((k -
//             (pct_start*total_steps - 1)) / (pct_start*total_steps - 1)))) / 2, lr / div_factor / final_div_factor + (lr
//             / div_factor - lr / div_factor / final_div_factor) * (1 + cos(pi * ((k - (2*pct_start*total_steps - 2)) /
//             (total_steps - 1 - (2*pct_start*total_steps - 2))))) / 2)
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Differs from one_cycle: half cosines in place of straight lines.
//
// Hyperparameters:
//     lr                highest learning rate; 0 <= lr; default 0.1
//     total_steps       steps in all; 2 <= total_steps; default 100
//     pct_start         share of the steps that the way up takes; 0 < pct_start and 2*pct_start <= 1; default 0.3
//     div_factor        the highest rate over the first; 0 < div_factor; default 25
//     final_div_factor  the first rate over the last; 0 < final_div_factor; default 10000
//
// No crates. The rate is formed in f64; integers stay exact.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// highest learning rate; 0 <= lr
    pub lr: f64,
    /// steps in all; 2 <= total_steps
    pub total_steps: i64,
    /// share of the steps that the way up takes; 0 < pct_start and 2*pct_start <= 1
    pub pct_start: f64,
    /// the highest rate over the first; 0 < div_factor
    pub div_factor: f64,
    /// the first rate over the last; 0 < final_div_factor
    pub final_div_factor: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.1, total_steps: 100, pct_start: 0.3, div_factor: 25.0, final_div_factor: 10000.0 }
    }
}

/// The learning rate of step k = 0, 1, 2, ...
pub fn rate(k: i64, hyper: &Hyper) -> f64 {
    let Hyper { lr, total_steps, pct_start, div_factor, final_div_factor } = *hyper;
    if (k as f64) < 2.0 * pct_start * (total_steps as f64) - 2.0 {
        return lr / div_factor + (lr - lr / div_factor) * (1.0 + f64::cos(std::f64::consts::PI * (((k as f64) - (pct_start * (total_steps as f64) - 1.0)) / (pct_start * (total_steps as f64) - 1.0)))) / 2.0;
    }
    lr / div_factor / final_div_factor + (lr / div_factor - lr / div_factor / final_div_factor) * (1.0 + f64::cos(std::f64::consts::PI * (((k as f64) - (2.0 * pct_start * (total_steps as f64) - 2.0)) / (((total_steps - 1) as f64) - (2.0 * pct_start * (total_steps as f64) - 2.0))))) / 2.0
}

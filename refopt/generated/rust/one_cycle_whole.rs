// Generated from the formula by: refopt generate one_cycle/whole --to rust
// Fingerprint of the formula: d8f5234d4dc6cd0a2d016ad6eb4ef7df40e44ff17d5c69da6e7b7281bb4c7ce9
//
// Half a cosine up to a whole step, half a cosine down to far less, then constant.
//
//     lr_k <- where(k < floor(pct_start*total_steps), lr + (lr / div_factor - lr) * (1 + cos(pi * (k /
//             floor(pct_start*total_steps)))) / 2, where(k < total_steps, lr / div_factor / final_div_factor + (lr - lr /
//             div_factor / final_div_factor) * (1 + cos(pi * ((k - floor(pct_start*total_steps)) / (total_steps -
//             floor(pct_start*total_steps))))) / 2, lr / div_factor / final_div_factor))
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Differs from one_cycle: half cosines that meet at whole steps; the end is one step later.
//
// Hyperparameters:
//     lr                highest learning rate; 0 <= lr; default 0.1
//     total_steps       steps in all; 2 <= total_steps; default 100
//     pct_start         share of the steps that the way up takes; 0 < pct_start < 1; default 0.3
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
    /// share of the steps that the way up takes; 0 < pct_start < 1
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
    if k < (f64::floor(pct_start * (total_steps as f64)) as i64) {
        return lr + (lr / div_factor - lr) * (1.0 + f64::cos(std::f64::consts::PI * ((k as f64) / ((f64::floor(pct_start * (total_steps as f64)) as i64) as f64)))) / 2.0;
    }
    if k < total_steps {
        return lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1.0 + f64::cos(std::f64::consts::PI * (((k - (f64::floor(pct_start * (total_steps as f64)) as i64)) as f64) / ((total_steps - (f64::floor(pct_start * (total_steps as f64)) as i64)) as f64)))) / 2.0;
    }
    lr / div_factor / final_div_factor
}

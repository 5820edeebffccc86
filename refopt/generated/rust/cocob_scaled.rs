// Generated from the formula by: refopt generate cocob/scaled --to rust
// Fingerprint of the formula: 6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0
//
// COCOB on gradients, decayed weights added, that a rate multiplies.
//
//     g_scaled     <- lr*(g + weight_decay*theta)
//     scale        <- max(scale, abs(g_scaled))
//     abs_sum      <- abs_sum + abs(g_scaled)
//     reward       <- max(reward - g_scaled*(theta - theta_start), 0)
//     negative_sum <- negative_sum - g_scaled
//     change       <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta
//     theta        <- theta + change
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: g is lr*(g + weight_decay*theta).
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 1
//     alpha         about how many updates the bets are held small; 0 <= alpha; default 100
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// about how many updates the bets are held small; 0 <= alpha
    pub alpha: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// decay of the weights; 0 <= weight_decay
    pub weight_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 1.0, alpha: 100.0, eps: 1e-08, weight_decay: 0.0 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The state before the first update.
pub fn init_f64(
    theta: &[f64],
    scale: &mut [f64],
    abs_sum: &mut [f64],
    reward: &mut [f64],
    negative_sum: &mut [f64],
    theta_start: &mut [f64],
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { eps, .. } = *hyper;
    let eps_0 = eps;
    for i in 0..n {
        scale[i] = eps_0;
        abs_sum[i] = 0.0;
        reward[i] = 0.0;
        negative_sum[i] = 0.0;
        theta_start[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(
    theta: &mut [f64],
    g: &[f64],
    scale: &mut [f64],
    abs_sum: &mut [f64],
    reward: &mut [f64],
    negative_sum: &mut [f64],
    theta_start: &[f64],
    _t: i64,
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(g.len() == n && scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { lr, alpha, weight_decay, .. } = *hyper;
    let zero = 0.0;
    for i in 0..n {
        let g_scaled = lr * (g[i] + weight_decay * theta[i]);
        scale[i] = maximum_f64(scale[i], f64::abs(g_scaled));
        abs_sum[i] = abs_sum[i] + f64::abs(g_scaled);
        reward[i] = maximum_f64(reward[i] - g_scaled * (theta[i] - theta_start[i]), zero);
        negative_sum[i] = negative_sum[i] - g_scaled;
        let change = theta_start[i] + negative_sum[i] / (scale[i] * maximum_f64(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]) - theta[i]; // rounded: an update is what is added
        theta[i] = theta[i] + change;
    }
}

/// The state before the first update.
pub fn init_f32(
    theta: &[f32],
    scale: &mut [f32],
    abs_sum: &mut [f32],
    reward: &mut [f32],
    negative_sum: &mut [f32],
    theta_start: &mut [f32],
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { eps, .. } = *hyper;
    let eps_0 = eps as f32;
    for i in 0..n {
        scale[i] = eps_0;
        abs_sum[i] = 0.0;
        reward[i] = 0.0;
        negative_sum[i] = 0.0;
        theta_start[i] = theta[i];
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(
    theta: &mut [f32],
    g: &[f32],
    scale: &mut [f32],
    abs_sum: &mut [f32],
    reward: &mut [f32],
    negative_sum: &mut [f32],
    theta_start: &[f32],
    _t: i64,
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(g.len() == n && scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && theta_start.len() == n, "every slice must be as long as theta");
    let Hyper { lr, alpha, weight_decay, .. } = *hyper;
    let zero = (0.0) as f32;
    let lr = lr as f32;
    let weight_decay = weight_decay as f32;
    let alpha = alpha as f32;
    for i in 0..n {
        let g_scaled = lr * (g[i] + weight_decay * theta[i]);
        scale[i] = maximum_f32(scale[i], f32::abs(g_scaled));
        abs_sum[i] = abs_sum[i] + f32::abs(g_scaled);
        reward[i] = maximum_f32(reward[i] - g_scaled * (theta[i] - theta_start[i]), zero);
        negative_sum[i] = negative_sum[i] - g_scaled;
        let change = theta_start[i] + negative_sum[i] / (scale[i] * maximum_f32(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]) - theta[i]; // rounded: an update is what is added
        theta[i] = theta[i] + change;
    }
}

// Generated from the formula by: refopt generate cocob/bet --to rust
// Fingerprint of the formula: bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b
//
// COCOB that keeps its bet, and not where it started.
//
//     scale        <- max(scale, abs(g))
//     abs_sum      <- abs_sum + abs(g)
//     reward       <- max(reward - g*bet, 0)
//     negative_sum <- negative_sum - g
//     unmoved      <- theta - bet
//     bet          <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
//     theta        <- unmoved + bet
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: theta changes by the difference of two bets.
//
// Hyperparameters:
//     alpha  about how many updates the bets are held small; 0 <= alpha; default 100
//     eps    keeps the division finite; 0 <= eps; default 1e-8
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// about how many updates the bets are held small; 0 <= alpha
    pub alpha: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { alpha: 100.0, eps: 1e-08 }
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
    bet: &mut [f64],
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && bet.len() == n, "every slice must be as long as theta");
    let Hyper { eps, .. } = *hyper;
    let eps_0 = eps;
    for i in 0..n {
        scale[i] = eps_0;
        abs_sum[i] = 0.0;
        reward[i] = 0.0;
        negative_sum[i] = 0.0;
        bet[i] = 0.0;
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
    bet: &mut [f64],
    _t: i64,
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(g.len() == n && scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && bet.len() == n, "every slice must be as long as theta");
    let Hyper { alpha, .. } = *hyper;
    let zero = 0.0;
    for i in 0..n {
        scale[i] = maximum_f64(scale[i], f64::abs(g[i]));
        abs_sum[i] = abs_sum[i] + f64::abs(g[i]);
        reward[i] = maximum_f64(reward[i] - g[i] * bet[i], zero);
        negative_sum[i] = negative_sum[i] - g[i];
        let unmoved = theta[i] - bet[i]; // where theta started, as it was rounded since
        bet[i] = negative_sum[i] / (scale[i] * maximum_f64(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]);
        theta[i] = unmoved + bet[i];
    }
}

/// The state before the first update.
pub fn init_f32(
    theta: &[f32],
    scale: &mut [f32],
    abs_sum: &mut [f32],
    reward: &mut [f32],
    negative_sum: &mut [f32],
    bet: &mut [f32],
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && bet.len() == n, "every slice must be as long as theta");
    let Hyper { eps, .. } = *hyper;
    let eps_0 = eps as f32;
    for i in 0..n {
        scale[i] = eps_0;
        abs_sum[i] = 0.0;
        reward[i] = 0.0;
        negative_sum[i] = 0.0;
        bet[i] = 0.0;
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
    bet: &mut [f32],
    _t: i64,
    hyper: &Hyper,
) {
    let n = theta.len();
    assert!(g.len() == n && scale.len() == n && abs_sum.len() == n && reward.len() == n && negative_sum.len() == n && bet.len() == n, "every slice must be as long as theta");
    let Hyper { alpha, .. } = *hyper;
    let zero = (0.0) as f32;
    let alpha = alpha as f32;
    for i in 0..n {
        scale[i] = maximum_f32(scale[i], f32::abs(g[i]));
        abs_sum[i] = abs_sum[i] + f32::abs(g[i]);
        reward[i] = maximum_f32(reward[i] - g[i] * bet[i], zero);
        negative_sum[i] = negative_sum[i] - g[i];
        let unmoved = theta[i] - bet[i]; // where theta started, as it was rounded since
        bet[i] = negative_sum[i] / (scale[i] * maximum_f32(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]);
        theta[i] = unmoved + bet[i];
    }
}

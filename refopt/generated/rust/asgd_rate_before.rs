// Generated from the formula by: refopt generate asgd/rate_before --to rust
// Fingerprint of the formula: 60aca35d9b798da16d0557cabc886dbb9e6cb03f1fbe3ab2d4e95d5887a4adbf
//
// ASGD whose rate was made at the update before.
//
//     rate  <- where(t = 1, lr, eta)
//     theta <- theta*(1 - lambd*rate) - rate*g
//     ax    <- ax + mu*(theta - ax)
//     eta   <- lr / (1 + lambd*lr*t)^alpha
//     mu    <- 1 / max(1, t - averaged_after)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
// Differs from asgd: a changed rate acts one update late.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     lambd           decay of the weights, and of the rate; 0 <= lambd; default 0.0001
//     alpha           exponent of the fall of the rate; 0 <= alpha; default 0.75
//     averaged_after  the update after which the average begins; 0 <= averaged_after; default 1000000
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// decay of the weights, and of the rate; 0 <= lambd
    pub lambd: f64,
    /// exponent of the fall of the rate; 0 <= alpha
    pub alpha: f64,
    /// the update after which the average begins; 0 <= averaged_after
    pub averaged_after: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, lambd: 0.0001, alpha: 0.75, averaged_after: 1000000.0 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], ax: &mut [f64], eta: &mut f64, mu: &mut f64) {
    let n = theta.len();
    assert!(ax.len() == n, "every slice must be as long as theta");
    *eta = 0.0;
    *mu = 1.0;
    for i in 0..n {
        ax[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], ax: &mut [f64], eta: &mut f64, mu: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && ax.len() == n, "every slice must be as long as theta");
    let Hyper { lr, lambd, alpha, averaged_after } = *hyper;
    let kept_eta = eta;
    let kept_mu = mu;
    let eta = *kept_eta;
    let mu = *kept_mu;
    let mu_before = mu;
    let rate = if t == 1 { lr } else { eta };
    let eta = lr / f64::powf(1.0 + lambd * lr * (t as f64), alpha);
    let mu = 1.0 / maximum_f64(1.0, (t as f64) - averaged_after);
    *kept_eta = eta;
    *kept_mu = mu;
    let complement = 1.0 - lambd * rate;
    for i in 0..n {
        theta[i] = theta[i] * complement - rate * g[i];
        ax[i] = ax[i] + mu_before * (theta[i] - ax[i]);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], ax: &mut [f32], eta: &mut f64, mu: &mut f64) {
    let n = theta.len();
    assert!(ax.len() == n, "every slice must be as long as theta");
    *eta = 0.0;
    *mu = 1.0;
    for i in 0..n {
        ax[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], ax: &mut [f32], eta: &mut f64, mu: &mut f64, t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && ax.len() == n, "every slice must be as long as theta");
    let Hyper { lr, lambd, alpha, averaged_after } = *hyper;
    let kept_eta = eta;
    let kept_mu = mu;
    let eta = *kept_eta;
    let mu = *kept_mu;
    let mu_before = mu;
    let rate = if t == 1 { lr } else { eta };
    let eta = lr / f64::powf(1.0 + lambd * lr * (t as f64), alpha);
    let mu = 1.0 / maximum_f64(1.0, (t as f64) - averaged_after);
    *kept_eta = eta;
    *kept_mu = mu;
    let complement = (1.0 - lambd * rate) as f32;
    let rate = rate as f32;
    let mu_before = mu_before as f32;
    for i in 0..n {
        theta[i] = theta[i] * complement - rate * g[i];
        ax[i] = ax[i] + mu_before * (theta[i] - ax[i]);
    }
}

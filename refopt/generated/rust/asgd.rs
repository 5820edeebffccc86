// Generated from the formula by: refopt generate asgd --to rust
// Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
//
// Gradient descent with a falling rate, and the average of its parameters.
//
//     eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
//     mu    <- 1 / max(1, t - 1 - averaged_after)
//     theta <- theta*(1 - lambd*eta) - eta*g
//     ax    <- ax + mu*(theta - ax)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
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
pub fn init_f64(theta: &[f64], ax: &mut [f64]) {
    let n = theta.len();
    assert!(ax.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        ax[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], ax: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && ax.len() == n, "every slice must be as long as theta");
    let Hyper { lr, lambd, alpha, averaged_after } = *hyper;
    let eta = lr / f64::powf(1.0 + lambd * lr * ((t - 1) as f64), alpha);
    let mu = 1.0 / maximum_f64(1.0, ((t - 1) as f64) - averaged_after);
    let complement = 1.0 - lambd * eta;
    for i in 0..n {
        theta[i] = theta[i] * complement - eta * g[i];
        ax[i] = ax[i] + mu * (theta[i] - ax[i]);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], ax: &mut [f32]) {
    let n = theta.len();
    assert!(ax.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        ax[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], ax: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && ax.len() == n, "every slice must be as long as theta");
    let Hyper { lr, lambd, alpha, averaged_after } = *hyper;
    let eta = lr / f64::powf(1.0 + lambd * lr * ((t - 1) as f64), alpha);
    let mu = 1.0 / maximum_f64(1.0, ((t - 1) as f64) - averaged_after);
    let complement = (1.0 - lambd * eta) as f32;
    let eta = eta as f32;
    let mu = mu as f32;
    for i in 0..n {
        theta[i] = theta[i] * complement - eta * g[i];
        ax[i] = ax[i] + mu * (theta[i] - ax[i]);
    }
}

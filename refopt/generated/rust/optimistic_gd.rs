// Generated from the formula by: refopt generate optimistic_gd --to rust
// Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
//
// Gradient descent that guesses the next gradient from the last change.
//
//     d        <- where(t > 1, g_before, g)
//     theta    <- theta - lr*((alpha + beta)*g - beta*d)
//     g_before <- g
//
// Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     alpha  weight of the gradient; 0 <= alpha; default 1
//     beta   weight of the change of the gradient; 0 <= beta; default 1
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// weight of the gradient; 0 <= alpha
    pub alpha: f64,
    /// weight of the change of the gradient; 0 <= beta
    pub beta: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, alpha: 1.0, beta: 1.0 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], g_before: &mut [f64]) {
    let n = theta.len();
    assert!(g_before.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], g_before: &mut [f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, alpha, beta } = *hyper;
    let alpha_plus_beta = alpha + beta;
    for i in 0..n {
        let d = if t > 1 { g_before[i] } else { g[i] };
        theta[i] = theta[i] - lr * (alpha_plus_beta * g[i] - beta * d);
        g_before[i] = g[i];
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], g_before: &mut [f32]) {
    let n = theta.len();
    assert!(g_before.len() == n, "every slice must be as long as theta");
    for i in 0..n {
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], g_before: &mut [f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, alpha, beta } = *hyper;
    let alpha_plus_beta = (alpha + beta) as f32;
    let lr = lr as f32;
    let beta = beta as f32;
    for i in 0..n {
        let d = if t > 1 { g_before[i] } else { g[i] };
        theta[i] = theta[i] - lr * (alpha_plus_beta * g[i] - beta * d);
        g_before[i] = g[i];
    }
}

// Generated from the formula by: refopt generate adagrad/eps_in_sqrt --to rust
// Fingerprint of the formula: caf158c9a73f25f446cfb3d1cf9e55dcc427a87910dd790d66317f119ba07606
//
// Adagrad with epsilon under the root.
//
//     s     <- s + g^2
//     theta <- theta - lr * g / sqrt(s + eps)
//
// Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.
// Differs from adagrad: eps under the root.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.01
//     eps  keeps the division finite; 0 <= eps; default 1e-10
//     s0   what the sum of squares starts from; 0 <= s0; default 0
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// keeps the division finite; 0 <= eps
    pub eps: f64,
    /// what the sum of squares starts from; 0 <= s0
    pub s0: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, eps: 1e-10, s0: 0.0 }
    }
}

/// The state before the first update.
pub fn init_f64(theta: &[f64], s: &mut [f64], hyper: &Hyper) {
    let n = theta.len();
    assert!(s.len() == n, "every slice must be as long as theta");
    let Hyper { s0, .. } = *hyper;
    let s0_0 = s0;
    for i in 0..n {
        s[i] = s0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], s: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n, "every slice must be as long as theta");
    let Hyper { lr, eps, .. } = *hyper;
    for i in 0..n {
        s[i] = s[i] + g[i] * g[i];
        theta[i] = theta[i] - lr * g[i] / f64::sqrt(s[i] + eps);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], s: &mut [f32], hyper: &Hyper) {
    let n = theta.len();
    assert!(s.len() == n, "every slice must be as long as theta");
    let Hyper { s0, .. } = *hyper;
    let s0_0 = s0 as f32;
    for i in 0..n {
        s[i] = s0_0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], s: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && s.len() == n, "every slice must be as long as theta");
    let Hyper { lr, eps, .. } = *hyper;
    let lr = lr as f32;
    let eps = eps as f32;
    for i in 0..n {
        s[i] = s[i] + g[i] * g[i];
        theta[i] = theta[i] - lr * g[i] / f32::sqrt(s[i] + eps);
    }
}

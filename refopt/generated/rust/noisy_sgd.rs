// Generated from the formula by: refopt generate noisy_sgd --to rust
// Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
//
// A step against the gradient with noise that fades.
//
//     theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)
//
// Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     noise_variance  variance of the first noise; 0 <= noise_variance; default 0.01
//     noise_decay     how fast the variance falls; 0 <= noise_decay; default 0.55
//
// Given beside the gradient:
//     noise  noise: drawn anew at each update, of variance 1
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// step size; 0 <= lr
    pub lr: f64,
    /// variance of the first noise; 0 <= noise_variance
    pub noise_variance: f64,
    /// how fast the variance falls; 0 <= noise_decay
    pub noise_decay: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, noise_variance: 0.01, noise_decay: 0.55 }
    }
}

/// The state before the first update.
pub fn init_f64(_theta: &[f64]) {}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], noise: &[f64], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && noise.len() == n, "every slice must be as long as theta");
    let Hyper { lr, noise_variance, noise_decay } = *hyper;
    let root_of_coefficient_of_noise_variance_and_t_and_noise_decay = f64::sqrt(noise_variance / f64::powf(t as f64, noise_decay));
    for i in 0..n {
        theta[i] = theta[i] - lr * (g[i] + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]);
    }
}

/// The state before the first update.
pub fn init_f32(_theta: &[f32]) {}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], noise: &[f32], t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && noise.len() == n, "every slice must be as long as theta");
    let Hyper { lr, noise_variance, noise_decay } = *hyper;
    let root_of_coefficient_of_noise_variance_and_t_and_noise_decay = f64::sqrt(noise_variance / f64::powf(t as f64, noise_decay)) as f32;
    let lr = lr as f32;
    for i in 0..n {
        theta[i] = theta[i] - lr * (g[i] + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]);
    }
}

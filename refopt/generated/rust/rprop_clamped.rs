// Generated from the formula by: refopt generate rprop/clamped --to rust
// Fingerprint of the formula: 3770380488948ae08afca96f1f1cb46c2e25aa1bef1271d1afd98968cef4fefe
//
// Rprop whose step is held between its limits at every update.
//
//     p            <- g*g_before
//     update_value <- min(step_max, max(step_min, where(p > 0, update_value*eta_plus, where(p < 0, update_value*eta_minus,
//             update_value))))
//     g_before     <- where(p < 0, 0, g)
//     theta        <- theta - update_value*sign(g_before)
//
// Source: Igel & Huesken 2003, iRprop-, every Delta_0 is lr, doi:10.1016/S0925-2312(01)00700-7.
// Differs from rprop: both limits hold wherever a step is made, the first one too.
//
// Hyperparameters:
//     lr         the step that every element starts from; 0 <= lr; default 0.01
//     eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1; default 0.5
//     eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus; default 1.2
//     step_min   the least step that a change of sign leaves; 0 <= step_min; default 0.000001
//     step_max   the largest step that the same sign gives; 0 < step_max; default 50
//
// No crates. A step changes theta and the state in place; slices of another length panic. Scalars are formed in f64 and
// rounded once to the slices' format. Bits are those of every other backend where only + - * / sqrt are used: Rust
// contracts nothing by itself.

/// Hyperparameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// the step that every element starts from; 0 <= lr
    pub lr: f64,
    /// what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1
    pub eta_minus: f64,
    /// what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus
    pub eta_plus: f64,
    /// the least step that a change of sign leaves; 0 <= step_min
    pub step_min: f64,
    /// the largest step that the same sign gives; 0 < step_max
    pub step_max: f64,
}

impl Default for Hyper {
    fn default() -> Self {
        Hyper { lr: 0.01, eta_minus: 0.5, eta_plus: 1.2, step_min: 1e-06, step_max: 50.0 }
    }
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The smaller one; NaN where one is NaN.
fn minimum_f64(a: f64, b: f64) -> f64 { if a <= b || a.is_nan() { a } else { b } }
fn minimum_f32(a: f32, b: f32) -> f32 { if a <= b || a.is_nan() { a } else { b } }

fn sign_f64(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
fn sign_f32(x: f32) -> f32 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }

/// The state before the first update.
pub fn init_f64(theta: &[f64], update_value: &mut [f64], g_before: &mut [f64], hyper: &Hyper) {
    let n = theta.len();
    assert!(update_value.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, .. } = *hyper;
    let lr_0 = lr;
    for i in 0..n {
        update_value[i] = lr_0;
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f64(theta: &mut [f64], g: &[f64], update_value: &mut [f64], g_before: &mut [f64], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && update_value.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { eta_minus, eta_plus, step_min, step_max, .. } = *hyper;
    let zero = 0.0;
    for i in 0..n {
        let p = g[i] * g_before[i];
        update_value[i] = minimum_f64(step_max, maximum_f64(step_min, if p > zero { update_value[i] * eta_plus } else { if p < zero { update_value[i] * eta_minus } else { update_value[i] } }));
        g_before[i] = if p < zero { zero } else { g[i] };
        theta[i] = theta[i] - update_value[i] * sign_f64(g_before[i]);
    }
}

/// The state before the first update.
pub fn init_f32(theta: &[f32], update_value: &mut [f32], g_before: &mut [f32], hyper: &Hyper) {
    let n = theta.len();
    assert!(update_value.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { lr, .. } = *hyper;
    let lr_0 = lr as f32;
    for i in 0..n {
        update_value[i] = lr_0;
        g_before[i] = 0.0;
    }
}

/// Update t = 1, 2, ...; g is the gradient at theta.
pub fn step_f32(theta: &mut [f32], g: &[f32], update_value: &mut [f32], g_before: &mut [f32], _t: i64, hyper: &Hyper) {
    let n = theta.len();
    assert!(g.len() == n && update_value.len() == n && g_before.len() == n, "every slice must be as long as theta");
    let Hyper { eta_minus, eta_plus, step_min, step_max, .. } = *hyper;
    let zero = (0.0) as f32;
    let step_max = step_max as f32;
    let step_min = step_min as f32;
    let eta_plus = eta_plus as f32;
    let eta_minus = eta_minus as f32;
    for i in 0..n {
        let p = g[i] * g_before[i];
        update_value[i] = minimum_f32(step_max, maximum_f32(step_min, if p > zero { update_value[i] * eta_plus } else { if p < zero { update_value[i] * eta_minus } else { update_value[i] } }));
        g_before[i] = if p < zero { zero } else { g[i] };
        theta[i] = theta[i] - update_value[i] * sign_f32(g_before[i]);
    }
}

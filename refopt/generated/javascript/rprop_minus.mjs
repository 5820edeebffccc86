// Generated from the formula by: refopt generate rprop/minus --to javascript
// Fingerprint of the formula: de6b9eb857f7e0824e728b6ad2cf6b0998bb92412dd0188a9f39c448b1c8bda7
//
// Rprop without backtracking that goes on with the new sign at once (Rprop-).
//
//     p            <- g*g_before
//     update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
//             step_min), update_value))
//     g_before     <- g
//     theta        <- theta - update_value*sign(g_before)
//
// Source: Igel & Huesken 2003, Rprop-, Riedmiller's of 1994, doi:10.1016/S0925-2312(01)00700-7.
// Differs from rprop: the gradient whose sign has changed is used and kept.
//
// Hyperparameters:
//     lr         the step that every element starts from; 0 <= lr; default 0.01
//     eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1; default 0.5
//     eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus; default 1.2
//     step_min   the least step that a change of sign leaves; 0 <= step_min; default 0.000001
//     step_max   the largest step that the same sign gives; 0 < step_max; default 50
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, eta_minus: 0.5, eta_plus: 1.2, step_min: 1e-06, step_max: 50 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { lr } = { ...defaults, ...hyper };
  return { update_value: new theta.constructor(theta.length).fill(lr), g_before: new theta.constructor(theta.length) };
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, state, t, hyper = {}) {
  check(theta, { g, ...state }, t);
  const update = theta instanceof Float32Array ? float32 : float64;
  update(theta, g, state, t, { ...defaults, ...hyper });
}

function check(theta, others, t) {
  if (!(theta instanceof Float64Array || theta instanceof Float32Array)) throw new TypeError("theta must be a Float64Array or a Float32Array");
  for (const [name, x] of Object.entries(others)) {
    if (x?.constructor !== theta.constructor || x.length !== theta.length) throw new TypeError(`${name} must be a ${theta.constructor.name} as long as theta`);
  }
  if (!Number.isSafeInteger(t) || t < 1) throw new RangeError(`t = ${t}: updates are counted 1, 2, 3, ...`);
}

function float64(theta, g, { update_value, g_before }, t, { eta_minus, eta_plus, step_min, step_max }) {
  const zero = 0;
  for (let i = 0; i < theta.length; i++) {
    const p = g[i] * g_before[i];
    update_value[i] = p > zero ? Math.min(update_value[i] * eta_plus, step_max) : (p < zero ? Math.max(update_value[i] * eta_minus, step_min) : update_value[i]);
    g_before[i] = g[i];
    theta[i] = theta[i] - update_value[i] * Math.sign(g_before[i]);
  }
}

function float32(theta, g, { update_value, g_before }, t, { eta_minus, eta_plus, step_min, step_max }) {
  const zero = f(0);
  eta_plus = f(eta_plus);
  step_max = f(step_max);
  eta_minus = f(eta_minus);
  step_min = f(step_min);
  for (let i = 0; i < theta.length; i++) {
    const p = f(g[i] * g_before[i]);
    update_value[i] = p > zero ? Math.min(f(update_value[i] * eta_plus), step_max) : (p < zero ? Math.max(f(update_value[i] * eta_minus), step_min) : update_value[i]);
    g_before[i] = g[i];
    theta[i] = f(theta[i] - f(update_value[i] * Math.sign(g_before[i])));
  }
}

// Generated from the formula by: refopt generate rprop/plus --to javascript
// Fingerprint of the formula: e44f62fa6af13f27e091c8fe16575ca5255ebd9ced1970049db59d1327232084
//
// Rprop with weight backtracking (Rprop+).
//
//     p            <- g*g_before
//     update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
//             step_min), update_value))
//     g_before     <- where(p < 0, 0, g)
//     last_change  <- where(p < 0, -last_change, -update_value*sign(g))
//     theta        <- theta + last_change
//
// Source: Riedmiller & Braun 1993, Rprop, every Delta_0 is lr, doi:10.1109/ICNN.1993.298623.
// Differs from rprop: where the sign has changed, the step before is taken back.
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
  return { update_value: new theta.constructor(theta.length).fill(lr), g_before: new theta.constructor(theta.length), last_change: new theta.constructor(theta.length) };
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

function float64(theta, g, { update_value, g_before, last_change }, t, { eta_minus, eta_plus, step_min, step_max }) {
  const zero = 0;
  for (let i = 0; i < theta.length; i++) {
    const p = g[i] * g_before[i];
    update_value[i] = p > zero ? Math.min(update_value[i] * eta_plus, step_max) : (p < zero ? Math.max(update_value[i] * eta_minus, step_min) : update_value[i]);
    g_before[i] = p < zero ? zero : g[i];
    last_change[i] = p < zero ? -last_change[i] : -(update_value[i] * Math.sign(g[i]));
    theta[i] = theta[i] + last_change[i];
  }
}

function float32(theta, g, { update_value, g_before, last_change }, t, { eta_minus, eta_plus, step_min, step_max }) {
  const zero = f(0);
  eta_plus = f(eta_plus);
  step_max = f(step_max);
  eta_minus = f(eta_minus);
  step_min = f(step_min);
  for (let i = 0; i < theta.length; i++) {
    const p = f(g[i] * g_before[i]);
    update_value[i] = p > zero ? Math.min(f(update_value[i] * eta_plus), step_max) : (p < zero ? Math.max(f(update_value[i] * eta_minus), step_min) : update_value[i]);
    g_before[i] = p < zero ? zero : g[i];
    last_change[i] = p < zero ? -last_change[i] : -f(update_value[i] * Math.sign(g[i]));
    theta[i] = f(theta[i] + last_change[i]);
  }
}

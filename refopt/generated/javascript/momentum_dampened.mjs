// Generated from the formula by: refopt generate momentum/dampened --to javascript
// Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
//
// Momentum with a dampened gradient, learning rate outside.
//
//     v     <- momentum*v + (1 - dampening)*g
//     theta <- theta - lr*v
//
// Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
// Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.
//
// Hyperparameters:
//     lr         step size; 0 <= lr; default 0.01
//     momentum   share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     dampening  share of the gradient that is held back; 0 <= dampening < 1; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, momentum: 0.9, dampening: 0 };

// The state before the first update.
export function init(theta) {
  return { v: new theta.constructor(theta.length) };
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

function float64(theta, g, { v }, t, { lr, momentum, dampening }) {
  const one_minus_dampening = 1 - dampening;
  for (let i = 0; i < theta.length; i++) {
    v[i] = momentum * v[i] + one_minus_dampening * g[i];
    theta[i] = theta[i] - lr * v[i];
  }
}

function float32(theta, g, { v }, t, { lr, momentum, dampening }) {
  const one_minus_dampening = f(1 - dampening);
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + f(one_minus_dampening * g[i]));
    theta[i] = f(theta[i] - f(lr * v[i]));
  }
}

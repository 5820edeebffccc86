// Generated from the formula by: refopt generate sign_sgd --to javascript
// Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
//
// A step of the same length in every element that has a gradient.
//
//     theta <- theta - lr*sign(g)
//
// Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.
//
// Hyperparameters:
//     lr  step size; 0 <= lr; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01 };

// The state before the first update.
export function init(theta) {
  return {};
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, state, t, hyper = {}) {
  check(theta, { g }, t);
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

function float64(theta, g, {}, t, { lr }) {
  for (let i = 0; i < theta.length; i++) {
    theta[i] = theta[i] - lr * Math.sign(g[i]);
  }
}

function float32(theta, g, {}, t, { lr }) {
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(theta[i] - f(lr * Math.sign(g[i])));
  }
}

// Generated from the formula by: refopt generate sgd --to javascript
// Fingerprint of the formula: 8d59e9dc8427d44f3156bbb8d086b8b1aa49d4cc683f97210bb0d61b90e2736f
//
// Gradient descent: batch, stochastic or mini-batch.
//
//     theta <- theta - lr*g
//
// Source: Robbins & Monro 1951, section 2, the recursion, doi:10.1214/aoms/1177729586.
// Source: Cauchy 1847, the method of descent, Comptes rendus 25:536-538.
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
    theta[i] = theta[i] - lr * g[i];
  }
}

function float32(theta, g, {}, t, { lr }) {
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(theta[i] - f(lr * g[i]));
  }
}

// Generated from the formula by: refopt generate rmsprop/corrected --to javascript
// Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
//
// RMSProp with bias correction.
//
//     v     <- rho*v + (1 - rho)*g^2
//     v_hat <- v / (1 - rho^t)
//     theta <- theta - lr * g / (sqrt(v_hat) + eps)
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: the mean square is corrected for its start at 0.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.001
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-8
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, rho: 0.9, eps: 1e-08 };

// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

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

function float64(theta, g, { v }, t, { lr, rho, eps }) {
  const one_minus_rho = 1 - rho;
  const bias_correction_rho = 1 - power(rho, t);
  for (let i = 0; i < theta.length; i++) {
    v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
    const v_hat = v[i] / bias_correction_rho;
    theta[i] = theta[i] - lr * g[i] / (Math.sqrt(v_hat) + eps);
  }
}

function float32(theta, g, { v }, t, { lr, rho, eps }) {
  const one_minus_rho = f(1 - rho);
  const bias_correction_rho = f(1 - power(rho, t));
  rho = f(rho);
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(rho * v[i]) + f(one_minus_rho * f(g[i] * g[i])));
    const v_hat = f(v[i] / bias_correction_rho);
    theta[i] = f(theta[i] - f(f(lr * g[i]) / f(f(Math.sqrt(v_hat)) + eps)));
  }
}

// Generated from the formula by: refopt generate ftrl/l2_doubled --to javascript
// Fingerprint of the formula: b72b063864e1e890c11dd275c0c9185a317077debaf3e510f631843c3f4b1ed1
//
// FTRL whose penalty on the square counts twice.
//
//     n_before <- n
//     n        <- n + g^2
//     z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
//     theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + 2*l2)
//
// Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.
// Differs from ftrl: l2 counts twice.
//
// Hyperparameters:
//     lr    step size; 0 < lr; default 0.001
//     l1    strength of the penalty on the size; 0 <= l1; default 0
//     l2    strength of the penalty on the square; 0 <= l2; default 0
//     beta  what the rate is smoothed by; 0 <= beta; default 1
//     s0    what the sum of squares starts from; 0 <= s0; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, l1: 0, l2: 0, beta: 1, s0: 0 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { s0 } = { ...defaults, ...hyper };
  return { z: new theta.constructor(theta.length), n: new theta.constructor(theta.length).fill(s0) };
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

function float64(theta, g, { z, n }, t, { lr, l1, l2, beta }) {
  const coefficient_of_l1 = -l1;
  const coefficient_of_l2 = 2 * l2;
  for (let i = 0; i < theta.length; i++) {
    const n_before = n[i];
    n[i] = n[i] + g[i] * g[i];
    z[i] = z[i] + g[i] - (Math.sqrt(n[i]) - Math.sqrt(n_before)) / lr * theta[i];
    theta[i] = -((z[i] - Math.max(coefficient_of_l1, Math.min(l1, z[i]))) / ((beta + Math.sqrt(n[i])) / lr + coefficient_of_l2));
  }
}

function float32(theta, g, { z, n }, t, { lr, l1, l2, beta }) {
  const coefficient_of_l1 = f(-l1);
  const coefficient_of_l2 = f(2 * l2);
  lr = f(lr);
  l1 = f(l1);
  beta = f(beta);
  for (let i = 0; i < theta.length; i++) {
    const n_before = n[i];
    n[i] = f(n[i] + f(g[i] * g[i]));
    z[i] = f(f(z[i] + g[i]) - f(f(f(f(Math.sqrt(n[i])) - f(Math.sqrt(n_before))) / lr) * theta[i]));
    theta[i] = -f(f(z[i] - Math.max(coefficient_of_l1, Math.min(l1, z[i]))) / f(f(f(beta + f(Math.sqrt(n[i]))) / lr) + coefficient_of_l2));
  }
}

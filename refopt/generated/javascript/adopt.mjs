// Generated from the formula by: refopt generate adopt --to javascript
// Fingerprint of the formula: 04f821427e8c5bfe767af6f9cab77d68bb42038ceeef9cf1e38d763a8c4e8219
//
// Adam that normalizes by the second moment before it sees the gradient.
//
//     c     <- sqrt(sqrt(t - 1))
//     m     <- where(t > 1, beta1*m + (1 - beta1)*max(-c, min(c, g / max(sqrt(v), eps))), m)
//     v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
//     theta <- theta - lr*m
//
// Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.9999
//     eps    keeps the division finite; 0 <= eps; default 0.000001
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.9999, eps: 1e-06 };

// The state before the first update.
export function init(theta) {
  return { m: new theta.constructor(theta.length), v: new theta.constructor(theta.length) };
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

function float64(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  const c = Math.sqrt(Math.sqrt(t - 1));
  const one_minus_beta1 = 1 - beta1;
  const coefficient_of_c = -c;
  const one_minus_beta2 = 1 - beta2;
  for (let i = 0; i < theta.length; i++) {
    m[i] = t > 1 ? beta1 * m[i] + one_minus_beta1 * Math.max(coefficient_of_c, Math.min(c, g[i] / Math.max(Math.sqrt(v[i]), eps))) : m[i];  // v of the update before
    v[i] = t > 1 ? beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]) : g[i] * g[i];  // all that the first update does
    theta[i] = theta[i] - lr * m[i];
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  let c = Math.sqrt(Math.sqrt(t - 1));
  const one_minus_beta1 = f(1 - beta1);
  const coefficient_of_c = f(-c);
  const one_minus_beta2 = f(1 - beta2);
  beta1 = f(beta1);
  c = f(c);
  eps = f(eps);
  beta2 = f(beta2);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    m[i] = t > 1 ? f(f(beta1 * m[i]) + f(one_minus_beta1 * Math.max(coefficient_of_c, Math.min(c, f(g[i] / Math.max(f(Math.sqrt(v[i])), eps)))))) : m[i];  // v of the update before
    v[i] = t > 1 ? f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i]))) : f(g[i] * g[i]);  // all that the first update does
    theta[i] = f(theta[i] - f(lr * m[i]));
  }
}

// Generated from the formula by: refopt generate yogi --to javascript
// Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
//
// Adam whose second moment changes by the size of the squared gradient only.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- v - (1 - beta2)*sign(v - g^2)*g^2
//     theta <- theta - lr * m / (sqrt(v) + eps)
//
// Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 0.001
//     v0     what the second moment starts from; 0 <= v0; default 0.000001
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 0.001, v0: 1e-06 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { v0 } = { ...defaults, ...hyper };
  return { m: new theta.constructor(theta.length), v: new theta.constructor(theta.length).fill(v0) };
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
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    v[i] = v[i] - one_minus_beta2 * Math.sign(v[i] - g[i] * g[i]) * (g[i] * g[i]);
    theta[i] = theta[i] - lr * m[i] / (Math.sqrt(v[i]) + eps);
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  beta1 = f(beta1);
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    v[i] = f(v[i] - f(f(one_minus_beta2 * Math.sign(f(v[i] - f(g[i] * g[i])))) * f(g[i] * g[i])));
    theta[i] = f(theta[i] - f(f(lr * m[i]) / f(f(Math.sqrt(v[i])) + eps)));
  }
}

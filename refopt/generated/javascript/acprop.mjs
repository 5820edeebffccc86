// Generated from the formula by: refopt generate acprop --to javascript
// Fingerprint of the formula: 3ec05370738415d5cb8a858b10d98785f2014bccd9c6bdce7836e06225c7d69a
//
// The gradient over its deviation up to the update before.
//
//     theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
//     m     <- beta1*m + (1 - beta1)*g
//     s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
//
// Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     beta1     decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2     decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps       keeps the division finite; 0 <= eps; default 1e-16
//     eps_root  added to s at every update; 0 <= eps_root; default 1e-16
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16 };

// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

const square = (x) => x * x;

// The state before the first update.
export function init(theta) {
  return { m: new theta.constructor(theta.length), s: new theta.constructor(theta.length) };
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

function float64(theta, g, { m, s }, t, { lr, beta1, beta2, eps, eps_root }) {
  const complement = 1 - power(beta2, t - 1);
  const coefficient_of_eps = 1 + eps;
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  for (let i = 0; i < theta.length; i++) {
    theta[i] = theta[i] - lr * (t > 1 ? g[i] / (Math.sqrt(s[i] / complement) + eps) : g[i] / coefficient_of_eps);  // nothing is known before the first gradient
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    s[i] = beta2 * s[i] + one_minus_beta2 * square(g[i] - m[i]) + eps_root;
  }
}

function float32(theta, g, { m, s }, t, { lr, beta1, beta2, eps, eps_root }) {
  const complement = f(1 - power(beta2, t - 1));
  const coefficient_of_eps = f(1 + eps);
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  lr = f(lr);
  eps = f(eps);
  beta1 = f(beta1);
  beta2 = f(beta2);
  eps_root = f(eps_root);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(theta[i] - f(lr * (t > 1 ? f(g[i] / f(f(Math.sqrt(f(s[i] / complement))) + eps)) : f(g[i] / coefficient_of_eps))));  // nothing is known before the first gradient
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    s[i] = f(f(f(beta2 * s[i]) + f(one_minus_beta2 * f(square(f(g[i] - m[i]))))) + eps_root);
  }
}

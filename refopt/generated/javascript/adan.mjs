// Generated from the formula by: refopt generate adan --to javascript
// Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
//
// Adam with Nesterov momentum made of the gradient's change.
//
//     d        <- where(t > 1, g - g_before, 0*g)
//     m        <- beta1*m + (1 - beta1)*g
//     w        <- beta2*w + (1 - beta2)*d
//     n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
//     theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
//             lr*weight_decay)
//     g_before <- g
//
// Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the mean gradient; 0 <= beta1 < 1; default 0.98
//     beta2         decay of the mean change of the gradient; 0 <= beta2 < 1; default 0.92
//     beta3         decay of the mean square; 0 <= beta3 < 1; default 0.99
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.98, beta2: 0.92, beta3: 0.99, eps: 1e-08, weight_decay: 0.01 };

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
  return { m: new theta.constructor(theta.length), w: new theta.constructor(theta.length), n: new theta.constructor(theta.length), g_before: new theta.constructor(theta.length) };
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

function float64(theta, g, { m, w, n, g_before }, t, { lr, beta1, beta2, beta3, eps, weight_decay }) {
  const zero = 0;
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  const one_minus_beta3 = 1 - beta3;
  const bias_correction1 = 1 - power(beta1, t);
  const bias_correction2 = 1 - power(beta2, t);
  const bias_correction3 = 1 - power(beta3, t);
  const step_size = 1 + lr * weight_decay;
  for (let i = 0; i < theta.length; i++) {
    const d = t > 1 ? g[i] - g_before[i] : zero * g[i];
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    w[i] = beta2 * w[i] + one_minus_beta2 * d;
    n[i] = beta3 * n[i] + one_minus_beta3 * square(g[i] + beta2 * d);
    theta[i] = (theta[i] - lr * (m[i] / bias_correction1 + beta2 * w[i] / bias_correction2) / (Math.sqrt(n[i] / bias_correction3) + eps)) / step_size;
    g_before[i] = g[i];
  }
}

function float32(theta, g, { m, w, n, g_before }, t, { lr, beta1, beta2, beta3, eps, weight_decay }) {
  const zero = f(0);
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  const one_minus_beta3 = f(1 - beta3);
  const bias_correction1 = f(1 - power(beta1, t));
  const bias_correction2 = f(1 - power(beta2, t));
  const bias_correction3 = f(1 - power(beta3, t));
  const step_size = f(1 + lr * weight_decay);
  beta1 = f(beta1);
  beta2 = f(beta2);
  beta3 = f(beta3);
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    const d = t > 1 ? f(g[i] - g_before[i]) : f(zero * g[i]);
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    w[i] = f(f(beta2 * w[i]) + f(one_minus_beta2 * d));
    n[i] = f(f(beta3 * n[i]) + f(one_minus_beta3 * f(square(f(g[i] + f(beta2 * d))))));
    theta[i] = f(f(theta[i] - f(f(lr * f(f(m[i] / bias_correction1) + f(f(beta2 * w[i]) / bias_correction2))) / f(f(Math.sqrt(f(n[i] / bias_correction3))) + eps))) / step_size);
    g_before[i] = g[i];
  }
}

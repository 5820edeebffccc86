// Generated from the formula by: refopt generate adamw/adamc --to javascript
// Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
//
// AdamW whose decay falls with the square of a scheduled rate.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- beta2*v + (1 - beta2)*g^2
//     m_hat <- m / (1 - beta1^t)
//     v_hat <- v / (1 - beta2^t)
//     theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)
//
// Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
// Differs from adamw: the decay is lr^2/lr_max times weight_decay.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//     lr_max        the largest rate of the schedule; 0 < lr_max; default 0.001
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.01, lr_max: 0.001 };

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

function float64(theta, g, { m, v }, t, { lr, beta1, beta2, eps, weight_decay, lr_max }) {
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  const bias_correction1 = 1 - power(beta1, t);
  const bias_correction2 = 1 - power(beta2, t);
  const step_size = lr * lr / lr_max * weight_decay;
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
    const m_hat = m[i] / bias_correction1;  // t counts updates from 1
    const v_hat = v[i] / bias_correction2;
    theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (Math.sqrt(v_hat) + eps);
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps, weight_decay, lr_max }) {
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  const bias_correction1 = f(1 - power(beta1, t));
  const bias_correction2 = f(1 - power(beta2, t));
  const step_size = f(lr * lr / lr_max * weight_decay);
  beta1 = f(beta1);
  beta2 = f(beta2);
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    v[i] = f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i])));
    const m_hat = f(m[i] / bias_correction1);  // t counts updates from 1
    const v_hat = f(v[i] / bias_correction2);
    theta[i] = f(f(theta[i] - f(step_size * theta[i])) - f(f(lr * m_hat) / f(f(Math.sqrt(v_hat)) + eps)));
  }
}

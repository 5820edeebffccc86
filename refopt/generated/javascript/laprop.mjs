// Generated from the formula by: refopt generate laprop --to javascript
// Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
//
// Momentum of the normalized gradient.
//
//     v     <- beta2*v + (1 - beta2)*g^2
//     v_hat <- v / (1 - beta2^t)
//     m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
//     theta <- theta - m / (1 - beta1^t)
//
// Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.0004
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 1e-15
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.0004, beta1: 0.9, beta2: 0.999, eps: 1e-15 };

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

function float64(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  const one_minus_beta2 = 1 - beta2;
  const bias_correction2 = 1 - power(beta2, t);
  const step_size = lr * (1 - beta1);
  const bias_correction1 = 1 - power(beta1, t);
  for (let i = 0; i < theta.length; i++) {
    v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
    const v_hat = v[i] / bias_correction2;
    m[i] = beta1 * m[i] + step_size * g[i] / (Math.sqrt(v_hat) + eps);
    theta[i] = theta[i] - m[i] / bias_correction1;
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  const one_minus_beta2 = f(1 - beta2);
  const bias_correction2 = f(1 - power(beta2, t));
  const step_size = f(lr * (1 - beta1));
  const bias_correction1 = f(1 - power(beta1, t));
  beta2 = f(beta2);
  beta1 = f(beta1);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i])));
    const v_hat = f(v[i] / bias_correction2);
    m[i] = f(f(beta1 * m[i]) + f(f(step_size * g[i]) / f(f(Math.sqrt(v_hat)) + eps)));
    theta[i] = f(theta[i] - f(m[i] / bias_correction1));
  }
}

// Generated from the formula by: refopt generate yogi/m0 --to javascript
// Fingerprint of the formula: 3f2ce99d721dbc9f168f5494a1fde47b03daa5ea2b9075aec591e4ab92ae7eed
//
// Yogi with the bias corrections of Adam, both moments starting from v0.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- v - (1 - beta2)*sign(v - g^2)*g^2
//     m_hat <- m / (1 - beta1^t)
//     v_hat <- v / (1 - beta2^t)
//     theta <- theta - lr * m_hat / (sqrt(v_hat) + eps)
//
// Source: Zaheer et al. 2018, Algorithm 2 with the bias corrections of Adam, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
// Differs from yogi: both moments are corrected; the first one starts from v0 too.
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
export function init(theta, hyper = {}) {
  const { v0 } = { ...defaults, ...hyper };
  return { m: new theta.constructor(theta.length).fill(v0), v: new theta.constructor(theta.length).fill(v0) };
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
  const bias_correction1 = 1 - power(beta1, t);
  const bias_correction2 = 1 - power(beta2, t);
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    v[i] = v[i] - one_minus_beta2 * Math.sign(v[i] - g[i] * g[i]) * (g[i] * g[i]);
    const m_hat = m[i] / bias_correction1;  // t counts updates from 1
    const v_hat = v[i] / bias_correction2;
    theta[i] = theta[i] - lr * m_hat / (Math.sqrt(v_hat) + eps);
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  const bias_correction1 = f(1 - power(beta1, t));
  const bias_correction2 = f(1 - power(beta2, t));
  beta1 = f(beta1);
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    v[i] = f(v[i] - f(f(one_minus_beta2 * Math.sign(f(v[i] - f(g[i] * g[i])))) * f(g[i] * g[i])));
    const m_hat = f(m[i] / bias_correction1);  // t counts updates from 1
    const v_hat = f(v[i] / bias_correction2);
    theta[i] = f(theta[i] - f(f(lr * m_hat) / f(f(Math.sqrt(v_hat)) + eps)));
  }
}

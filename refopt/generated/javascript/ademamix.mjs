// Generated from the formula by: refopt generate ademamix --to javascript
// Fingerprint of the formula: 80e23cc16c4343032029a2fb54b5c43140d2b6472e4865a9044afe7f2105bf56
//
// Adam with a fast and a slow average of the gradients.
//
//     m      <- beta1*m + (1 - beta1)*g
//     v      <- beta2*v + (1 - beta2)*g^2
//     m_slow <- beta3*m_slow + (1 - beta3)*g
//     m_hat  <- m / (1 - beta1^t)
//     v_hat  <- v / (1 - beta2^t)
//     theta  <- theta - lr*((m_hat + alpha*m_slow) / (sqrt(v_hat) + eps) + weight_decay*theta)
//
// Source: Pagliardini, Ablin & Grangier 2024, Algorithm 1 with alpha and beta3 constant, arXiv:2409.03137.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     beta3         decay of the slow average; 0 <= beta3 < 1; default 0.9999
//     alpha         weight of the slow average; 0 <= alpha; default 5
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08, beta3: 0.9999, alpha: 5, weight_decay: 0.01 };

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
  return { m: new theta.constructor(theta.length), v: new theta.constructor(theta.length), m_slow: new theta.constructor(theta.length) };
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

function float64(theta, g, { m, v, m_slow }, t, { lr, beta1, beta2, eps, beta3, alpha, weight_decay }) {
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  const one_minus_beta3 = 1 - beta3;
  const bias_correction1 = 1 - power(beta1, t);
  const bias_correction2 = 1 - power(beta2, t);
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
    m_slow[i] = beta3 * m_slow[i] + one_minus_beta3 * g[i];  // never corrected
    const m_hat = m[i] / bias_correction1;  // t counts updates from 1
    const v_hat = v[i] / bias_correction2;
    theta[i] = theta[i] - lr * ((m_hat + alpha * m_slow[i]) / (Math.sqrt(v_hat) + eps) + weight_decay * theta[i]);
  }
}

function float32(theta, g, { m, v, m_slow }, t, { lr, beta1, beta2, eps, beta3, alpha, weight_decay }) {
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  const one_minus_beta3 = f(1 - beta3);
  const bias_correction1 = f(1 - power(beta1, t));
  const bias_correction2 = f(1 - power(beta2, t));
  beta1 = f(beta1);
  beta2 = f(beta2);
  beta3 = f(beta3);
  lr = f(lr);
  alpha = f(alpha);
  eps = f(eps);
  weight_decay = f(weight_decay);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    v[i] = f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i])));
    m_slow[i] = f(f(beta3 * m_slow[i]) + f(one_minus_beta3 * g[i]));  // never corrected
    const m_hat = f(m[i] / bias_correction1);  // t counts updates from 1
    const v_hat = f(v[i] / bias_correction2);
    theta[i] = f(theta[i] - f(lr * f(f(f(m_hat + f(alpha * m_slow[i])) / f(f(Math.sqrt(v_hat)) + eps)) + f(weight_decay * theta[i]))));
  }
}

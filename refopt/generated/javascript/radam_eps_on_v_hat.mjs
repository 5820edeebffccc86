// Generated from the formula by: refopt generate radam/eps_on_v_hat --to javascript
// Fingerprint of the formula: 704881983699dea20b3e0f37dc011feaf50a1a68d3c7cc670506a23ddd5506fc
//
// RAdam with epsilon added after the bias correction.
//
//     m       <- beta1*m + (1 - beta1)*g
//     v       <- beta2*v + (1 - beta2)*g^2
//     rho_inf <- 2 / (1 - beta2) - 1
//     rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
//     r       <- where(rho_t >= 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
//     m_hat   <- m / (1 - beta1^t)
//     v_hat   <- v / (1 - beta2^t)
//     theta   <- theta - lr*where(rho_t >= 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)
//
// Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v_hat, arXiv:1908.03265.
// Differs from radam: eps after the bias correction.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 1e-8
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-08 };

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
  const rho_inf = 2 / (1 - beta2) - 1;
  const rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t));
  const r = rho_t >= 5 ? Math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) : 1;
  const condition = rho_t >= 5;
  const one_minus_beta1 = 1 - beta1;
  const one_minus_beta2 = 1 - beta2;
  const bias_correction1 = 1 - power(beta1, t);
  const bias_correction2 = 1 - power(beta2, t);
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
    const m_hat = m[i] / bias_correction1;  // t counts updates from 1
    const v_hat = v[i] / bias_correction2;
    theta[i] = theta[i] - lr * (condition ? r * m_hat / (Math.sqrt(v_hat) + eps) : m_hat);
  }
}

function float32(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  let rho_inf = 2 / (1 - beta2) - 1;
  let rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t));
  let r = rho_t >= 5 ? Math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) : 1;
  const condition = rho_t >= 5;
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_beta2 = f(1 - beta2);
  const bias_correction1 = f(1 - power(beta1, t));
  const bias_correction2 = f(1 - power(beta2, t));
  beta1 = f(beta1);
  beta2 = f(beta2);
  lr = f(lr);
  r = f(r);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    v[i] = f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i])));
    const m_hat = f(m[i] / bias_correction1);  // t counts updates from 1
    const v_hat = f(v[i] / bias_correction2);
    theta[i] = f(theta[i] - f(lr * (condition ? f(f(r * m_hat) / f(f(Math.sqrt(v_hat)) + eps)) : m_hat)));
  }
}

// Generated from the formula by: refopt generate adamaxw --to javascript
// Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
//
// AdaMax with decoupled weight decay.
//
//     m     <- beta1*m + (1 - beta1)*g
//     u     <- max(beta2*u, abs(g) + eps)
//     theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u
//
// Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.002
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the infinity norm; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0.01 };

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
  return { m: new theta.constructor(theta.length), u: new theta.constructor(theta.length) };
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

function float64(theta, g, { m, u }, t, { lr, beta1, beta2, eps, weight_decay }) {
  const one_minus_beta1 = 1 - beta1;
  const lr_times_weight_decay = lr * weight_decay;
  const step_size = lr / (1 - power(beta1, t));
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    u[i] = Math.max(beta2 * u[i], Math.abs(g[i]) + eps);
    theta[i] = theta[i] - lr_times_weight_decay * theta[i] - step_size * m[i] / u[i];
  }
}

function float32(theta, g, { m, u }, t, { lr, beta1, beta2, eps, weight_decay }) {
  const one_minus_beta1 = f(1 - beta1);
  const lr_times_weight_decay = f(lr * weight_decay);
  const step_size = f(lr / (1 - power(beta1, t)));
  beta1 = f(beta1);
  beta2 = f(beta2);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    u[i] = Math.max(f(beta2 * u[i]), f(Math.abs(g[i]) + eps));
    theta[i] = f(f(theta[i] - f(lr_times_weight_decay * theta[i])) - f(f(step_size * m[i]) / u[i]));
  }
}

// Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to javascript
// Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
//
// Schedule-free AdamW whose average weighs by the largest rate so far.
//
//     v          <- beta2*v + (1 - beta2)*g^2
//     v_hat      <- v / (1 - beta2^t)
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0025
//     beta1         share of x where g is taken; 0 < beta1 <= 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.0025, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: 0 };

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
  return { z: theta.map((x) => x), v: new theta.constructor(theta.length), weight_sum: 0, lr_max: 0 };
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, state, t, hyper = {}) {
  check(theta, { g, z: state.z, v: state.v }, t);
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

function float64(theta, g, state, t, { lr, beta1, beta2, eps, weight_decay }) {
  let { z, v, weight_sum, lr_max } = state;
  lr_max = Math.max(lr_max, lr);
  const weight = lr_max * lr_max;
  weight_sum = weight_sum + weight;
  const c = weight_sum > 0 ? weight / weight_sum : 0;
  state.weight_sum = weight_sum;
  state.lr_max = lr_max;
  const one_minus_beta2 = 1 - beta2;
  const bias_correction2 = 1 - power(beta2, t);
  const one_minus_beta1 = 1 - beta1;
  const lr_times_weight_decay = lr * weight_decay;
  const one_minus_c = 1 - c;
  for (let i = 0; i < theta.length; i++) {
    v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
    const v_hat = v[i] / bias_correction2;
    const x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
    z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (Math.sqrt(v_hat) + eps);
    const x = one_minus_c * x_before + c * z[i];
    theta[i] = one_minus_beta1 * z[i] + beta1 * x;
  }
}

function float32(theta, g, state, t, { lr, beta1, beta2, eps, weight_decay }) {
  let { z, v, weight_sum, lr_max } = state;
  lr_max = Math.max(lr_max, lr);
  let weight = lr_max * lr_max;
  weight_sum = weight_sum + weight;
  let c = weight_sum > 0 ? weight / weight_sum : 0;
  state.weight_sum = weight_sum;
  state.lr_max = lr_max;
  const one_minus_beta2 = f(1 - beta2);
  const bias_correction2 = f(1 - power(beta2, t));
  const one_minus_beta1 = f(1 - beta1);
  const lr_times_weight_decay = f(lr * weight_decay);
  const one_minus_c = f(1 - c);
  beta2 = f(beta2);
  beta1 = f(beta1);
  lr = f(lr);
  eps = f(eps);
  c = f(c);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(beta2 * v[i]) + f(one_minus_beta2 * f(g[i] * g[i])));
    const v_hat = f(v[i] / bias_correction2);
    const x_before = f(f(theta[i] - f(one_minus_beta1 * z[i])) / beta1);
    z[i] = f(f(z[i] - f(lr_times_weight_decay * theta[i])) - f(f(lr * g[i]) / f(f(Math.sqrt(v_hat)) + eps)));
    const x = f(f(one_minus_c * x_before) + f(c * z[i]));
    theta[i] = f(f(one_minus_beta1 * z[i]) + f(beta1 * x));
  }
}

// Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to javascript
// Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
//
// Schedule-free SGD whose average weighs by the largest rate so far.
//
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*g
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 1
//     beta1  share of x where g is taken; 0 < beta1 <= 1; default 0.9
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 1, beta1: 0.9 };

// The state before the first update.
export function init(theta) {
  return { z: theta.map((x) => x), weight_sum: 0, lr_max: 0 };
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, state, t, hyper = {}) {
  check(theta, { g, z: state.z }, t);
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

function float64(theta, g, state, t, { lr, beta1 }) {
  let { z, weight_sum, lr_max } = state;
  lr_max = Math.max(lr_max, lr);
  const weight = lr_max * lr_max;
  weight_sum = weight_sum + weight;
  const c = weight_sum > 0 ? weight / weight_sum : 0;
  state.weight_sum = weight_sum;
  state.lr_max = lr_max;
  const one_minus_beta1 = 1 - beta1;
  const one_minus_c = 1 - c;
  for (let i = 0; i < theta.length; i++) {
    const x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
    z[i] = z[i] - lr * g[i];
    const x = one_minus_c * x_before + c * z[i];
    theta[i] = one_minus_beta1 * z[i] + beta1 * x;
  }
}

function float32(theta, g, state, t, { lr, beta1 }) {
  let { z, weight_sum, lr_max } = state;
  lr_max = Math.max(lr_max, lr);
  let weight = lr_max * lr_max;
  weight_sum = weight_sum + weight;
  let c = weight_sum > 0 ? weight / weight_sum : 0;
  state.weight_sum = weight_sum;
  state.lr_max = lr_max;
  const one_minus_beta1 = f(1 - beta1);
  const one_minus_c = f(1 - c);
  beta1 = f(beta1);
  lr = f(lr);
  c = f(c);
  for (let i = 0; i < theta.length; i++) {
    const x_before = f(f(theta[i] - f(one_minus_beta1 * z[i])) / beta1);
    z[i] = f(z[i] - f(lr * g[i]));
    const x = f(f(one_minus_c * x_before) + f(c * z[i]));
    theta[i] = f(f(one_minus_beta1 * z[i]) + f(beta1 * x));
  }
}

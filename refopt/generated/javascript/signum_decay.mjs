// Generated from the formula by: refopt generate signum/decay --to javascript
// Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
//
// The sign of the momentum with decoupled weight decay (Tiger).
//
//     m     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(sign(m) + weight_decay*theta)
//
// Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
// Differs from signum: weight_decay*theta beside the sign.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     beta1         decay of the momentum; 0 <= beta1 < 1; default 0.9
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, beta1: 0.9, weight_decay: 0.01 };

// The state before the first update.
export function init(theta) {
  return { m: new theta.constructor(theta.length) };
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

function float64(theta, g, { m }, t, { lr, beta1, weight_decay }) {
  const one_minus_beta1 = 1 - beta1;
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
    theta[i] = theta[i] - lr * (Math.sign(m[i]) + weight_decay * theta[i]);
  }
}

function float32(theta, g, { m }, t, { lr, beta1, weight_decay }) {
  const one_minus_beta1 = f(1 - beta1);
  beta1 = f(beta1);
  lr = f(lr);
  weight_decay = f(weight_decay);
  for (let i = 0; i < theta.length; i++) {
    m[i] = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    theta[i] = f(theta[i] - f(lr * f(Math.sign(m[i]) + f(weight_decay * theta[i]))));
  }
}

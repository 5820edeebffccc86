// Generated from the formula by: refopt generate lion/no_zero --to javascript
// Fingerprint of the formula: 3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4
//
// Lion whose sign is 1 at zero.
//
//     c     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(where(c >= 0, 1, -1) + weight_decay*theta)
//     m     <- beta2*m + (1 - beta2)*g
//
// Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
// Differs from lion: the sign of 0 is 1: what has no gradient moves by the rate.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0001
//     beta1         share of the momentum in the step; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the momentum; 0 <= beta2 < 1; default 0.99
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.0001, beta1: 0.9, beta2: 0.99, weight_decay: 0 };

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

function float64(theta, g, { m }, t, { lr, beta1, beta2, weight_decay }) {
  const one_minus_beta1 = 1 - beta1;
  const zero = 0;
  const one = 1;
  const number_minus_1 = -1;
  const one_minus_beta2 = 1 - beta2;
  for (let i = 0; i < theta.length; i++) {
    const c = beta1 * m[i] + one_minus_beta1 * g[i];
    theta[i] = theta[i] - lr * ((c >= zero ? one : number_minus_1) + weight_decay * theta[i]);
    m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
  }
}

function float32(theta, g, { m }, t, { lr, beta1, beta2, weight_decay }) {
  const one_minus_beta1 = f(1 - beta1);
  const zero = f(0);
  const one = f(1);
  const number_minus_1 = f(-1);
  const one_minus_beta2 = f(1 - beta2);
  beta1 = f(beta1);
  lr = f(lr);
  weight_decay = f(weight_decay);
  beta2 = f(beta2);
  for (let i = 0; i < theta.length; i++) {
    const c = f(f(beta1 * m[i]) + f(one_minus_beta1 * g[i]));
    theta[i] = f(theta[i] - f(lr * f((c >= zero ? one : number_minus_1) + f(weight_decay * theta[i]))));
    m[i] = f(f(beta2 * m[i]) + f(one_minus_beta2 * g[i]));
  }
}

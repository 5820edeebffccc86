// Generated from the formula by: refopt generate sgdw/lr_inside --to javascript
// Fingerprint of the formula: daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108
//
// Momentum with decoupled weight decay, the rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - lr*weight_decay*theta - v
//
// Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, arXiv:1711.05101.
// Differs from sgdw: the velocity holds the rate.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, momentum: 0.9, weight_decay: 0.01 };

// The state before the first update.
export function init(theta) {
  return { v: new theta.constructor(theta.length) };
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

function float64(theta, g, { v }, t, { lr, momentum, weight_decay }) {
  const lr_times_weight_decay = lr * weight_decay;
  for (let i = 0; i < theta.length; i++) {
    v[i] = momentum * v[i] + lr * g[i];
    theta[i] = theta[i] - lr_times_weight_decay * theta[i] - v[i];
  }
}

function float32(theta, g, { v }, t, { lr, momentum, weight_decay }) {
  const lr_times_weight_decay = f(lr * weight_decay);
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + f(lr * g[i]));
    theta[i] = f(f(theta[i] - f(lr_times_weight_decay * theta[i])) - v[i]);
  }
}

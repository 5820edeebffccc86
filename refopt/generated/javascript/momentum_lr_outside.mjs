// Generated from the formula by: refopt generate momentum/lr_outside --to javascript
// Fingerprint of the formula: f3d75a9644c9393966ae1d2b9b1e8456121ee878ca50cfb38cd67f41095cb1dc
//
// Momentum, learning rate outside the velocity.
//
//     v     <- momentum*v + g
//     theta <- theta - lr*v
//
// Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
// Differs from momentum: a changed rate acts on the whole velocity at once.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.01
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, momentum: 0.9 };

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

function float64(theta, g, { v }, t, { lr, momentum }) {
  for (let i = 0; i < theta.length; i++) {
    v[i] = momentum * v[i] + g[i];
    theta[i] = theta[i] - lr * v[i];
  }
}

function float32(theta, g, { v }, t, { lr, momentum }) {
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + g[i]);
    theta[i] = f(theta[i] - f(lr * v[i]));
  }
}

// Generated from the formula by: refopt generate momentum/ema --to javascript
// Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
//
// Momentum as an average of the gradients.
//
//     v     <- momentum*v + (1 - momentum)*g
//     theta <- theta - lr*v
//
// Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
// Differs from momentum: the gradient enters (1 - momentum) times.
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
  const one_minus_momentum = 1 - momentum;
  for (let i = 0; i < theta.length; i++) {
    v[i] = momentum * v[i] + one_minus_momentum * g[i];
    theta[i] = theta[i] - lr * v[i];
  }
}

function float32(theta, g, { v }, t, { lr, momentum }) {
  const one_minus_momentum = f(1 - momentum);
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + f(one_minus_momentum * g[i]));
    theta[i] = f(theta[i] - f(lr * v[i]));
  }
}

// Generated from the formula by: refopt generate momentum --to javascript
// Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
//
// Momentum, learning rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - v
//
// Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
// Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.
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
    v[i] = momentum * v[i] + lr * g[i];
    theta[i] = theta[i] - v[i];
  }
}

function float32(theta, g, { v }, t, { lr, momentum }) {
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + f(lr * g[i]));
    theta[i] = f(theta[i] - v[i]);
  }
}

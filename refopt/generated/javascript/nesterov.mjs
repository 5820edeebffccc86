// Generated from the formula by: refopt generate nesterov --to javascript
// Fingerprint of the formula: a2c74295eb88ffad12bb99f42ee0ad92f700804286fdb1d709cfe5401befa919
//
// Nesterov momentum at the look-ahead point, learning rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - (momentum*v + lr*g)
//
// Source: Nesterov 1983, method (7), Doklady 269:543-547.
// Source: Sutskever et al. 2013, equations (3) and (4), at the look-ahead point, proceedings.mlr.press/v28/sutskever13.
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
    theta[i] = theta[i] - (momentum * v[i] + lr * g[i]);
  }
}

function float32(theta, g, { v }, t, { lr, momentum }) {
  momentum = f(momentum);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(momentum * v[i]) + f(lr * g[i]));
    theta[i] = f(theta[i] - f(f(momentum * v[i]) + f(lr * g[i])));
  }
}

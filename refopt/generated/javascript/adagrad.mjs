// Generated from the formula by: refopt generate adagrad --to javascript
// Fingerprint of the formula: 40d4a87244d8343f514ecfe92c33b846de27ebe7cdf1bddf201160d0e4d289e2
//
// A rate for each element, falling with the sum of its squared gradients.
//
//     s     <- s + g^2
//     theta <- theta - lr * g / (sqrt(s) + eps)
//
// Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.01
//     eps  keeps the division finite; 0 <= eps; default 1e-10
//     s0   what the sum of squares starts from; 0 <= s0; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, eps: 1e-10, s0: 0 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { s0 } = { ...defaults, ...hyper };
  return { s: new theta.constructor(theta.length).fill(s0) };
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

function float64(theta, g, { s }, t, { lr, eps }) {
  for (let i = 0; i < theta.length; i++) {
    s[i] = s[i] + g[i] * g[i];
    theta[i] = theta[i] - lr * g[i] / (Math.sqrt(s[i]) + eps);
  }
}

function float32(theta, g, { s }, t, { lr, eps }) {
  lr = f(lr);
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    s[i] = f(s[i] + f(g[i] * g[i]));
    theta[i] = f(theta[i] - f(f(lr * g[i]) / f(f(Math.sqrt(s[i])) + eps)));
  }
}

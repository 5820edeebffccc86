// Generated from the formula by: refopt generate adagrad/lr_decay --to javascript
// Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
//
// Adagrad whose rate falls with the number of updates too.
//
//     s     <- s + g^2
//     theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)
//
// Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
// Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.01
//     eps       keeps the division finite; 0 <= eps; default 1e-10
//     s0        what the sum of squares starts from; 0 <= s0; default 0
//     lr_decay  how fast the rate itself falls; 0 <= lr_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, eps: 1e-10, s0: 0, lr_decay: 0.01 };

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

function float64(theta, g, { s }, t, { lr, eps, lr_decay }) {
  const step_size = lr / (1 + (t - 1) * lr_decay);
  for (let i = 0; i < theta.length; i++) {
    s[i] = s[i] + g[i] * g[i];
    theta[i] = theta[i] - step_size * g[i] / (Math.sqrt(s[i]) + eps);
  }
}

function float32(theta, g, { s }, t, { lr, eps, lr_decay }) {
  const step_size = f(lr / (1 + (t - 1) * lr_decay));
  eps = f(eps);
  for (let i = 0; i < theta.length; i++) {
    s[i] = f(s[i] + f(g[i] * g[i]));
    theta[i] = f(theta[i] - f(f(step_size * g[i]) / f(f(Math.sqrt(s[i])) + eps)));
  }
}

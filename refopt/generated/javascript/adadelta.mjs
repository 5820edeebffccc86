// Generated from the formula by: refopt generate adadelta --to javascript
// Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
//
// Steps in the units of the parameters: as long as the last ones were.
//
//     s     <- rho*s + (1 - rho)*g^2
//     d     <- sqrt(u + eps) / sqrt(s + eps) * g
//     u     <- rho*u + (1 - rho)*d^2
//     theta <- theta - lr*d
//
// Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 1
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-6
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 1, rho: 0.9, eps: 1e-06 };

// The state before the first update.
export function init(theta) {
  return { s: new theta.constructor(theta.length), u: new theta.constructor(theta.length) };
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

function float64(theta, g, { s, u }, t, { lr, rho, eps }) {
  const one_minus_rho = 1 - rho;
  for (let i = 0; i < theta.length; i++) {
    s[i] = rho * s[i] + one_minus_rho * (g[i] * g[i]);
    const d = Math.sqrt(u[i] + eps) / Math.sqrt(s[i] + eps) * g[i];
    u[i] = rho * u[i] + one_minus_rho * (d * d);
    theta[i] = theta[i] - lr * d;
  }
}

function float32(theta, g, { s, u }, t, { lr, rho, eps }) {
  const one_minus_rho = f(1 - rho);
  rho = f(rho);
  eps = f(eps);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    s[i] = f(f(rho * s[i]) + f(one_minus_rho * f(g[i] * g[i])));
    const d = f(f(f(Math.sqrt(f(u[i] + eps))) / f(Math.sqrt(f(s[i] + eps)))) * g[i]);
    u[i] = f(f(rho * u[i]) + f(one_minus_rho * f(d * d)));
    theta[i] = f(theta[i] - f(lr * d));
  }
}

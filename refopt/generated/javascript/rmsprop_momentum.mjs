// Generated from the formula by: refopt generate rmsprop/momentum --to javascript
// Fingerprint of the formula: 76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353
//
// RMSProp with momentum, the rate outside the velocity.
//
//     v     <- rho*v + (1 - rho)*g^2
//     b     <- momentum*b + g / (sqrt(v) + eps)
//     theta <- theta - lr*b
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: a velocity of the normalized gradients.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     rho       decay of the mean square; 0 <= rho < 1; default 0.9
//     eps       keeps the division finite; 0 <= eps; default 1e-8
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.001, rho: 0.9, eps: 1e-08, momentum: 0.9 };

// The state before the first update.
export function init(theta) {
  return { v: new theta.constructor(theta.length), b: new theta.constructor(theta.length) };
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

function float64(theta, g, { v, b }, t, { lr, rho, eps, momentum }) {
  const one_minus_rho = 1 - rho;
  for (let i = 0; i < theta.length; i++) {
    v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
    b[i] = momentum * b[i] + g[i] / (Math.sqrt(v[i]) + eps);
    theta[i] = theta[i] - lr * b[i];
  }
}

function float32(theta, g, { v, b }, t, { lr, rho, eps, momentum }) {
  const one_minus_rho = f(1 - rho);
  rho = f(rho);
  momentum = f(momentum);
  eps = f(eps);
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    v[i] = f(f(rho * v[i]) + f(one_minus_rho * f(g[i] * g[i])));
    b[i] = f(f(momentum * b[i]) + f(g[i] / f(f(Math.sqrt(v[i])) + eps)));
    theta[i] = f(theta[i] - f(lr * b[i]));
  }
}

// Generated from the formula by: refopt generate optimistic_gd --to javascript
// Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
//
// Gradient descent that guesses the next gradient from the last change.
//
//     d        <- where(t > 1, g_before, g)
//     theta    <- theta - lr*((alpha + beta)*g - beta*d)
//     g_before <- g
//
// Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     alpha  weight of the gradient; 0 <= alpha; default 1
//     beta   weight of the change of the gradient; 0 <= beta; default 1
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, alpha: 1, beta: 1 };

// The state before the first update.
export function init(theta) {
  return { g_before: new theta.constructor(theta.length) };
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

function float64(theta, g, { g_before }, t, { lr, alpha, beta }) {
  const alpha_plus_beta = alpha + beta;
  for (let i = 0; i < theta.length; i++) {
    const d = t > 1 ? g_before[i] : g[i];
    theta[i] = theta[i] - lr * (alpha_plus_beta * g[i] - beta * d);
    g_before[i] = g[i];
  }
}

function float32(theta, g, { g_before }, t, { lr, alpha, beta }) {
  const alpha_plus_beta = f(alpha + beta);
  lr = f(lr);
  beta = f(beta);
  for (let i = 0; i < theta.length; i++) {
    const d = t > 1 ? g_before[i] : g[i];
    theta[i] = f(theta[i] - f(lr * f(f(alpha_plus_beta * g[i]) - f(beta * d))));
    g_before[i] = g[i];
  }
}

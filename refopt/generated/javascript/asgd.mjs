// Generated from the formula by: refopt generate asgd --to javascript
// Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
//
// Gradient descent with a falling rate, and the average of its parameters.
//
//     eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
//     mu    <- 1 / max(1, t - 1 - averaged_after)
//     theta <- theta*(1 - lambd*eta) - eta*g
//     ax    <- ax + mu*(theta - ax)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     lambd           decay of the weights, and of the rate; 0 <= lambd; default 0.0001
//     alpha           exponent of the fall of the rate; 0 <= alpha; default 0.75
//     averaged_after  the update after which the average begins; 0 <= averaged_after; default 1000000
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, lambd: 0.0001, alpha: 0.75, averaged_after: 1000000 };

// The state before the first update.
export function init(theta) {
  return { ax: new theta.constructor(theta.length) };
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

function float64(theta, g, { ax }, t, { lr, lambd, alpha, averaged_after }) {
  const eta = lr / Math.pow(1 + lambd * lr * (t - 1), alpha);
  const mu = 1 / Math.max(1, t - 1 - averaged_after);
  const complement = 1 - lambd * eta;
  for (let i = 0; i < theta.length; i++) {
    theta[i] = theta[i] * complement - eta * g[i];
    ax[i] = ax[i] + mu * (theta[i] - ax[i]);
  }
}

function float32(theta, g, { ax }, t, { lr, lambd, alpha, averaged_after }) {
  let eta = lr / Math.pow(1 + lambd * lr * (t - 1), alpha);
  let mu = 1 / Math.max(1, t - 1 - averaged_after);
  const complement = f(1 - lambd * eta);
  eta = f(eta);
  mu = f(mu);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(f(theta[i] * complement) - f(eta * g[i]));
    ax[i] = f(ax[i] + f(mu * f(theta[i] - ax[i])));
  }
}

// Generated from the formula by: refopt generate asgd/rate_before --to javascript
// Fingerprint of the formula: 60aca35d9b798da16d0557cabc886dbb9e6cb03f1fbe3ab2d4e95d5887a4adbf
//
// ASGD whose rate was made at the update before.
//
//     rate  <- where(t = 1, lr, eta)
//     theta <- theta*(1 - lambd*rate) - rate*g
//     ax    <- ax + mu*(theta - ax)
//     eta   <- lr / (1 + lambd*lr*t)^alpha
//     mu    <- 1 / max(1, t - averaged_after)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
// Differs from asgd: a changed rate acts one update late.
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
  return { ax: new theta.constructor(theta.length), eta: 0, mu: 1 };
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, state, t, hyper = {}) {
  check(theta, { g, ax: state.ax }, t);
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

function float64(theta, g, state, t, { lr, lambd, alpha, averaged_after }) {
  let { ax, eta, mu } = state;
  const mu_before = mu;
  const rate_ = t === 1 ? lr : eta;
  eta = lr / Math.pow(1 + lambd * lr * t, alpha);
  mu = 1 / Math.max(1, t - averaged_after);
  state.eta = eta;
  state.mu = mu;
  const complement = 1 - lambd * rate_;
  for (let i = 0; i < theta.length; i++) {
    theta[i] = theta[i] * complement - rate_ * g[i];
    ax[i] = ax[i] + mu_before * (theta[i] - ax[i]);
  }
}

function float32(theta, g, state, t, { lr, lambd, alpha, averaged_after }) {
  let { ax, eta, mu } = state;
  let mu_before = mu;
  let rate_ = t === 1 ? lr : eta;
  eta = lr / Math.pow(1 + lambd * lr * t, alpha);
  mu = 1 / Math.max(1, t - averaged_after);
  state.eta = eta;
  state.mu = mu;
  const complement = f(1 - lambd * rate_);
  rate_ = f(rate_);
  mu_before = f(mu_before);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(f(theta[i] * complement) - f(rate_ * g[i]));
    ax[i] = f(ax[i] + f(mu_before * f(theta[i] - ax[i])));
  }
}

// Generated from the formula by: refopt generate cocob/bet --to javascript
// Fingerprint of the formula: bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b
//
// COCOB that keeps its bet, and not where it started.
//
//     scale        <- max(scale, abs(g))
//     abs_sum      <- abs_sum + abs(g)
//     reward       <- max(reward - g*bet, 0)
//     negative_sum <- negative_sum - g
//     unmoved      <- theta - bet
//     bet          <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
//     theta        <- unmoved + bet
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: theta changes by the difference of two bets.
//
// Hyperparameters:
//     alpha  about how many updates the bets are held small; 0 <= alpha; default 100
//     eps    keeps the division finite; 0 <= eps; default 1e-8
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { alpha: 100, eps: 1e-08 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { eps } = { ...defaults, ...hyper };
  return { scale: new theta.constructor(theta.length).fill(eps), abs_sum: new theta.constructor(theta.length), reward: new theta.constructor(theta.length), negative_sum: new theta.constructor(theta.length), bet: new theta.constructor(theta.length) };
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

function float64(theta, g, { scale, abs_sum, reward, negative_sum, bet }, t, { alpha }) {
  const zero = 0;
  for (let i = 0; i < theta.length; i++) {
    scale[i] = Math.max(scale[i], Math.abs(g[i]));
    abs_sum[i] = abs_sum[i] + Math.abs(g[i]);
    reward[i] = Math.max(reward[i] - g[i] * bet[i], zero);
    negative_sum[i] = negative_sum[i] - g[i];
    const unmoved = theta[i] - bet[i];  // where theta started, as it was rounded since
    bet[i] = negative_sum[i] / (scale[i] * Math.max(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]);
    theta[i] = unmoved + bet[i];
  }
}

function float32(theta, g, { scale, abs_sum, reward, negative_sum, bet }, t, { alpha }) {
  const zero = f(0);
  alpha = f(alpha);
  for (let i = 0; i < theta.length; i++) {
    scale[i] = Math.max(scale[i], Math.abs(g[i]));
    abs_sum[i] = f(abs_sum[i] + Math.abs(g[i]));
    reward[i] = Math.max(f(reward[i] - f(g[i] * bet[i])), zero);
    negative_sum[i] = f(negative_sum[i] - g[i]);
    const unmoved = f(theta[i] - bet[i]);  // where theta started, as it was rounded since
    bet[i] = f(f(negative_sum[i] / f(scale[i] * Math.max(f(abs_sum[i] + scale[i]), f(alpha * scale[i])))) * f(scale[i] + reward[i]));
    theta[i] = f(unmoved + bet[i]);
  }
}

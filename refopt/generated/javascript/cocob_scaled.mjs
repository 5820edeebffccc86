// Generated from the formula by: refopt generate cocob/scaled --to javascript
// Fingerprint of the formula: 6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0
//
// COCOB on gradients, decayed weights added, that a rate multiplies.
//
//     g_scaled     <- lr*(g + weight_decay*theta)
//     scale        <- max(scale, abs(g_scaled))
//     abs_sum      <- abs_sum + abs(g_scaled)
//     reward       <- max(reward - g_scaled*(theta - theta_start), 0)
//     negative_sum <- negative_sum - g_scaled
//     change       <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta
//     theta        <- theta + change
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: g is lr*(g + weight_decay*theta).
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 1
//     alpha         about how many updates the bets are held small; 0 <= alpha; default 100
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 1, alpha: 100, eps: 1e-08, weight_decay: 0 };

// The state before the first update.
export function init(theta, hyper = {}) {
  const { eps } = { ...defaults, ...hyper };
  return { scale: new theta.constructor(theta.length).fill(eps), abs_sum: new theta.constructor(theta.length), reward: new theta.constructor(theta.length), negative_sum: new theta.constructor(theta.length), theta_start: theta.map((x) => x) };
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

function float64(theta, g, { scale, abs_sum, reward, negative_sum, theta_start }, t, { lr, alpha, weight_decay }) {
  const zero = 0;
  for (let i = 0; i < theta.length; i++) {
    const g_scaled = lr * (g[i] + weight_decay * theta[i]);
    scale[i] = Math.max(scale[i], Math.abs(g_scaled));
    abs_sum[i] = abs_sum[i] + Math.abs(g_scaled);
    reward[i] = Math.max(reward[i] - g_scaled * (theta[i] - theta_start[i]), zero);
    negative_sum[i] = negative_sum[i] - g_scaled;
    const change = theta_start[i] + negative_sum[i] / (scale[i] * Math.max(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]) - theta[i];  // rounded: an update is what is added
    theta[i] = theta[i] + change;
  }
}

function float32(theta, g, { scale, abs_sum, reward, negative_sum, theta_start }, t, { lr, alpha, weight_decay }) {
  const zero = f(0);
  lr = f(lr);
  weight_decay = f(weight_decay);
  alpha = f(alpha);
  for (let i = 0; i < theta.length; i++) {
    const g_scaled = f(lr * f(g[i] + f(weight_decay * theta[i])));
    scale[i] = Math.max(scale[i], Math.abs(g_scaled));
    abs_sum[i] = f(abs_sum[i] + Math.abs(g_scaled));
    reward[i] = Math.max(f(reward[i] - f(g_scaled * f(theta[i] - theta_start[i]))), zero);
    negative_sum[i] = f(negative_sum[i] - g_scaled);
    const change = f(f(theta_start[i] + f(f(negative_sum[i] / f(scale[i] * Math.max(f(abs_sum[i] + scale[i]), f(alpha * scale[i])))) * f(scale[i] + reward[i]))) - theta[i]);  // rounded: an update is what is added
    theta[i] = f(theta[i] + change);
  }
}

// Generated from the formula by: refopt generate madgrad/decoupled --to javascript
// Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
//
// MADGRAD as code has it, with decoupled weight decay.
//
//     lam   <- (lr + eps)*sqrt(t)
//     n     <- n + lam*g^2
//     s     <- s + lam*g
//     z     <- theta_start - s / (cbrt(n) + eps)
//     theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z
//
// Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
// Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the parameter that is kept; 0 < momentum < 1; default 0.9
//     eps           keeps the division finite; 0 <= eps; default 0.000001
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, momentum: 0.9, eps: 1e-06, weight_decay: 0.01 };

// The state before the first update.
export function init(theta) {
  return { s: new theta.constructor(theta.length), n: new theta.constructor(theta.length), theta_start: theta.map((x) => x) };
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

function float64(theta, g, { s, n, theta_start }, t, { lr, momentum, eps, weight_decay }) {
  const lam = (lr + eps) * Math.sqrt(t);
  const lr_times_weight_decay = lr * weight_decay;
  const one_minus_momentum = 1 - momentum;
  for (let i = 0; i < theta.length; i++) {
    n[i] = n[i] + lam * (g[i] * g[i]);
    s[i] = s[i] + lam * g[i];
    const z = theta_start[i] - s[i] / (Math.cbrt(n[i]) + eps);
    theta[i] = momentum * (theta[i] - lr_times_weight_decay * theta[i]) + one_minus_momentum * z;
  }
}

function float32(theta, g, { s, n, theta_start }, t, { lr, momentum, eps, weight_decay }) {
  let lam = (lr + eps) * Math.sqrt(t);
  const lr_times_weight_decay = f(lr * weight_decay);
  const one_minus_momentum = f(1 - momentum);
  lam = f(lam);
  eps = f(eps);
  momentum = f(momentum);
  for (let i = 0; i < theta.length; i++) {
    n[i] = f(n[i] + f(lam * f(g[i] * g[i])));
    s[i] = f(s[i] + f(lam * g[i]));
    const z = f(theta_start[i] - f(s[i] / f(f(Math.cbrt(n[i])) + eps)));
    theta[i] = f(f(momentum * f(theta[i] - f(lr_times_weight_decay * theta[i]))) + f(one_minus_momentum * z));
  }
}

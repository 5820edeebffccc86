// Generated from the formula by: refopt generate noisy_sgd --to javascript
// Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
//
// A step against the gradient with noise that fades.
//
//     theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)
//
// Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     noise_variance  variance of the first noise; 0 <= noise_variance; default 0.01
//     noise_decay     how fast the variance falls; 0 <= noise_decay; default 0.55
//
// Given beside the gradient:
//     noise  noise: drawn anew at each update, of variance 1
//
// A step changes theta and the state in place. Scalars are formed in binary64 and rounded once to the arrays' format. Bits
// are those of every other backend where only + - * / sqrt are used.

const f = Math.fround;

export const defaults = { lr: 0.01, noise_variance: 0.01, noise_decay: 0.55 };

// The state before the first update.
export function init(theta) {
  return {};
}

// Update t = 1, 2, ... of theta and the state; g is the gradient at theta.
export function step(theta, g, noise, state, t, hyper = {}) {
  check(theta, { g, noise }, t);
  const update = theta instanceof Float32Array ? float32 : float64;
  update(theta, g, noise, state, t, { ...defaults, ...hyper });
}

function check(theta, others, t) {
  if (!(theta instanceof Float64Array || theta instanceof Float32Array)) throw new TypeError("theta must be a Float64Array or a Float32Array");
  for (const [name, x] of Object.entries(others)) {
    if (x?.constructor !== theta.constructor || x.length !== theta.length) throw new TypeError(`${name} must be a ${theta.constructor.name} as long as theta`);
  }
  if (!Number.isSafeInteger(t) || t < 1) throw new RangeError(`t = ${t}: updates are counted 1, 2, 3, ...`);
}

function float64(theta, g, noise, {}, t, { lr, noise_variance, noise_decay }) {
  const root_of_coefficient_of_noise_variance_and_t_and_noise_decay = Math.sqrt(noise_variance / Math.pow(t, noise_decay));
  for (let i = 0; i < theta.length; i++) {
    theta[i] = theta[i] - lr * (g[i] + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]);
  }
}

function float32(theta, g, noise, {}, t, { lr, noise_variance, noise_decay }) {
  const root_of_coefficient_of_noise_variance_and_t_and_noise_decay = f(Math.sqrt(noise_variance / Math.pow(t, noise_decay)));
  lr = f(lr);
  for (let i = 0; i < theta.length; i++) {
    theta[i] = f(theta[i] - f(lr * f(g[i] + f(root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]))));
  }
}

// Generated from the formula by: refopt generate piecewise_linear --to javascript
// Fingerprint of the formula: c1675a9f4b4ac18c9eda9f81f471ccd6b2352f32f1a33a18158f0a7f6a6cddb3
//
// Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * (min(k, length_1) / length_1))*(1 + (scale_2 - 1) * (max(min(k - length_1,
//             length_2), 0) / length_2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     length_1  steps of the first line; 1 <= length_1; default 30
//     scale_1   the rate after the first line over the first rate; 0 <= scale_1; default 0.1
//     length_2  steps of the second line; 1 <= length_2; default 50
//     scale_2   the last rate over the one after the first line; 0 <= scale_2; default 0.01
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, length_1: 30, scale_1: 0.1, length_2: 50, scale_2: 0.01 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, length_1, scale_1, length_2, scale_2 } = { ...defaults, ...hyper };
  return lr * (1 + (scale_1 - 1) * (Math.min(k, length_1) / length_1)) * (1 + (scale_2 - 1) * (Math.max(Math.min(k - length_1, length_2), 0) / length_2));
}

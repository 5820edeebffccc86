// Generated from the formula by: refopt generate piecewise_linear/cosine --to javascript
// Fingerprint of the formula: dc5efcd8003b763849d727fcb9ad44cb7894d6b8c13e2c6e7a37091b90510455
//
// Half cosines from the first rate to a multiple of it, and from there to a multiple of that.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * ((1 - cos(pi * (min(k, length_1) / length_1))) / 2))*(1 + (scale_2 - 1) * ((1 -
//             cos(pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
// Differs from piecewise_linear: half cosines in place of straight lines.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     length_1  steps of the first line; 1 <= length_1; default 30
//     scale_1   the rate after the first line over the first rate; 0 <= scale_1; default 0.1
//     length_2  steps of the second line; 1 <= length_2; default 50
//     scale_2   the last rate over the one after the first line; 0 <= scale_2; default 0.01
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, length_1: 30, scale_1: 0.1, length_2: 50, scale_2: 0.01 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, length_1, scale_1, length_2, scale_2 } = { ...defaults, ...hyper };
  return lr * (1 + (scale_1 - 1) * ((1 - Math.cos(Math.PI * (Math.min(k, length_1) / length_1))) / 2)) * (1 + (scale_2 - 1) * ((1 - Math.cos(Math.PI * (Math.max(Math.min(k - length_1, length_2), 0) / length_2))) / 2));
}

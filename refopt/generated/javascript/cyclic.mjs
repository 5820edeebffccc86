// Generated from the formula by: refopt generate cyclic --to javascript
// Fingerprint of the formula: b610223df3b33db819decb3e05762ace74ad5a356242620a0383d7e902fda9e3
//
// A straight line up to the highest rate and down again, over and over.
//
//     lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_max: 0.2, half_cycle: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_max, half_cycle } = { ...defaults, ...hyper };
  return lr + (lr_max - lr) * (1 - Math.abs(k - 2 * half_cycle * Math.floor(k / (2 * half_cycle)) - half_cycle) / half_cycle);
}

// Generated from the formula by: refopt generate cyclic/exp_range --to javascript
// Fingerprint of the formula: 88dc0f9ff8e9bc96f87edc224701ea708f57ff2ab73296b43674920641a1afbc
//
// A line up and down again, lower by a factor at each step.
//
//     lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)*factor^k
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
// Differs from cyclic: the height falls by a factor at each step.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
//     factor      what the height is multiplied by at each step; 0 <= factor; default 0.99
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_max: 0.2, half_cycle: 10, factor: 0.99 };

// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_max, half_cycle, factor } = { ...defaults, ...hyper };
  return lr + (lr_max - lr) * (1 - Math.abs(k - 2 * half_cycle * Math.floor(k / (2 * half_cycle)) - half_cycle) / half_cycle) * power(factor, k);
}

// Generated from the formula by: refopt generate cyclic/triangular2 --to javascript
// Fingerprint of the formula: d8a8c200d919bc9772764aa27445bbe0c91c5aa9489c589a9577807ade34344b
//
// A line up and down again, half as high each time.
//
//     lr_k <- lr + (lr_max - lr) * (1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle) /
//             2^floor(k / (2*half_cycle))
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
// Differs from cyclic: the height is halved after each cycle.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_max: 0.2, half_cycle: 10 };

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
  const { lr, lr_max, half_cycle } = { ...defaults, ...hyper };
  return lr + (lr_max - lr) * (1 - Math.abs(k - 2 * half_cycle * Math.floor(k / (2 * half_cycle)) - half_cycle) / half_cycle) / power(2, Math.floor(k / (2 * half_cycle)));
}

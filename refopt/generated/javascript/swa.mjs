// Generated from the formula by: refopt generate swa --to javascript
// Fingerprint of the formula: c8151a71bf16c8ac39f7ae578e0c8f1471e020be3256e181294bec113160f928
//
// A straight line down in each cycle, which begins below the first rate and ends at the last.
//
//     lr_k <- lr + (lr_min - lr) * (k - every*floor(k / every) + 1) / every
//
// Source: Izmailov et al. 2018, section 3.2, alpha(i) of step i = k + 1, arXiv:1803.05407.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of each cycle; 0 <= lr_min; default 0
//     every   steps of a cycle; 1 <= every; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_min: 0, every: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, every } = { ...defaults, ...hyper };
  return lr + (lr_min - lr) * (k - every * Math.floor(k / every) + 1) / every;
}

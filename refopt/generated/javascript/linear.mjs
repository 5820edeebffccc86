// Generated from the formula by: refopt generate linear --to javascript
// Fingerprint of the formula: 07ab01b9aee352c387945529b37f7090d032cb1613f7ae38a1a47562c21b456f
//
// A straight line from a share of the rate to another, then constant.
//
//     lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, length) / length)
//
// Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     start_factor  what the rate is multiplied by at step 0; 0 <= start_factor; default 1
//     end_factor    what the rate is multiplied by in the end; 0 <= end_factor; default 0
//     length        steps from the first rate to the last; 1 <= length; default 100
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, start_factor: 1, end_factor: 0, length: 100 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, start_factor, end_factor, length } = { ...defaults, ...hyper };
  return lr * (start_factor + (end_factor - start_factor) * Math.min(k, length) / length);
}

// Generated from the formula by: refopt generate linear --to javascript
// Fingerprint of the formula: 79f59b759640eacb57a762fdccf903b8050876347a920087623e7946b9717df9
//
// A straight line from a share of the rate to another, then constant.
//
//     lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, span) / span)
//
// Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     start_factor  what the rate is multiplied by at step 0; 0 <= start_factor; default 1
//     end_factor    what the rate is multiplied by in the end; 0 <= end_factor; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, start_factor: 1, end_factor: 0, span: 100 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, start_factor, end_factor, span } = { ...defaults, ...hyper };
  return lr * (start_factor + (end_factor - start_factor) * Math.min(k, span) / span);
}

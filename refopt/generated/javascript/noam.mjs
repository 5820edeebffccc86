// Generated from the formula by: refopt generate noam --to javascript
// Fingerprint of the formula: f15b4838180a736512fda5e7077b927baa8f82a4944d2668ccff6ed7e6c0acab
//
// A linear rise, then one over the root of the step.
//
//     lr_k <- lr / sqrt(model_size) * min(1 / sqrt(k + 1), (k + 1) / (warmup_steps*sqrt(warmup_steps)))
//
// Source: Vaswani et al. 2017, equation (3); step_num counts from 1, arXiv:1706.03762.
//
// Hyperparameters:
//     lr            factor of the whole; 1 in the paper; 0 <= lr; default 1
//     model_size    width of the model; 1 <= model_size; default 512
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 1, model_size: 512, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, model_size, warmup_steps } = { ...defaults, ...hyper };
  return lr / Math.sqrt(model_size) * Math.min(1 / Math.sqrt(k + 1), (k + 1) / (warmup_steps * Math.sqrt(warmup_steps)));
}

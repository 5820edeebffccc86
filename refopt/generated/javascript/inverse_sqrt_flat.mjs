// Generated from the formula by: refopt generate inverse_sqrt/flat --to javascript
// Fingerprint of the formula: b438d3a4e8daa13ce7e4a90eccf76f007695ec660eebbc47cb49e3f71b6c08ad
//
// A constant rate, then one over the root of the step.
//
//     lr_k <- lr*sqrt(warmup_steps / max(k, warmup_steps))
//
// Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
// Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
// Differs from inverse_sqrt: holds the first rate in place of a rise; the fall counts from 0.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, warmup_steps } = { ...defaults, ...hyper };
  return lr * Math.sqrt(warmup_steps / Math.max(k, warmup_steps));
}

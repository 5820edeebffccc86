// Generated from the formula by: refopt generate inverse_sqrt --to javascript
// Fingerprint of the formula: 9a9a47988bdb8e8098967054ad7b647f26121a2d700fca230f14670493b9913e
//
// A linear rise from 0, then one over the root of the step.
//
//     lr_k <- where(k < warmup_steps, lr * k / warmup_steps, lr*sqrt(timescale / (k + timescale - warmup_steps)))
//
// Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
// Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//     timescale     steps after the rise in which the rate falls by the root of 2; 1 <= timescale; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, warmup_steps: 10, timescale: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, warmup_steps, timescale } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * k / warmup_steps;
  return lr * Math.sqrt(timescale / (k + timescale - warmup_steps));
}

// Generated from the formula by: refopt generate warmup+exponential --to javascript
// Fingerprint of the formula: 142fe13581fec2dc8781200bd87bf47d27b7d96bdb030a4ed642b6688c94b017
//
// A linear rise, then: the rate falls by a factor at every step.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr*factor^(k -
//             warmup_steps))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     factor        what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.95, warmup_start: 0, warmup_steps: 10 };

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
  const { lr, factor, warmup_start, warmup_steps } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  return lr * power(factor, k - warmup_steps);
}

// Generated from the formula by: refopt generate warmup+hard_restarts --to javascript
// Fingerprint of the formula: f3ab3db4a5238c3052849eb65621a4fdb711c678440770f64d10fc8bedf4d142
//
// A linear rise, then: cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
//             span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*(k - warmup_steps) - span*floor(cycles * (k -
//             warmup_steps) / span)) / span))) / 2, lr_min))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     cycles        cosines in the whole span; 1 <= cycles; default 2
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, cycles: 2, warmup_start: 0, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, cycles, warmup_start, warmup_steps } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  if (k - warmup_steps < span) return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * ((cycles * (k - warmup_steps) - span * Math.floor(cycles * (k - warmup_steps) / span)) / span))) / 2;
  return lr_min;
}

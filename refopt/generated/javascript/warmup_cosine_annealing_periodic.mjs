// Generated from the formula by: refopt generate warmup+cosine_annealing/periodic --to javascript
// Fingerprint of the formula: 1d3aa8c4d68cd659252ebbabbb23e3bbb9ad302cc04564c314bbd03998d5331e
//
// A linear rise, then: a cosine that rises again after the period.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
//             (1 + cos(pi * (k - warmup_steps) / period)) / 2)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from warmup+cosine_annealing: rises again after the period.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     period        steps from the first rate to the last; 1 <= period; default 100
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 100, warmup_start: 0, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period, warmup_start, warmup_steps } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * (k - warmup_steps) / period)) / 2;
}

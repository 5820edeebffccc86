// Generated from the formula by: refopt generate warmup+cosine_waves --to javascript
// Fingerprint of the formula: 8050dbaaa7d5a8b5dcb59469779002826bc00170659a45cd2f7c76079f6671c6
//
// A linear rise, then: a cosine down to the last rate and up again, so many times in the span, and on.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
//             (1 + cos(2 * waves * pi * (k - warmup_steps) / span)) / 2)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     waves         waves in the whole span, each down and up again; half of one only falls; 0 < waves; default 1
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, waves: 1, warmup_start: 0, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, waves, warmup_start, warmup_steps } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  return lr_min + (lr - lr_min) * (1 + Math.cos(2 * waves * Math.PI * (k - warmup_steps) / span)) / 2;
}

// Generated from the formula by: refopt generate wsd/cosine --to javascript
// Fingerprint of the formula: b788c4b9b309f6e4aee8e7ee5e46fd5900d2047451ac185b459bf8855dc29887
//
// A linear rise, a constant rate, then half a cosine down to the last one.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
//             stable_steps, lr, lr_min + (lr - lr_min) * ((1 + cos(pi * (min(k - warmup_steps - stable_steps, span) /
//             span))) / 2)))
//
// Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
// Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
// Differs from wsd: falls as half a cosine.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//     stable_steps  steps at the whole rate; 1 <= stable_steps; default 10
//     span          steps of the fall; 1 <= span; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, warmup_start: 0, warmup_steps: 10, stable_steps: 10, span: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, warmup_start, warmup_steps, stable_steps, span } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  if (k < warmup_steps + stable_steps) return lr;
  return lr_min + (lr - lr_min) * ((1 + Math.cos(Math.PI * (Math.min(k - warmup_steps - stable_steps, span) / span))) / 2);
}

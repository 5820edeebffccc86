// Generated from the formula by: refopt generate warmup+polynomial --to javascript
// Fingerprint of the formula: 8c39bed034d4fd1e0f7ccaad21f6e4440fc915a1c66ff8e9b0ff5d0258a97144
//
// A linear rise, then: a power of the share of the steps that is left, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min)*(1
//             - min(k - warmup_steps, span) / span)^degree)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     degree        power of what is left; 1 is a straight line; 0 < degree; default 1
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, degree: 1, warmup_start: 0, warmup_steps: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, degree, warmup_start, warmup_steps } = { ...defaults, ...hyper };
  if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps);
  return lr_min + (lr - lr_min) * Math.pow(1 - Math.min(k - warmup_steps, span) / span, degree);
}

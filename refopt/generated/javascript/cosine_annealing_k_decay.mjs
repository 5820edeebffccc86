// Generated from the formula by: refopt generate cosine_annealing/k_decay --to javascript
// Fingerprint of the formula: 69aebefd4de9fbdfa4aca8075e5a7c6e60a293e7cf59d7697f142373e99cff28
//
// Half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from cosine_annealing: the share of the steps is raised to a power.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power that the curve is raised to; 0 < degree; default 1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 100, degree: 1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period, degree } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * Math.pow(Math.min(k, period) / period, degree))) / 2;
}

// Generated from the formula by: refopt generate cosine_k_decay --to javascript
// Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
//
// Half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2
//
// Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree; default 1.5
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 100, degree: 1.5 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period, degree } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * Math.pow(Math.min(k, period) / period, degree))) / 2;
}

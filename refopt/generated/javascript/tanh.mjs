// Generated from the formula by: refopt generate tanh --to javascript
// Fingerprint of the formula: 8f20b001014c3d847275331e8edcff7d54f18f584711870ca936fdbff13566c3
//
// A hyperbolic tangent from nearly the first rate to nearly the last, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * min(k, span) / span - lower)) / 2
//
// Source: Hsueh et al. 2019, equation (3), HTD(L, U), arXiv:1806.01593.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     lower   how far below 0 the tangent begins: -L in the paper; 0 <= lower; default 6
//     upper   how far above 0 the tangent ends; 0 <= upper; default 3
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, lower: 6, upper: 3 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, lower, upper } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 - Math.tanh((upper + lower) * Math.min(k, span) / span - lower)) / 2;
}

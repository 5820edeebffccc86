// Generated from the formula by: refopt generate constant --to javascript
// Fingerprint of the formula: 79ece0cc106b1faf700920f72f2abc4186d9f4abadcf43af86092ada2885f9e1
//
// The same rate at every step.
//
//     lr_k <- lr
//
// Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.
//
// Hyperparameters:
//     lr  learning rate at the start; 0 <= lr; default 0.1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr } = { ...defaults, ...hyper };
  return lr;
}

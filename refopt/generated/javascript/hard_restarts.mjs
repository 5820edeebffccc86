// Generated from the formula by: refopt generate hard_restarts --to javascript
// Fingerprint of the formula: c5ba66a666167eacdc38337a95a6b4ad5d86f2260ff593a874801dd60df7be22
//
// Cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*k - span*floor(cycles * k / span)) / span)))
//             / 2, lr_min)
//
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     cycles  cosines in the whole span; 1 <= cycles; default 2
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, cycles: 2 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, cycles } = { ...defaults, ...hyper };
  if (k < span) return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * ((cycles * k - span * Math.floor(cycles * k / span)) / span))) / 2;
  return lr_min;
}

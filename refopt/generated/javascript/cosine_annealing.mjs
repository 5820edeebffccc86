// Generated from the formula by: refopt generate cosine_annealing --to javascript
// Fingerprint of the formula: c17ecfa1c52325effa00074a8f2683bc4623f40347d126fb50fa7067a524779e
//
// Half a cosine from the first rate down to the last, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * min(k, period) / period)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 100 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * Math.min(k, period) / period)) / 2;
}

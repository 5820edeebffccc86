// Generated from the formula by: refopt generate cosine_warm_restarts/lowered --to javascript
// Fingerprint of the formula: a35242f2b6c5179c3f90bfbb72f77bec033691b0c31a4c03242314058bb4a5fe
//
// Half a cosine down to the last rate, each longer and lower than the one before.
//
//     lr_k <- lr_min + (lr - lr_min) * factor^ilog(1 + floor((period_mult - 1) * k / period), period_mult) * (1 + cos(pi *
//             (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 + floor((period_mult - 1) * k / period),
//             period_mult) - 1) / (period_mult - 1)))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
// Differs from cosine_warm_restarts: each cosine is longer and lower than the one before by factors.
//
// Hyperparameters:
//     lr           learning rate at the start; 0 <= lr; default 0.1
//     lr_min       learning rate at the end of the period; 0 <= lr_min; default 0
//     period       steps before the first restart; 1 <= period; default 10
//     period_mult  how many times as long each cosine is as the one before; 2 <= period_mult; default 2
//     factor       what the height of each cosine is multiplied by at the next restart; 0 <= factor; default 0.9
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 10, period_mult: 2, factor: 0.9 };

// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
function ilog(x, base) {
  let found = 0;
  for (; base >= 2 && base <= x; x = Math.floor(x / base)) found++;
  return found;
}

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period, period_mult, factor } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * power(factor, ilog(1 + Math.floor((period_mult - 1) * k / period), period_mult)) * (1 + Math.cos(Math.PI * (((1 + (period_mult - 1) * k / period) / power(period_mult, ilog(1 + Math.floor((period_mult - 1) * k / period), period_mult)) - 1) / (period_mult - 1)))) / 2;
}

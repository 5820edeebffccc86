// Generated from the formula by: refopt generate cosine_warm_restarts/growing --to javascript
// Fingerprint of the formula: 5d3edddc57e3b844bd5f87fe183b80ab76401464258ed880f0315691f206a852
//
// Half a cosine from the first rate down to the last, each longer than the one before.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 +
//             floor((period_mult - 1) * k / period), period_mult) - 1) / (period_mult - 1)))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
// Differs from cosine_warm_restarts: each cosine is longer than the one before by a factor.
//
// Hyperparameters:
//     lr           learning rate at the start; 0 <= lr; default 0.1
//     lr_min       learning rate at the end of the period; 0 <= lr_min; default 0
//     period       steps before the first restart; 1 <= period; default 10
//     period_mult  how many times as long each cosine is as the one before; 2 <= period_mult; default 2
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 10, period_mult: 2 };

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
  const { lr, lr_min, period, period_mult } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 + Math.cos(Math.PI * (((1 + (period_mult - 1) * k / period) / power(period_mult, ilog(1 + Math.floor((period_mult - 1) * k / period), period_mult)) - 1) / (period_mult - 1)))) / 2;
}

// Generated from the formula by: refopt generate exponential/floor --to javascript
// Fingerprint of the formula: 41f5e5907e2aab67fca697d3d5be0ad5989d110eb4b58899c6455f458e914a10
//
// The rate falls by a factor at every step, down to a least rate.
//
//     lr_k <- max(lr*factor^k, lr_min)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: does not fall below a least rate.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor < 1; default 0.95
//     lr_min  the least rate; 0 <= lr_min; default 0
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.95, lr_min: 0 };

// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, factor, lr_min } = { ...defaults, ...hyper };
  return Math.max(lr * power(factor, k), lr_min);
}

// Generated from the formula by: refopt generate exponential --to javascript
// Fingerprint of the formula: 6466e2086e259ce63156d175ee5e69b28ab1325d981e1f80dc9d29c8b0bc136f
//
// The rate falls by a factor at every step.
//
//     lr_k <- lr*factor^k
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.95 };

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
  const { lr, factor } = { ...defaults, ...hyper };
  return lr * power(factor, k);
}

// Generated from the formula by: refopt generate exponential/spread --to javascript
// Fingerprint of the formula: fdfb5fa7402b060d295d0457ab451ae9f535242816b14e2b0d7e36ebca7fdfba
//
// The rate falls by a factor in so many steps, a little at each.
//
//     lr_k <- lr*factor^(k / every)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: the factor is that of several steps, not of one.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     every   steps in which the rate is multiplied once; 1 <= every; default 10
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.95, every: 10 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, factor, every } = { ...defaults, ...hyper };
  return lr * Math.pow(factor, k / every);
}

// Generated from the formula by: refopt generate step_decay --to javascript
// Fingerprint of the formula: c0b54afa81e13b3492dff426cae7a5939da3ed094eb5c8d74c6af147f3bb0c60
//
// The rate falls by a factor every N epochs.
//
//     lr_k <- lr*factor^floor(k / every)
//
// Source: Ge et al. 2019, Algorithm 1, the step decay schedule, arXiv:1904.12838.
// Source: Szegedy et al. 2015, section 6, 4 percent less every 8 epochs, arXiv:1409.4842.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by; 0 <= factor; default 0.1
//     every   epochs between two falls; 1 <= every; default 30
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.1, every: 30 };

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
  const { lr, factor, every } = { ...defaults, ...hyper };
  return lr * power(factor, Math.floor(k / every));
}

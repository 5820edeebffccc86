// Generated from the formula by: refopt generate multi_step/before --to javascript
// Fingerprint of the formula: 599217eb95ce544034836fbbc68f15cdbbb4b0b3a936e1af88efd5540f41167e
//
// The rate falls by a factor one step before each milestone.
//
//     lr_k <- lr*factor^count(k + 1 >= milestones)
//
// Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
// Differs from multi_step: the step before a milestone has fallen already.
//
// Hyperparameters:
//     lr          learning rate at the start; 0 <= lr; default 0.1
//     factor      what the rate is multiplied by; 0 <= factor; default 0.1
//     milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones; default [30,80]
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.1, milestones: [30, 80] };

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
  const { lr, factor, milestones } = { ...defaults, ...hyper };
  return lr * power(factor, milestones.filter((entry) => k + 1 >= entry).length);
}

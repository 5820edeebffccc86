// Generated from the formula by: refopt generate inverse_time/staircase --to javascript
// Fingerprint of the formula: 0f9f8b6037fb987338ec20967d99de21c4a2aa689a6067741bbded675a4b753f
//
// The rate falls as one over the number of whole stretches.
//
//     lr_k <- lr / (1 + slope*floor(k / every))
//
// Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
// Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.
// Differs from inverse_time: the divisor grows once in so many steps, not at each.
//
// Hyperparameters:
//     lr     learning rate at the start; 0 <= lr; default 0.1
//     slope  growth of the divisor in so many steps; 0 <= slope; default 0.5
//     every  steps in which the divisor grows by the slope; 1 <= every; default 1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, slope: 0.5, every: 1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, slope, every } = { ...defaults, ...hyper };
  return lr / (1 + slope * Math.floor(k / every));
}

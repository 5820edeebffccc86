// Generated from the formula by: refopt generate polynomial --to javascript
// Fingerprint of the formula: 9a34cba92ef8bba9860595e4e8b157a1740cb9b4f70091fe0067d4df32afbc77
//
// A power of the share of the steps that is left, then constant.
//
//     lr_k <- lr_min + (lr - lr_min)*(1 - min(k, span) / span)^degree
//
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     degree  power of what is left; 1 is a straight line; 0 < degree; default 1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, degree: 1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, degree } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * Math.pow(1 - Math.min(k, span) / span, degree);
}

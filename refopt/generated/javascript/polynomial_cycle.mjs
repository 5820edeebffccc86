// Generated from the formula by: refopt generate polynomial/cycle --to javascript
// Fingerprint of the formula: cadbea4e7f65caf439c3b128bca0c2f169abedbef735e4480a19ff444573c949
//
// A fall that begins anew from a higher rate each time, and is longer.
//
//     lr_k <- lr_min + (lr - lr_min)*(1 - k / (length*max(1, -floor((-k) / length))))^exponent
//
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.
// Differs from polynomial: begins anew after each multiple of the length, and ends at the next.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     lr_min    learning rate at the end; 0 <= lr_min; default 0
//     length    steps from the first rate to the last; 1 <= length; default 100
//     exponent  power of what is left; 1 is a straight line; 0 < exponent; default 1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, lr_min: 0, length: 100, exponent: 1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, length, exponent } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * Math.pow(1 - k / (length * Math.max(1, -Math.floor(-k / length))), exponent);
}

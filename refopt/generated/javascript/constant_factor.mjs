// Generated from the formula by: refopt generate constant_factor --to javascript
// Fingerprint of the formula: c7a0ad6c5f6e63c070164a4cd624aba12c82b249be0fbc9b5409d453d6b700f1
//
// A share of the rate for some steps, then the whole.
//
//     lr_k <- where(k < length, lr*factor, lr)
//
// Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at first; 0 <= factor; default 0.1
//     length  steps with a share of the rate; 1 <= length; default 5
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, factor: 0.1, length: 5 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, factor, length } = { ...defaults, ...hyper };
  if (k < length) return lr * factor;
  return lr;
}

// Generated from the formula by: refopt generate cosine_waves --to javascript
// Fingerprint of the formula: 640affb9c81e3b54aba9db614a284f31efe71d5ddc33eb2b1c6cfdf5f3566093
//
// A cosine down to the last rate and up again, so many times in the span, and on.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(2 * waves * pi * k / span)) / 2
//
// Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     waves   waves in the whole span, each down and up again; half of one only falls; 0 < waves; default 1
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, span: 100, waves: 1 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, span, waves } = { ...defaults, ...hyper };
  return lr_min + (lr - lr_min) * (1 + Math.cos(2 * waves * Math.PI * k / span)) / 2;
}

// Generated from the formula by: refopt generate cosine_power --to javascript
// Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
//
// A power of half a cosine from the first rate down to the last, then constant.
//
//     lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)
//
// Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree; default 2
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, lr_min: 0, period: 100, degree: 2 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, lr_min, period, degree } = { ...defaults, ...hyper };
  if (k < period) return lr_min + (lr - lr_min) * Math.pow((1 + Math.cos(Math.PI * k / period)) / 2, degree);
  return lr_min;
}

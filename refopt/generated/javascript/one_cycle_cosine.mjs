// Generated from the formula by: refopt generate one_cycle/cosine --to javascript
// Fingerprint of the formula: a8b561caf4abf7fe9171a370cd70e43089cdbb46b6b15589bf3db02930f47149
//
// Half a cosine up, and half a cosine down to far less.
//
//     lr_k <- where(k < pct_start*total_steps - 1, lr + (lr / div_factor - lr) * (1 + cos(pi * (k / (pct_start*total_steps
//             - 1)))) / 2, lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1 + cos(pi *
//             ((k - (pct_start*total_steps - 1)) / (total_steps - 1 - (pct_start*total_steps - 1))))) / 2)
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Differs from one_cycle: half cosines; one way down in place of two.
//
// Hyperparameters:
//     lr                highest learning rate; 0 <= lr; default 0.1
//     total_steps       steps in all; 2 <= total_steps; default 100
//     pct_start         share of the steps that the way up takes; 0 < pct_start < 1; default 0.3
//     div_factor        the highest rate over the first; 0 < div_factor; default 25
//     final_div_factor  the first rate over the last; 0 < final_div_factor; default 10000
//
// The rate is formed in binary64; integers up to 2^53 stay exact.
// A function such as Math.cos may differ from another library's in the last bit.

export const defaults = { lr: 0.1, total_steps: 100, pct_start: 0.3, div_factor: 25, final_div_factor: 10000 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, total_steps, pct_start, div_factor, final_div_factor } = { ...defaults, ...hyper };
  if (k < pct_start * total_steps - 1) return lr + (lr / div_factor - lr) * (1 + Math.cos(Math.PI * (k / (pct_start * total_steps - 1)))) / 2;
  return lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1 + Math.cos(Math.PI * ((k - (pct_start * total_steps - 1)) / (total_steps - 1 - (pct_start * total_steps - 1))))) / 2;
}

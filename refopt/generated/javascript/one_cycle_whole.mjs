// Generated from the formula by: refopt generate one_cycle/whole --to javascript
// Fingerprint of the formula: d8f5234d4dc6cd0a2d016ad6eb4ef7df40e44ff17d5c69da6e7b7281bb4c7ce9
//
// Half a cosine up to a whole step, half a cosine down to far less, then constant.
//
//     lr_k <- where(k < floor(pct_start*total_steps), lr + (lr / div_factor - lr) * (1 + cos(pi * (k /
//             floor(pct_start*total_steps)))) / 2, where(k < total_steps, lr / div_factor / final_div_factor + (lr - lr /
//             div_factor / final_div_factor) * (1 + cos(pi * ((k - floor(pct_start*total_steps)) / (total_steps -
//             floor(pct_start*total_steps))))) / 2, lr / div_factor / final_div_factor))
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Differs from one_cycle: half cosines that meet at whole steps; the end is one step later.
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
  if (k < Math.floor(pct_start * total_steps)) return lr + (lr / div_factor - lr) * (1 + Math.cos(Math.PI * (k / Math.floor(pct_start * total_steps)))) / 2;
  if (k < total_steps) return lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1 + Math.cos(Math.PI * ((k - Math.floor(pct_start * total_steps)) / (total_steps - Math.floor(pct_start * total_steps))))) / 2;
  return lr / div_factor / final_div_factor;
}

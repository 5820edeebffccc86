// Generated from the formula by: refopt generate linear_one_cycle --to javascript
// Fingerprint of the formula: e2eb24ddfe653fd7e82aafa05f9861e2daf853bc42f4913e1b37b4e6fdb40eed
//
// Straight lines up, down and on to far less, that meet at whole steps, then constant.
//
//     lr_k <- where(k < floor(pct_start*total_steps), lr / div_factor + (lr - lr / div_factor) * k /
//             floor(pct_start*total_steps), where(k < floor(pct_final*total_steps), lr + (lr / div_factor - lr) * (k -
//             floor(pct_start*total_steps)) / (floor(pct_final*total_steps) - floor(pct_start*total_steps)), where(k <
//             total_steps, lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * (k -
//             floor(pct_final*total_steps)) / (total_steps - floor(pct_final*total_steps)), lr / div_factor /
//             final_div_factor)))
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Source: DeepMind et al. 2020, optax.linear_onecycle_schedule: pct_final, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr                highest learning rate; 0 <= lr; default 0.1
//     total_steps       steps in all; 2 <= total_steps; default 100
//     pct_start         share of the steps that the way up takes; 0 < pct_start < 1; default 0.3
//     pct_final         share of the steps after which the first rate is reached again; 0 < pct_final < 1; default 0.85
//     div_factor        the highest rate over the first; 0 < div_factor; default 25
//     final_div_factor  the first rate over the last; 0 < final_div_factor; default 10000
//
// The rate is formed in binary64; integers up to 2^53 stay exact.

export const defaults = { lr: 0.1, total_steps: 100, pct_start: 0.3, pct_final: 0.85, div_factor: 25, final_div_factor: 10000 };

// The learning rate of step k = 0, 1, 2, ...
export function rate(k, hyper = {}) {
  if (!Number.isSafeInteger(k) || k < 0) throw new RangeError(`k = ${k}: steps are counted 0, 1, 2, ...`);
  const { lr, total_steps, pct_start, pct_final, div_factor, final_div_factor } = { ...defaults, ...hyper };
  if (k < Math.floor(pct_start * total_steps)) return lr / div_factor + (lr - lr / div_factor) * k / Math.floor(pct_start * total_steps);
  if (k < Math.floor(pct_final * total_steps)) return lr + (lr / div_factor - lr) * (k - Math.floor(pct_start * total_steps)) / (Math.floor(pct_final * total_steps) - Math.floor(pct_start * total_steps));
  if (k < total_steps) return lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * (k - Math.floor(pct_final * total_steps)) / (total_steps - Math.floor(pct_final * total_steps));
  return lr / div_factor / final_div_factor;
}

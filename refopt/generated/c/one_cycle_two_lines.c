// Generated from the formula by: refopt generate one_cycle/two_lines --to c
// Fingerprint of the formula: 8267b51d80ef02db34934071e7eb40653a724c8c31974fc3c78901912f8ffae1
//
// A straight line up, and one down to far less.
//
//     lr_k <- where(k < pct_start*total_steps - 1, lr / div_factor + (lr - lr / div_factor) * (k / (pct_start*total_steps
//             - 1)), lr + (lr / div_factor / final_div_factor - lr) * ((k - (pct_start*total_steps - 1)) / (total_steps -
//             1 - (pct_start*total_steps - 1))))
//
// Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
// Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
// Differs from one_cycle: one way down in place of two.
//
// Hyperparameters:
//     lr                highest learning rate; 0 <= lr; default 0.1
//     total_steps       steps in all; 2 <= total_steps; default 100
//     pct_start         share of the steps that the way up takes; 0 < pct_start < 1; default 0.3
//     div_factor        the highest rate over the first; 0 < div_factor; default 25
//     final_div_factor  the first rate over the last; 0 < final_div_factor; default 10000
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double one_cycle_two_lines_rate(int64_t k, double lr, int64_t total_steps, double pct_start, double div_factor, double final_div_factor);

// The learning rate of step k = 0, 1, 2, ...
double one_cycle_two_lines_rate(int64_t k, double lr, int64_t total_steps, double pct_start, double div_factor, double final_div_factor)
{
    if ((double)k < pct_start * (double)total_steps - 1) return lr / div_factor + (lr - lr / div_factor) * ((double)k / (pct_start * (double)total_steps - 1));
    return lr + (lr / div_factor / final_div_factor - lr) * (((double)k - (pct_start * (double)total_steps - 1)) / ((double)(total_steps - 1) - (pct_start * (double)total_steps - 1)));
}

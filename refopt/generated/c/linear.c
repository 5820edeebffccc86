// Generated from the formula by: refopt generate linear --to c
// Fingerprint of the formula: 79f59b759640eacb57a762fdccf903b8050876347a920087623e7946b9717df9
//
// A straight line from a share of the rate to another, then constant.
//
//     lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, span) / span)
//
// Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     start_factor  what the rate is multiplied by at step 0; 0 <= start_factor; default 1
//     end_factor    what the rate is multiplied by in the end; 0 <= end_factor; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double linear_rate(int64_t k, double lr, double start_factor, double end_factor, int64_t span);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double linear_rate(int64_t k, double lr, double start_factor, double end_factor, int64_t span)
{
    return lr * (start_factor + (end_factor - start_factor) * (double)smaller(k, span) / (double)span);
}

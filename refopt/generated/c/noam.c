// Generated from the formula by: refopt generate noam --to c
// Fingerprint of the formula: f15b4838180a736512fda5e7077b927baa8f82a4944d2668ccff6ed7e6c0acab
//
// A linear rise, then one over the root of the step.
//
//     lr_k <- lr / sqrt(model_size) * min(1 / sqrt(k + 1), (k + 1) / (warmup_steps*sqrt(warmup_steps)))
//
// Source: Vaswani et al. 2017, equation (3); step_num counts from 1, arXiv:1706.03762.
//
// Hyperparameters:
//     lr            factor of the whole; 1 in the paper; 0 <= lr; default 1
//     model_size    width of the model; 1 <= model_size; default 512
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <math.h>
#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double noam_rate(int64_t k, double lr, int64_t model_size, int64_t warmup_steps);

// The smaller one; NaN where one is NaN.
static inline double minimum(double a, double b) { return a <= b || a != a ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double noam_rate(int64_t k, double lr, int64_t model_size, int64_t warmup_steps)
{
    return lr / sqrt((double)model_size) * minimum(1 / sqrt((double)(k + 1)), (double)(k + 1) / ((double)warmup_steps * sqrt((double)warmup_steps)));
}

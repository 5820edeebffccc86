// Generated from the formula by: refopt generate warmup+exponential --to c
// Fingerprint of the formula: 142fe13581fec2dc8781200bd87bf47d27b7d96bdb030a4ed642b6688c94b017
//
// A linear rise, then: the rate falls by a factor at every step.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr*factor^(k -
//             warmup_steps))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     factor        what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double warmup_exponential_rate(int64_t k, double lr, double factor, double warmup_start, int64_t warmup_steps);

// An integer power by repeated squaring: the same products in every language.
static double power(double base, int64_t exponent)
{
    double result = 1;
    for (int64_t left = exponent < 0 ? -exponent : exponent; left; left /= 2) {
        if (left % 2) result *= base;
        base *= base;
    }
    return exponent < 0 ? 1 / result : result;
}

// The learning rate of step k = 0, 1, 2, ...
double warmup_exponential_rate(int64_t k, double lr, double factor, double warmup_start, int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    return lr * power(factor, k - warmup_steps);
}

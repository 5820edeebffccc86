// Generated from the formula by: refopt generate warmup+hard_restarts --to c
// Fingerprint of the formula: f3ab3db4a5238c3052849eb65621a4fdb711c678440770f64d10fc8bedf4d142
//
// A linear rise, then: cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
//             span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*(k - warmup_steps) - span*floor(cycles * (k -
//             warmup_steps) / span)) / span))) / 2, lr_min))
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     cycles        cosines in the whole span; 1 <= cycles; default 2
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
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

double warmup_hard_restarts_rate(int64_t k, double lr, double lr_min, int64_t span, int64_t cycles, double warmup_start,
                                 int64_t warmup_steps);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double warmup_hard_restarts_rate(int64_t k, double lr, double lr_min, int64_t span, int64_t cycles, double warmup_start,
                                 int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    if (k - warmup_steps < span) return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * ((double)(cycles * (k - warmup_steps) - span * quotient(cycles * (k - warmup_steps), span)) / (double)span))) / 2;
    return lr_min;
}

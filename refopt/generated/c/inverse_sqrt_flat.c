// Generated from the formula by: refopt generate inverse_sqrt/flat --to c
// Fingerprint of the formula: b438d3a4e8daa13ce7e4a90eccf76f007695ec660eebbc47cb49e3f71b6c08ad
//
// A constant rate, then one over the root of the step.
//
//     lr_k <- lr*sqrt(warmup_steps / max(k, warmup_steps))
//
// Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
// Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
// Differs from inverse_sqrt: holds the first rate in place of a rise; the fall counts from 0.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
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

double inverse_sqrt_flat_rate(int64_t k, double lr, int64_t warmup_steps);

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double inverse_sqrt_flat_rate(int64_t k, double lr, int64_t warmup_steps)
{
    return lr * sqrt((double)warmup_steps / (double)larger(k, warmup_steps));
}

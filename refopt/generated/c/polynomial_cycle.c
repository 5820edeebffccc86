// Generated from the formula by: refopt generate polynomial/cycle --to c
// Fingerprint of the formula: 50ce77dd9e839796f5c08faba3b8aafb0235de4566b62e164ec80f2c6ad3160b
//
// A fall that begins anew from a higher rate each time, and is longer.
//
//     lr_k <- lr_min + (lr - lr_min)*(1 - k / (span*max(1, -floor((-k) / span))))^degree
//
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
// Differs from polynomial: begins anew after each multiple of the span, and ends at the next.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     degree  power of what is left; 1 is a straight line; 0 < degree; default 1
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

double polynomial_cycle_rate(int64_t k, double lr, double lr_min, int64_t span, double degree);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double polynomial_cycle_rate(int64_t k, double lr, double lr_min, int64_t span, double degree)
{
    return lr_min + (lr - lr_min) * pow(1 - (double)k / (double)(span * larger(1, -quotient(-k, span))), degree);
}

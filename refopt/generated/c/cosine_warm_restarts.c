// Generated from the formula by: refopt generate cosine_warm_restarts --to c
// Fingerprint of the formula: 3eae8f448a3ef48f96c631573bde12e6ff0c1180f7682070f870320f846203bf
//
// Half a cosine from the first rate down to the last, again and again.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * ((k - period*floor(k / period)) / period))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_mult = 1, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from one restart to the next; 1 <= period; default 10
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

double cosine_warm_restarts_rate(int64_t k, double lr, double lr_min, int64_t period);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double cosine_warm_restarts_rate(int64_t k, double lr, double lr_min, int64_t period)
{
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * ((double)(k - period * quotient(k, period)) / (double)period))) / 2;
}

// Generated from the formula by: refopt generate cosine_warm_restarts/growing --to c
// Fingerprint of the formula: 5d3edddc57e3b844bd5f87fe183b80ab76401464258ed880f0315691f206a852
//
// Half a cosine from the first rate down to the last, each longer than the one before.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 +
//             floor((period_mult - 1) * k / period), period_mult) - 1) / (period_mult - 1)))) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
// Differs from cosine_warm_restarts: each cosine is longer than the one before by a factor.
//
// Hyperparameters:
//     lr           learning rate at the start; 0 <= lr; default 0.1
//     lr_min       learning rate at the end of the period; 0 <= lr_min; default 0
//     period       steps before the first restart; 1 <= period; default 10
//     period_mult  how many times as long each cosine is as the one before; 2 <= period_mult; default 2
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

double cosine_warm_restarts_growing_rate(int64_t k, double lr, double lr_min, int64_t period, int64_t period_mult);

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

// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
static int64_t ilog(int64_t x, int64_t base)
{
    int64_t found = 0;
    for (; base >= 2 && base <= x; x /= base) found++;
    return found;
}

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double cosine_warm_restarts_growing_rate(int64_t k, double lr, double lr_min, int64_t period, int64_t period_mult)
{
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * (((1 + (double)((period_mult - 1) * k) / (double)period) / power((double)period_mult, ilog(1 + quotient((period_mult - 1) * k, period), period_mult)) - 1) / (double)(period_mult - 1)))) / 2;
}

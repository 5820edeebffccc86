// Generated from the formula by: refopt generate inverse_time/staircase --to c
// Fingerprint of the formula: 0f9f8b6037fb987338ec20967d99de21c4a2aa689a6067741bbded675a4b753f
//
// The rate falls as one over the number of whole stretches.
//
//     lr_k <- lr / (1 + slope*floor(k / every))
//
// Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
// Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.
// Differs from inverse_time: the divisor grows once in so many steps, not at each.
//
// Hyperparameters:
//     lr     learning rate at the start; 0 <= lr; default 0.1
//     slope  growth of the divisor in so many steps; 0 <= slope; default 0.5
//     every  steps in which the divisor grows by the slope; 1 <= every; default 1
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double inverse_time_staircase_rate(int64_t k, double lr, double slope, int64_t every);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double inverse_time_staircase_rate(int64_t k, double lr, double slope, int64_t every)
{
    return lr / (1 + slope * (double)quotient(k, every));
}

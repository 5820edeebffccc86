// Generated from the formula by: refopt generate constant_factor --to c
// Fingerprint of the formula: ab8e0412ded0986e18661c43cbe1682cb82756952f96836ca1a206d157956cf5
//
// A share of the rate for some steps, then the whole.
//
//     lr_k <- where(k < span, lr*factor, lr)
//
// Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at first; 0 <= factor; default 0.1
//     span    steps with a share of the rate; 1 <= span; default 5
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double constant_factor_rate(int64_t k, double lr, double factor, int64_t span);

// The learning rate of step k = 0, 1, 2, ...
double constant_factor_rate(int64_t k, double lr, double factor, int64_t span)
{
    if (k < span) return lr * factor;
    return lr;
}

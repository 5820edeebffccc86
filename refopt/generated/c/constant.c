// Generated from the formula by: refopt generate constant --to c
// Fingerprint of the formula: 79ece0cc106b1faf700920f72f2abc4186d9f4abadcf43af86092ada2885f9e1
//
// The same rate at every step.
//
//     lr_k <- lr
//
// Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.
//
// Hyperparameters:
//     lr  learning rate at the start; 0 <= lr; default 0.1
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double constant_rate(int64_t k, double lr);

// The learning rate of step k = 0, 1, 2, ...
double constant_rate(int64_t k, double lr)
{
    (void)k;
    return lr;
}

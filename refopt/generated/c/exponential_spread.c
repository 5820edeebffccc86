// Generated from the formula by: refopt generate exponential/spread --to c
// Fingerprint of the formula: fdfb5fa7402b060d295d0457ab451ae9f535242816b14e2b0d7e36ebca7fdfba
//
// The rate falls by a factor in so many steps, a little at each.
//
//     lr_k <- lr*factor^(k / every)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: the factor is that of several steps, not of one.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//     every   steps in which the rate is multiplied once; 1 <= every; default 10
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

double exponential_spread_rate(int64_t k, double lr, double factor, int64_t every);

// The learning rate of step k = 0, 1, 2, ...
double exponential_spread_rate(int64_t k, double lr, double factor, int64_t every)
{
    return lr * pow(factor, (double)k / (double)every);
}

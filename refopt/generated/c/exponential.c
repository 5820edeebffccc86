// Generated from the formula by: refopt generate exponential --to c
// Fingerprint of the formula: 6466e2086e259ce63156d175ee5e69b28ab1325d981e1f80dc9d29c8b0bc136f
//
// The rate falls by a factor at every step.
//
//     lr_k <- lr*factor^k
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor; default 0.95
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double exponential_rate(int64_t k, double lr, double factor);

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
double exponential_rate(int64_t k, double lr, double factor)
{
    return lr * power(factor, k);
}

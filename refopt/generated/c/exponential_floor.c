// Generated from the formula by: refopt generate exponential/floor --to c
// Fingerprint of the formula: 41f5e5907e2aab67fca697d3d5be0ad5989d110eb4b58899c6455f458e914a10
//
// The rate falls by a factor at every step, down to a least rate.
//
//     lr_k <- max(lr*factor^k, lr_min)
//
// Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
// Differs from exponential: does not fall below a least rate.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by at each step; 0 <= factor < 1; default 0.95
//     lr_min  the least rate; 0 <= lr_min; default 0
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double exponential_floor_rate(int64_t k, double lr, double factor, double lr_min);

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

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double exponential_floor_rate(int64_t k, double lr, double factor, double lr_min)
{
    return maximum(lr * power(factor, k), lr_min);
}

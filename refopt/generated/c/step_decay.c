// Generated from the formula by: refopt generate step_decay --to c
// Fingerprint of the formula: c0b54afa81e13b3492dff426cae7a5939da3ed094eb5c8d74c6af147f3bb0c60
//
// The rate falls by a factor every N epochs.
//
//     lr_k <- lr*factor^floor(k / every)
//
// Source: Ge et al. 2019, Algorithm 1, the step decay schedule, arXiv:1904.12838.
// Source: Szegedy et al. 2015, section 6, 4 percent less every 8 epochs, arXiv:1409.4842.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     factor  what the rate is multiplied by; 0 <= factor; default 0.1
//     every   epochs between two falls; 1 <= every; default 30
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double step_decay_rate(int64_t k, double lr, double factor, int64_t every);

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

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double step_decay_rate(int64_t k, double lr, double factor, int64_t every)
{
    return lr * power(factor, quotient(k, every));
}

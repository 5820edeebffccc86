// Generated from the formula by: refopt generate cyclic/triangular2 --to c
// Fingerprint of the formula: d8a8c200d919bc9772764aa27445bbe0c91c5aa9489c589a9577807ade34344b
//
// A line up and down again, half as high each time.
//
//     lr_k <- lr + (lr_max - lr) * (1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle) /
//             2^floor(k / (2*half_cycle))
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
// Differs from cyclic: the height is halved after each cycle.
//
// Hyperparameters:
//     lr          lowest learning rate; 0 <= lr; default 0.1
//     lr_max      highest learning rate; 0 <= lr_max; default 0.2
//     half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle; default 10
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

double cyclic_triangular2_rate(int64_t k, double lr, double lr_max, int64_t half_cycle);

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
double cyclic_triangular2_rate(int64_t k, double lr, double lr_max, int64_t half_cycle)
{
    return lr + (lr_max - lr) * (1 - fabs((double)(k - 2 * half_cycle * quotient(k, 2 * half_cycle) - half_cycle)) / (double)half_cycle) / power(2, quotient(k, 2 * half_cycle));
}

// Generated from the formula by: refopt generate cyclic --to c
// Fingerprint of the formula: b610223df3b33db819decb3e05762ace74ad5a356242620a0383d7e902fda9e3
//
// A straight line up to the highest rate and down again, over and over.
//
//     lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)
//
// Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
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

double cyclic_rate(int64_t k, double lr, double lr_max, int64_t half_cycle);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double cyclic_rate(int64_t k, double lr, double lr_max, int64_t half_cycle)
{
    return lr + (lr_max - lr) * (1 - fabs((double)(k - 2 * half_cycle * quotient(k, 2 * half_cycle) - half_cycle)) / (double)half_cycle);
}

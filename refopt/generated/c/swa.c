// Generated from the formula by: refopt generate swa --to c
// Fingerprint of the formula: c8151a71bf16c8ac39f7ae578e0c8f1471e020be3256e181294bec113160f928
//
// A straight line down in each cycle, which begins below the first rate and ends at the last.
//
//     lr_k <- lr + (lr_min - lr) * (k - every*floor(k / every) + 1) / every
//
// Source: Izmailov et al. 2018, section 3.2, alpha(i) of step i = k + 1, arXiv:1803.05407.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of each cycle; 0 <= lr_min; default 0
//     every   steps of a cycle; 1 <= every; default 10
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double swa_rate(int64_t k, double lr, double lr_min, int64_t every);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double swa_rate(int64_t k, double lr, double lr_min, int64_t every)
{
    return lr + (lr_min - lr) * (double)(k - every * quotient(k, every) + 1) / (double)every;
}

// Generated from the formula by: refopt generate hard_restarts --to c
// Fingerprint of the formula: c5ba66a666167eacdc38337a95a6b4ad5d86f2260ff593a874801dd60df7be22
//
// Cosines of equal length from the first rate down to the last, then constant.
//
//     lr_k <- where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*k - span*floor(cycles * k / span)) / span)))
//             / 2, lr_min)
//
// Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     cycles  cosines in the whole span; 1 <= cycles; default 2
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

double hard_restarts_rate(int64_t k, double lr, double lr_min, int64_t span, int64_t cycles);

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The learning rate of step k = 0, 1, 2, ...
double hard_restarts_rate(int64_t k, double lr, double lr_min, int64_t span, int64_t cycles)
{
    if (k < span) return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * ((double)(cycles * k - span * quotient(cycles * k, span)) / (double)span))) / 2;
    return lr_min;
}

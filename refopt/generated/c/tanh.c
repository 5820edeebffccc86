// Generated from the formula by: refopt generate tanh --to c
// Fingerprint of the formula: 8f20b001014c3d847275331e8edcff7d54f18f584711870ca936fdbff13566c3
//
// A hyperbolic tangent from nearly the first rate to nearly the last, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * min(k, span) / span - lower)) / 2
//
// Source: Hsueh et al. 2019, equation (3), HTD(L, U), arXiv:1806.01593.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     lower   how far below 0 the tangent begins: -L in the paper; 0 <= lower; default 6
//     upper   how far above 0 the tangent ends; 0 <= upper; default 3
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

double tanh_rate(int64_t k, double lr, double lr_min, int64_t span, double lower, double upper);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double tanh_rate(int64_t k, double lr, double lr_min, int64_t span, double lower, double upper)
{
    return lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * (double)smaller(k, span) / (double)span - lower)) / 2;
}

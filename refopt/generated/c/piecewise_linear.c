// Generated from the formula by: refopt generate piecewise_linear --to c
// Fingerprint of the formula: c1675a9f4b4ac18c9eda9f81f471ccd6b2352f32f1a33a18158f0a7f6a6cddb3
//
// Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * (min(k, length_1) / length_1))*(1 + (scale_2 - 1) * (max(min(k - length_1,
//             length_2), 0) / length_2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     length_1  steps of the first line; 1 <= length_1; default 30
//     scale_1   the rate after the first line over the first rate; 0 <= scale_1; default 0.1
//     length_2  steps of the second line; 1 <= length_2; default 50
//     scale_2   the last rate over the one after the first line; 0 <= scale_2; default 0.01
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double piecewise_linear_rate(int64_t k, double lr, int64_t length_1, double scale_1, int64_t length_2, double scale_2);

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double piecewise_linear_rate(int64_t k, double lr, int64_t length_1, double scale_1, int64_t length_2, double scale_2)
{
    return lr * (1 + (scale_1 - 1) * ((double)smaller(k, length_1) / (double)length_1)) * (1 + (scale_2 - 1) * ((double)larger(smaller(k - length_1, length_2), 0) / (double)length_2));
}

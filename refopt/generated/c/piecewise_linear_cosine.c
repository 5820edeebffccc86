// Generated from the formula by: refopt generate piecewise_linear/cosine --to c
// Fingerprint of the formula: dc5efcd8003b763849d727fcb9ad44cb7894d6b8c13e2c6e7a37091b90510455
//
// Half cosines from the first rate to a multiple of it, and from there to a multiple of that.
//
//     lr_k <- lr*(1 + (scale_1 - 1) * ((1 - cos(pi * (min(k, length_1) / length_1))) / 2))*(1 + (scale_2 - 1) * ((1 -
//             cos(pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))
//
// Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
// Differs from piecewise_linear: half cosines in place of straight lines.
//
// Hyperparameters:
//     lr        learning rate at the start; 0 <= lr; default 0.1
//     length_1  steps of the first line; 1 <= length_1; default 30
//     scale_1   the rate after the first line over the first rate; 0 <= scale_1; default 0.1
//     length_2  steps of the second line; 1 <= length_2; default 50
//     scale_2   the last rate over the one after the first line; 0 <= scale_2; default 0.01
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

double piecewise_linear_cosine_rate(int64_t k, double lr, int64_t length_1, double scale_1, int64_t length_2, double scale_2);

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double piecewise_linear_cosine_rate(int64_t k, double lr, int64_t length_1, double scale_1, int64_t length_2, double scale_2)
{
    return lr * (1 + (scale_1 - 1) * ((1 - cos(3.14159265358979323846 * ((double)smaller(k, length_1) / (double)length_1))) / 2)) * (1 + (scale_2 - 1) * ((1 - cos(3.14159265358979323846 * ((double)larger(smaller(k - length_1, length_2), 0) / (double)length_2))) / 2));
}

// Generated from the formula by: refopt generate cosine_k_decay --to c
// Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
//
// Half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2
//
// Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree; default 1.5
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

double cosine_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double cosine_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree)
{
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * pow((double)smaller(k, period) / (double)period, degree))) / 2;
}

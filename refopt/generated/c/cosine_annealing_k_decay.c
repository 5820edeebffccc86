// Generated from the formula by: refopt generate cosine_annealing/k_decay --to c
// Fingerprint of the formula: 69aebefd4de9fbdfa4aca8075e5a7c6e60a293e7cf59d7697f142373e99cff28
//
// Half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from cosine_annealing: the share of the steps is raised to a power.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power that the curve is raised to; 0 < degree; default 1
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

double cosine_annealing_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double cosine_annealing_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree)
{
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * pow((double)smaller(k, period) / (double)period, degree))) / 2;
}

// Generated from the formula by: refopt generate cosine_annealing/periodic --to c
// Fingerprint of the formula: 179b4be210c7cbe31b692f9bf8be09aa59cc3efe99c3bdef75ad47f51274bef7
//
// A cosine that rises again after the period.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * k / period)) / 2
//
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from cosine_annealing: rises again after the period.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
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

double cosine_annealing_periodic_rate(int64_t k, double lr, double lr_min, int64_t period);

// The learning rate of step k = 0, 1, 2, ...
double cosine_annealing_periodic_rate(int64_t k, double lr, double lr_min, int64_t period)
{
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * (double)k / (double)period)) / 2;
}

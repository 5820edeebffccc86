// Generated from the formula by: refopt generate cosine_power --to c
// Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
//
// A power of half a cosine from the first rate down to the last, then constant.
//
//     lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)
//
// Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     period  steps from the first rate to the last; 1 <= period; default 100
//     degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree; default 2
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

double cosine_power_rate(int64_t k, double lr, double lr_min, int64_t period, double degree);

// The learning rate of step k = 0, 1, 2, ...
double cosine_power_rate(int64_t k, double lr, double lr_min, int64_t period, double degree)
{
    if (k < period) return lr_min + (lr - lr_min) * pow((1 + cos(3.14159265358979323846 * (double)k / (double)period)) / 2, degree);
    return lr_min;
}

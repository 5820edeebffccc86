// Generated from the formula by: refopt generate cosine_waves --to c
// Fingerprint of the formula: 640affb9c81e3b54aba9db614a284f31efe71d5ddc33eb2b1c6cfdf5f3566093
//
// A cosine down to the last rate and up again, so many times in the span, and on.
//
//     lr_k <- lr_min + (lr - lr_min) * (1 + cos(2 * waves * pi * k / span)) / 2
//
// Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.
//
// Hyperparameters:
//     lr      learning rate at the start; 0 <= lr; default 0.1
//     lr_min  learning rate at the end of the period; 0 <= lr_min; default 0
//     span    steps from the first rate to the last; 1 <= span; default 100
//     waves   waves in the whole span, each down and up again; half of one only falls; 0 < waves; default 1
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

double cosine_waves_rate(int64_t k, double lr, double lr_min, int64_t span, double waves);

// The learning rate of step k = 0, 1, 2, ...
double cosine_waves_rate(int64_t k, double lr, double lr_min, int64_t span, double waves)
{
    return lr_min + (lr - lr_min) * (1 + cos(2 * waves * 3.14159265358979323846 * (double)k / (double)span)) / 2;
}

// Generated from the formula by: refopt generate warmup --to c
// Fingerprint of the formula: d5c1b4a3f4d07666b9a01768bbe340870b0ca4e1b855288e9c48b6f721a2a54b
//
// A linear rise, then: the same rate at every step.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double warmup_rate(int64_t k, double lr, double warmup_start, int64_t warmup_steps);

// The learning rate of step k = 0, 1, 2, ...
double warmup_rate(int64_t k, double lr, double warmup_start, int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    return lr;
}

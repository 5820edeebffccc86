// Generated from the formula by: refopt generate inverse_sqrt --to c
// Fingerprint of the formula: 9a9a47988bdb8e8098967054ad7b647f26121a2d700fca230f14670493b9913e
//
// A linear rise from 0, then one over the root of the step.
//
//     lr_k <- where(k < warmup_steps, lr * k / warmup_steps, lr*sqrt(timescale / (k + timescale - warmup_steps)))
//
// Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
// Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//     timescale     steps after the rise in which the rate falls by the root of 2; 1 <= timescale; default 10
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

double inverse_sqrt_rate(int64_t k, double lr, int64_t warmup_steps, int64_t timescale);

// The learning rate of step k = 0, 1, 2, ...
double inverse_sqrt_rate(int64_t k, double lr, int64_t warmup_steps, int64_t timescale)
{
    if (k < warmup_steps) return lr * (double)k / (double)warmup_steps;
    return lr * sqrt((double)timescale / (double)(k + timescale - warmup_steps));
}

// Generated from the formula by: refopt generate wsd/cosine --to c
// Fingerprint of the formula: b788c4b9b309f6e4aee8e7ee5e46fd5900d2047451ac185b459bf8855dc29887
//
// A linear rise, a constant rate, then half a cosine down to the last one.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
//             stable_steps, lr, lr_min + (lr - lr_min) * ((1 + cos(pi * (min(k - warmup_steps - stable_steps, span) /
//             span))) / 2)))
//
// Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
// Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
// Differs from wsd: falls as half a cosine.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
//     stable_steps  steps at the whole rate; 1 <= stable_steps; default 10
//     span          steps of the fall; 1 <= span; default 10
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

double wsd_cosine_rate(int64_t k, double lr, double lr_min, double warmup_start, int64_t warmup_steps, int64_t stable_steps, int64_t span);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double wsd_cosine_rate(int64_t k, double lr, double lr_min, double warmup_start, int64_t warmup_steps, int64_t stable_steps, int64_t span)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    if (k < warmup_steps + stable_steps) return lr;
    return lr_min + (lr - lr_min) * ((1 + cos(3.14159265358979323846 * ((double)smaller(k - warmup_steps - stable_steps, span) / (double)span))) / 2);
}

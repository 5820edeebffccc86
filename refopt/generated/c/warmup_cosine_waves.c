// Generated from the formula by: refopt generate warmup+cosine_waves --to c
// Fingerprint of the formula: 8050dbaaa7d5a8b5dcb59469779002826bc00170659a45cd2f7c76079f6671c6
//
// A linear rise, then: a cosine down to the last rate and up again, so many times in the span, and on.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
//             (1 + cos(2 * waves * pi * (k - warmup_steps) / span)) / 2)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     waves         waves in the whole span, each down and up again; half of one only falls; 0 < waves; default 1
//     warmup_start  share of the first rate at step 0; 0 <= warmup_start; default 0
//     warmup_steps  steps of the rise; 1 <= warmup_steps; default 10
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

double warmup_cosine_waves_rate(int64_t k, double lr, double lr_min, int64_t span, double waves, double warmup_start, int64_t warmup_steps);

// The learning rate of step k = 0, 1, 2, ...
double warmup_cosine_waves_rate(int64_t k, double lr, double lr_min, int64_t span, double waves, double warmup_start, int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    return lr_min + (lr - lr_min) * (1 + cos(2 * waves * 3.14159265358979323846 * (double)(k - warmup_steps) / (double)span)) / 2;
}

// Generated from the formula by: refopt generate warmup+polynomial --to c
// Fingerprint of the formula: 8c39bed034d4fd1e0f7ccaad21f6e4440fc915a1c66ff8e9b0ff5d0258a97144
//
// A linear rise, then: a power of the share of the steps that is left, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min)*(1
//             - min(k - warmup_steps, span) / span)^degree)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
// Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end; 0 <= lr_min; default 0
//     span          steps from the first rate to the last; 1 <= span; default 100
//     degree        power of what is left; 1 is a straight line; 0 < degree; default 1
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

double warmup_polynomial_rate(int64_t k, double lr, double lr_min, int64_t span, double degree, double warmup_start, int64_t warmup_steps);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double warmup_polynomial_rate(int64_t k, double lr, double lr_min, int64_t span, double degree, double warmup_start, int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    return lr_min + (lr - lr_min) * pow(1 - (double)smaller(k - warmup_steps, span) / (double)span, degree);
}

// Generated from the formula by: refopt generate warmup+cosine_annealing/k_decay --to c
// Fingerprint of the formula: 0be9752be84c9f2689567b83e94e05686540ce83670eb29e9649cbbff761b208
//
// A linear rise, then: half a cosine of a power of the share of the steps, then constant.
//
//     lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
//             (1 + cos(pi*(min(k - warmup_steps, period) / period)^degree)) / 2)
//
// Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
// Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
// Differs from warmup+cosine_annealing: the share of the steps is raised to a power.
//
// Hyperparameters:
//     lr            learning rate at the start; 0 <= lr; default 0.1
//     lr_min        learning rate at the end of the period; 0 <= lr_min; default 0
//     period        steps from the first rate to the last; 1 <= period; default 100
//     degree        power that the curve is raised to; 0 < degree; default 1
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

double warmup_cosine_annealing_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree, double warmup_start,
                                            int64_t warmup_steps);

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The learning rate of step k = 0, 1, 2, ...
double warmup_cosine_annealing_k_decay_rate(int64_t k, double lr, double lr_min, int64_t period, double degree, double warmup_start,
                                            int64_t warmup_steps)
{
    if (k < warmup_steps) return lr * (warmup_start + (1 - warmup_start) * (double)k / (double)warmup_steps);
    return lr_min + (lr - lr_min) * (1 + cos(3.14159265358979323846 * pow((double)smaller(k - warmup_steps, period) / (double)period, degree))) / 2;
}

// Generated from the formula by: refopt generate asgd/rate_before --to c
// Fingerprint of the formula: 60aca35d9b798da16d0557cabc886dbb9e6cb03f1fbe3ab2d4e95d5887a4adbf
//
// ASGD whose rate was made at the update before.
//
//     rate  <- where(t = 1, lr, eta)
//     theta <- theta*(1 - lambd*rate) - rate*g
//     ax    <- ax + mu*(theta - ax)
//     eta   <- lr / (1 + lambd*lr*t)^alpha
//     mu    <- 1 / max(1, t - averaged_after)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
// Differs from asgd: a changed rate acts one update late.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     lambd           decay of the weights, and of the rate; 0 <= lambd; default 0.0001
//     alpha           exponent of the fall of the rate; 0 <= alpha; default 0.75
//     averaged_after  the update after which the average begins; 0 <= averaged_after; default 1000000
//
// C99. A step changes theta and the state in place, elements begin to end - 1 of each array, so that threads can share it;
// arrays must not overlap. Once a step, and before it, the scalars are formed in double and rounded once to the arrays'
// format. t counts updates from 1. Nothing is checked: hyperparameters belong to the domains above.
// Bits are those of every other backend where only + - * / sqrt are used: compile with -ffp-contract=off and without
// -ffast-math; -O3 -fno-math-errno makes the loop a vector loop and changes no bit.

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

typedef struct {
    double complement;
    double rate;
    double mu_before;
} asgd_rate_before_scalars_float64;

void asgd_rate_before_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict ax, double *eta_kept,
                                   double *mu_kept);
asgd_rate_before_scalars_float64 asgd_rate_before_form_float64(int64_t t, double *eta_kept, double *mu_kept, double lr, double lambd,
                                                               double alpha, double averaged_after);
void asgd_rate_before_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict ax,
                                   const asgd_rate_before_scalars_float64 *scalars);

typedef struct {
    float complement;
    float rate;
    float mu_before;
} asgd_rate_before_scalars_float32;

void asgd_rate_before_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict ax, double *eta_kept,
                                   double *mu_kept);
asgd_rate_before_scalars_float32 asgd_rate_before_form_float32(int64_t t, double *eta_kept, double *mu_kept, double lr, double lambd,
                                                               double alpha, double averaged_after);
void asgd_rate_before_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict ax,
                                   const asgd_rate_before_scalars_float32 *scalars);

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }

// The state before the first update.
void asgd_rate_before_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict ax, double *eta_kept,
                                   double *mu_kept)
{
    *eta_kept = 0;
    *mu_kept = 1;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        ax[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
asgd_rate_before_scalars_float64 asgd_rate_before_form_float64(int64_t t, double *eta_kept, double *mu_kept, double lr, double lambd,
                                                               double alpha, double averaged_after)
{
    double eta = *eta_kept;
    double mu = *mu_kept;
    const double mu_before = mu;
    const double rate = t == 1 ? lr : eta;
    eta = lr / pow(1 + lambd * lr * (double)t, alpha);
    mu = 1 / maximum(1, (double)t - averaged_after);
    *eta_kept = eta;
    *mu_kept = mu;
    return (asgd_rate_before_scalars_float64){
        .complement = 1 - lambd * rate,
        .rate = rate,
        .mu_before = mu_before,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void asgd_rate_before_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict ax,
                                   const asgd_rate_before_scalars_float64 *scalars)
{
    const double complement = scalars->complement;
    const double rate = scalars->rate;
    const double mu_before = scalars->mu_before;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] * complement - rate * g[i];
        ax[i] = ax[i] + mu_before * (theta[i] - ax[i]);
    }
}

// The state before the first update.
void asgd_rate_before_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict ax, double *eta_kept,
                                   double *mu_kept)
{
    *eta_kept = 0;
    *mu_kept = 1;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        ax[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
asgd_rate_before_scalars_float32 asgd_rate_before_form_float32(int64_t t, double *eta_kept, double *mu_kept, double lr, double lambd,
                                                               double alpha, double averaged_after)
{
    double eta = *eta_kept;
    double mu = *mu_kept;
    const double mu_before = mu;
    const double rate = t == 1 ? lr : eta;
    eta = lr / pow(1 + lambd * lr * (double)t, alpha);
    mu = 1 / maximum(1, (double)t - averaged_after);
    *eta_kept = eta;
    *mu_kept = mu;
    return (asgd_rate_before_scalars_float32){
        .complement = (float)(1 - lambd * rate),
        .rate = (float)rate,
        .mu_before = (float)mu_before,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void asgd_rate_before_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict ax,
                                   const asgd_rate_before_scalars_float32 *scalars)
{
    const float complement = scalars->complement;
    const float rate = scalars->rate;
    const float mu_before = scalars->mu_before;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] * complement - rate * g[i];
        ax[i] = ax[i] + mu_before * (theta[i] - ax[i]);
    }
}

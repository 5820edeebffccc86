// Generated from the formula by: refopt generate asgd --to c
// Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
//
// Gradient descent with a falling rate, and the average of its parameters.
//
//     eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
//     mu    <- 1 / max(1, t - 1 - averaged_after)
//     theta <- theta*(1 - lambd*eta) - eta*g
//     ax    <- ax + mu*(theta - ax)
//
// Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
// Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.
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
    double eta;
    double mu;
} asgd_scalars_float64;

void asgd_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict ax);
asgd_scalars_float64 asgd_form_float64(int64_t t, double lr, double lambd, double alpha, double averaged_after);
void asgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict ax,
                       const asgd_scalars_float64 *scalars);

typedef struct {
    float complement;
    float eta;
    float mu;
} asgd_scalars_float32;

void asgd_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict ax);
asgd_scalars_float32 asgd_form_float32(int64_t t, double lr, double lambd, double alpha, double averaged_after);
void asgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict ax,
                       const asgd_scalars_float32 *scalars);

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }

// The state before the first update.
void asgd_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict ax)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        ax[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
asgd_scalars_float64 asgd_form_float64(int64_t t, double lr, double lambd, double alpha, double averaged_after)
{
    const double eta = lr / pow(1 + lambd * lr * (double)(t - 1), alpha);
    const double mu = 1 / maximum(1, (double)(t - 1) - averaged_after);
    return (asgd_scalars_float64){
        .complement = 1 - lambd * eta,
        .eta = eta,
        .mu = mu,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void asgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict ax,
                       const asgd_scalars_float64 *scalars)
{
    const double complement = scalars->complement;
    const double eta = scalars->eta;
    const double mu = scalars->mu;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] * complement - eta * g[i];
        ax[i] = ax[i] + mu * (theta[i] - ax[i]);
    }
}

// The state before the first update.
void asgd_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict ax)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        ax[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
asgd_scalars_float32 asgd_form_float32(int64_t t, double lr, double lambd, double alpha, double averaged_after)
{
    const double eta = lr / pow(1 + lambd * lr * (double)(t - 1), alpha);
    const double mu = 1 / maximum(1, (double)(t - 1) - averaged_after);
    return (asgd_scalars_float32){
        .complement = (float)(1 - lambd * eta),
        .eta = (float)eta,
        .mu = (float)mu,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void asgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict ax,
                       const asgd_scalars_float32 *scalars)
{
    const float complement = scalars->complement;
    const float eta = scalars->eta;
    const float mu = scalars->mu;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] * complement - eta * g[i];
        ax[i] = ax[i] + mu * (theta[i] - ax[i]);
    }
}

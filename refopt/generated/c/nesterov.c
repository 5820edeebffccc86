// Generated from the formula by: refopt generate nesterov --to c
// Fingerprint of the formula: a2c74295eb88ffad12bb99f42ee0ad92f700804286fdb1d709cfe5401befa919
//
// Nesterov momentum at the look-ahead point, learning rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - (momentum*v + lr*g)
//
// Source: Nesterov 1983, method (7), Doklady 269:543-547.
// Source: Sutskever et al. 2013, equations (3) and (4), at the look-ahead point, proceedings.mlr.press/v28/sutskever13.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.01
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//
// C99. A step changes theta and the state in place, elements begin to end - 1 of each array, so that threads can share it;
// arrays must not overlap. Once a step, and before it, the scalars are formed in double and rounded once to the arrays'
// format. t counts updates from 1. Nothing is checked: hyperparameters belong to the domains above.
// Bits are those of every other backend where only + - * / sqrt are used: compile with -ffp-contract=off and without
// -ffast-math; -O3 -fno-math-errno makes the loop a vector loop and changes no bit.

#include <stddef.h>
#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

typedef struct {
    double momentum;
    double lr;
} nesterov_scalars_float64;

void nesterov_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
nesterov_scalars_float64 nesterov_form_float64(int64_t t, double lr, double momentum);
void nesterov_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                           const nesterov_scalars_float64 *scalars);

typedef struct {
    float momentum;
    float lr;
} nesterov_scalars_float32;

void nesterov_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
nesterov_scalars_float32 nesterov_form_float32(int64_t t, double lr, double momentum);
void nesterov_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                           const nesterov_scalars_float32 *scalars);

// The state before the first update.
void nesterov_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
nesterov_scalars_float64 nesterov_form_float64(int64_t t, double lr, double momentum)
{
    (void)t;
    return (nesterov_scalars_float64){
        .momentum = momentum,
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void nesterov_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                           const nesterov_scalars_float64 *scalars)
{
    const double momentum = scalars->momentum;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - (momentum * v[i] + lr * g[i]);
    }
}

// The state before the first update.
void nesterov_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
nesterov_scalars_float32 nesterov_form_float32(int64_t t, double lr, double momentum)
{
    (void)t;
    return (nesterov_scalars_float32){
        .momentum = (float)momentum,
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void nesterov_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                           const nesterov_scalars_float32 *scalars)
{
    const float momentum = scalars->momentum;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - (momentum * v[i] + lr * g[i]);
    }
}

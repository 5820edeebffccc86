// Generated from the formula by: refopt generate momentum/dampened --to c
// Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
//
// Momentum with a dampened gradient, learning rate outside.
//
//     v     <- momentum*v + (1 - dampening)*g
//     theta <- theta - lr*v
//
// Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
// Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.
//
// Hyperparameters:
//     lr         step size; 0 <= lr; default 0.01
//     momentum   share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     dampening  share of the gradient that is held back; 0 <= dampening < 1; default 0
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
    double one_minus_dampening;
    double momentum;
    double lr;
} momentum_dampened_scalars_float64;

void momentum_dampened_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
momentum_dampened_scalars_float64 momentum_dampened_form_float64(int64_t t, double lr, double momentum, double dampening);
void momentum_dampened_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                    const momentum_dampened_scalars_float64 *scalars);

typedef struct {
    float one_minus_dampening;
    float momentum;
    float lr;
} momentum_dampened_scalars_float32;

void momentum_dampened_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
momentum_dampened_scalars_float32 momentum_dampened_form_float32(int64_t t, double lr, double momentum, double dampening);
void momentum_dampened_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                    const momentum_dampened_scalars_float32 *scalars);

// The state before the first update.
void momentum_dampened_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_dampened_scalars_float64 momentum_dampened_form_float64(int64_t t, double lr, double momentum, double dampening)
{
    (void)t;
    return (momentum_dampened_scalars_float64){
        .one_minus_dampening = 1 - dampening,
        .momentum = momentum,
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_dampened_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                    const momentum_dampened_scalars_float64 *scalars)
{
    const double one_minus_dampening = scalars->one_minus_dampening;
    const double momentum = scalars->momentum;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + one_minus_dampening * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

// The state before the first update.
void momentum_dampened_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_dampened_scalars_float32 momentum_dampened_form_float32(int64_t t, double lr, double momentum, double dampening)
{
    (void)t;
    return (momentum_dampened_scalars_float32){
        .one_minus_dampening = (float)(1 - dampening),
        .momentum = (float)momentum,
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_dampened_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                    const momentum_dampened_scalars_float32 *scalars)
{
    const float one_minus_dampening = scalars->one_minus_dampening;
    const float momentum = scalars->momentum;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + one_minus_dampening * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

// Generated from the formula by: refopt generate momentum/ema --to c
// Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
//
// Momentum as an average of the gradients.
//
//     v     <- momentum*v + (1 - momentum)*g
//     theta <- theta - lr*v
//
// Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
// Differs from momentum: the gradient enters (1 - momentum) times.
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
    double one_minus_momentum;
    double momentum;
    double lr;
} momentum_ema_scalars_float64;

void momentum_ema_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
momentum_ema_scalars_float64 momentum_ema_form_float64(int64_t t, double lr, double momentum);
void momentum_ema_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                               const momentum_ema_scalars_float64 *scalars);

typedef struct {
    float one_minus_momentum;
    float momentum;
    float lr;
} momentum_ema_scalars_float32;

void momentum_ema_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
momentum_ema_scalars_float32 momentum_ema_form_float32(int64_t t, double lr, double momentum);
void momentum_ema_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                               const momentum_ema_scalars_float32 *scalars);

// The state before the first update.
void momentum_ema_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_ema_scalars_float64 momentum_ema_form_float64(int64_t t, double lr, double momentum)
{
    (void)t;
    return (momentum_ema_scalars_float64){
        .one_minus_momentum = 1 - momentum,
        .momentum = momentum,
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_ema_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                               const momentum_ema_scalars_float64 *scalars)
{
    const double one_minus_momentum = scalars->one_minus_momentum;
    const double momentum = scalars->momentum;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + one_minus_momentum * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

// The state before the first update.
void momentum_ema_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_ema_scalars_float32 momentum_ema_form_float32(int64_t t, double lr, double momentum)
{
    (void)t;
    return (momentum_ema_scalars_float32){
        .one_minus_momentum = (float)(1 - momentum),
        .momentum = (float)momentum,
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_ema_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                               const momentum_ema_scalars_float32 *scalars)
{
    const float one_minus_momentum = scalars->one_minus_momentum;
    const float momentum = scalars->momentum;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + one_minus_momentum * g[i];
        theta[i] = theta[i] - lr * v[i];
    }
}

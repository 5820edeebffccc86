// Generated from the formula by: refopt generate momentum --to c
// Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
//
// Momentum, learning rate inside the velocity.
//
//     v     <- momentum*v + lr*g
//     theta <- theta - v
//
// Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
// Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.
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
} momentum_scalars_float64;

void momentum_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
momentum_scalars_float64 momentum_form_float64(int64_t t, double lr, double momentum);
void momentum_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                           const momentum_scalars_float64 *scalars);

typedef struct {
    float momentum;
    float lr;
} momentum_scalars_float32;

void momentum_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
momentum_scalars_float32 momentum_form_float32(int64_t t, double lr, double momentum);
void momentum_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                           const momentum_scalars_float32 *scalars);

// The state before the first update.
void momentum_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_scalars_float64 momentum_form_float64(int64_t t, double lr, double momentum)
{
    (void)t;
    return (momentum_scalars_float64){
        .momentum = momentum,
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                           const momentum_scalars_float64 *scalars)
{
    const double momentum = scalars->momentum;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - v[i];
    }
}

// The state before the first update.
void momentum_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
momentum_scalars_float32 momentum_form_float32(int64_t t, double lr, double momentum)
{
    (void)t;
    return (momentum_scalars_float32){
        .momentum = (float)momentum,
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void momentum_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                           const momentum_scalars_float32 *scalars)
{
    const float momentum = scalars->momentum;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + lr * g[i];
        theta[i] = theta[i] - v[i];
    }
}

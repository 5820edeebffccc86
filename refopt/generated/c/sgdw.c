// Generated from the formula by: refopt generate sgdw --to c
// Fingerprint of the formula: 02099a8e38d1f738f56719a8a2acd647d3651b9e25b5b9765eea11cbb87204f0
//
// Momentum with decoupled weight decay.
//
//     v     <- momentum*v + g
//     theta <- theta - lr*weight_decay*theta - lr*v
//
// Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, the rate outside the velocity, arXiv:1711.05101.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the velocity that is kept; 0 <= momentum < 1; default 0.9
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
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
    double lr_times_weight_decay;
    double momentum;
    double lr;
} sgdw_scalars_float64;

void sgdw_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
sgdw_scalars_float64 sgdw_form_float64(int64_t t, double lr, double momentum, double weight_decay);
void sgdw_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                       const sgdw_scalars_float64 *scalars);

typedef struct {
    float lr_times_weight_decay;
    float momentum;
    float lr;
} sgdw_scalars_float32;

void sgdw_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
sgdw_scalars_float32 sgdw_form_float32(int64_t t, double lr, double momentum, double weight_decay);
void sgdw_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                       const sgdw_scalars_float32 *scalars);

// The state before the first update.
void sgdw_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
sgdw_scalars_float64 sgdw_form_float64(int64_t t, double lr, double momentum, double weight_decay)
{
    (void)t;
    return (sgdw_scalars_float64){
        .lr_times_weight_decay = lr * weight_decay,
        .momentum = momentum,
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sgdw_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                       const sgdw_scalars_float64 *scalars)
{
    const double lr_times_weight_decay = scalars->lr_times_weight_decay;
    const double momentum = scalars->momentum;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + g[i];
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - lr * v[i];
    }
}

// The state before the first update.
void sgdw_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
sgdw_scalars_float32 sgdw_form_float32(int64_t t, double lr, double momentum, double weight_decay)
{
    (void)t;
    return (sgdw_scalars_float32){
        .lr_times_weight_decay = (float)(lr * weight_decay),
        .momentum = (float)momentum,
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sgdw_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                       const sgdw_scalars_float32 *scalars)
{
    const float lr_times_weight_decay = scalars->lr_times_weight_decay;
    const float momentum = scalars->momentum;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = momentum * v[i] + g[i];
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - lr * v[i];
    }
}

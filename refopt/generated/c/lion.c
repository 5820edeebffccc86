// Generated from the formula by: refopt generate lion --to c
// Fingerprint of the formula: edb2c265c6146cc2ad31ce9d6b535e57e8ca88618273905725f8638957240643
//
// The sign of an interpolated momentum.
//
//     c     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(sign(c) + weight_decay*theta)
//     m     <- beta2*m + (1 - beta2)*g
//
// Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0001
//     beta1         share of the momentum in the step; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the momentum; 0 <= beta2 < 1; default 0.99
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
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
    double one_minus_beta1;
    double one_minus_beta2;
    double beta1;
    double lr;
    double weight_decay;
    double beta2;
} lion_scalars_float64;

void lion_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m);
lion_scalars_float64 lion_form_float64(int64_t t, double lr, double beta1, double beta2, double weight_decay);
void lion_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                       const lion_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float one_minus_beta2;
    float beta1;
    float lr;
    float weight_decay;
    float beta2;
} lion_scalars_float32;

void lion_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m);
lion_scalars_float32 lion_form_float32(int64_t t, double lr, double beta1, double beta2, double weight_decay);
void lion_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                       const lion_scalars_float32 *scalars);

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// The state before the first update.
void lion_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
lion_scalars_float64 lion_form_float64(int64_t t, double lr, double beta1, double beta2, double weight_decay)
{
    (void)t;
    return (lion_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .beta1 = beta1,
        .lr = lr,
        .weight_decay = weight_decay,
        .beta2 = beta2,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void lion_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                       const lion_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double beta1 = scalars->beta1;
    const double lr = scalars->lr;
    const double weight_decay = scalars->weight_decay;
    const double beta2 = scalars->beta2;

    for (size_t i = begin; i < end; i++) {
        const double c = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (sign(c) + weight_decay * theta[i]);
        m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
    }
}

// The state before the first update.
void lion_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
lion_scalars_float32 lion_form_float32(int64_t t, double lr, double beta1, double beta2, double weight_decay)
{
    (void)t;
    return (lion_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .beta1 = (float)beta1,
        .lr = (float)lr,
        .weight_decay = (float)weight_decay,
        .beta2 = (float)beta2,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void lion_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                       const lion_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float beta1 = scalars->beta1;
    const float lr = scalars->lr;
    const float weight_decay = scalars->weight_decay;
    const float beta2 = scalars->beta2;

    for (size_t i = begin; i < end; i++) {
        const float c = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (signf(c) + weight_decay * theta[i]);
        m[i] = beta2 * m[i] + one_minus_beta2 * g[i];
    }
}

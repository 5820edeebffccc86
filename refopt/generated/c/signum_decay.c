// Generated from the formula by: refopt generate signum/decay --to c
// Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
//
// The sign of the momentum with decoupled weight decay (Tiger).
//
//     m     <- beta1*m + (1 - beta1)*g
//     theta <- theta - lr*(sign(m) + weight_decay*theta)
//
// Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
// Differs from signum: weight_decay*theta beside the sign.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     beta1         decay of the momentum; 0 <= beta1 < 1; default 0.9
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
    double one_minus_beta1;
    double beta1;
    double lr;
    double weight_decay;
} signum_decay_scalars_float64;

void signum_decay_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m);
signum_decay_scalars_float64 signum_decay_form_float64(int64_t t, double lr, double beta1, double weight_decay);
void signum_decay_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                               const signum_decay_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float beta1;
    float lr;
    float weight_decay;
} signum_decay_scalars_float32;

void signum_decay_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m);
signum_decay_scalars_float32 signum_decay_form_float32(int64_t t, double lr, double beta1, double weight_decay);
void signum_decay_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                               const signum_decay_scalars_float32 *scalars);

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// The state before the first update.
void signum_decay_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
signum_decay_scalars_float64 signum_decay_form_float64(int64_t t, double lr, double beta1, double weight_decay)
{
    (void)t;
    return (signum_decay_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .beta1 = beta1,
        .lr = lr,
        .weight_decay = weight_decay,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void signum_decay_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                               const signum_decay_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double beta1 = scalars->beta1;
    const double lr = scalars->lr;
    const double weight_decay = scalars->weight_decay;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (sign(m[i]) + weight_decay * theta[i]);
    }
}

// The state before the first update.
void signum_decay_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
signum_decay_scalars_float32 signum_decay_form_float32(int64_t t, double lr, double beta1, double weight_decay)
{
    (void)t;
    return (signum_decay_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .beta1 = (float)beta1,
        .lr = (float)lr,
        .weight_decay = (float)weight_decay,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void signum_decay_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                               const signum_decay_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float beta1 = scalars->beta1;
    const float lr = scalars->lr;
    const float weight_decay = scalars->weight_decay;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        theta[i] = theta[i] - lr * (signf(m[i]) + weight_decay * theta[i]);
    }
}

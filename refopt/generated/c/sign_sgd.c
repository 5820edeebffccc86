// Generated from the formula by: refopt generate sign_sgd --to c
// Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
//
// A step of the same length in every element that has a gradient.
//
//     theta <- theta - lr*sign(g)
//
// Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.
//
// Hyperparameters:
//     lr  step size; 0 <= lr; default 0.01
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
    double lr;
} sign_sgd_scalars_float64;

void sign_sgd_init_float64(size_t begin, size_t end, const double *restrict theta);
sign_sgd_scalars_float64 sign_sgd_form_float64(int64_t t, double lr);
void sign_sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                           const sign_sgd_scalars_float64 *scalars);

typedef struct {
    float lr;
} sign_sgd_scalars_float32;

void sign_sgd_init_float32(size_t begin, size_t end, const float *restrict theta);
sign_sgd_scalars_float32 sign_sgd_form_float32(int64_t t, double lr);
void sign_sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                           const sign_sgd_scalars_float32 *scalars);

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// The state before the first update.
void sign_sgd_init_float64(size_t begin, size_t end, const double *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
sign_sgd_scalars_float64 sign_sgd_form_float64(int64_t t, double lr)
{
    (void)t;
    return (sign_sgd_scalars_float64){
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sign_sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                           const sign_sgd_scalars_float64 *scalars)
{
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * sign(g[i]);
    }
}

// The state before the first update.
void sign_sgd_init_float32(size_t begin, size_t end, const float *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
sign_sgd_scalars_float32 sign_sgd_form_float32(int64_t t, double lr)
{
    (void)t;
    return (sign_sgd_scalars_float32){
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sign_sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                           const sign_sgd_scalars_float32 *scalars)
{
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * signf(g[i]);
    }
}

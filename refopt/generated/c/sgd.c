// Generated from the formula by: refopt generate sgd --to c
// Fingerprint of the formula: 8d59e9dc8427d44f3156bbb8d086b8b1aa49d4cc683f97210bb0d61b90e2736f
//
// Gradient descent: batch, stochastic or mini-batch.
//
//     theta <- theta - lr*g
//
// Source: Robbins & Monro 1951, section 2, the recursion, doi:10.1214/aoms/1177729586.
// Source: Cauchy 1847, the method of descent, Comptes rendus 25:536-538.
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
} sgd_scalars_float64;

void sgd_init_float64(size_t begin, size_t end, const double *restrict theta);
sgd_scalars_float64 sgd_form_float64(int64_t t, double lr);
void sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, const sgd_scalars_float64 *scalars);

typedef struct {
    float lr;
} sgd_scalars_float32;

void sgd_init_float32(size_t begin, size_t end, const float *restrict theta);
sgd_scalars_float32 sgd_form_float32(int64_t t, double lr);
void sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, const sgd_scalars_float32 *scalars);

// The state before the first update.
void sgd_init_float64(size_t begin, size_t end, const double *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
sgd_scalars_float64 sgd_form_float64(int64_t t, double lr)
{
    (void)t;
    return (sgd_scalars_float64){
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, const sgd_scalars_float64 *scalars)
{
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * g[i];
    }
}

// The state before the first update.
void sgd_init_float32(size_t begin, size_t end, const float *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
sgd_scalars_float32 sgd_form_float32(int64_t t, double lr)
{
    (void)t;
    return (sgd_scalars_float32){
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, const sgd_scalars_float32 *scalars)
{
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * g[i];
    }
}

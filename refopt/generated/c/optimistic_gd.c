// Generated from the formula by: refopt generate optimistic_gd --to c
// Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
//
// Gradient descent that guesses the next gradient from the last change.
//
//     d        <- where(t > 1, g_before, g)
//     theta    <- theta - lr*((alpha + beta)*g - beta*d)
//     g_before <- g
//
// Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     alpha  weight of the gradient; 0 <= alpha; default 1
//     beta   weight of the change of the gradient; 0 <= beta; default 1
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
    double alpha_plus_beta;
    double lr;
    double beta;
    int64_t t;
} optimistic_gd_scalars_float64;

void optimistic_gd_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict g_before);
optimistic_gd_scalars_float64 optimistic_gd_form_float64(int64_t t, double lr, double alpha, double beta);
void optimistic_gd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict g_before,
                                const optimistic_gd_scalars_float64 *scalars);

typedef struct {
    float alpha_plus_beta;
    float lr;
    float beta;
    int64_t t;
} optimistic_gd_scalars_float32;

void optimistic_gd_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict g_before);
optimistic_gd_scalars_float32 optimistic_gd_form_float32(int64_t t, double lr, double alpha, double beta);
void optimistic_gd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict g_before,
                                const optimistic_gd_scalars_float32 *scalars);

// The state before the first update.
void optimistic_gd_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict g_before)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
optimistic_gd_scalars_float64 optimistic_gd_form_float64(int64_t t, double lr, double alpha, double beta)
{
    return (optimistic_gd_scalars_float64){
        .alpha_plus_beta = alpha + beta,
        .lr = lr,
        .beta = beta,
        .t = t,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void optimistic_gd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict g_before,
                                const optimistic_gd_scalars_float64 *scalars)
{
    const double alpha_plus_beta = scalars->alpha_plus_beta;
    const double lr = scalars->lr;
    const double beta = scalars->beta;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        const double d = t > 1 ? g_before[i] : g[i];
        theta[i] = theta[i] - lr * (alpha_plus_beta * g[i] - beta * d);
        g_before[i] = g[i];
    }
}

// The state before the first update.
void optimistic_gd_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict g_before)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
optimistic_gd_scalars_float32 optimistic_gd_form_float32(int64_t t, double lr, double alpha, double beta)
{
    return (optimistic_gd_scalars_float32){
        .alpha_plus_beta = (float)(alpha + beta),
        .lr = (float)lr,
        .beta = (float)beta,
        .t = t,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void optimistic_gd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict g_before,
                                const optimistic_gd_scalars_float32 *scalars)
{
    const float alpha_plus_beta = scalars->alpha_plus_beta;
    const float lr = scalars->lr;
    const float beta = scalars->beta;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        const float d = t > 1 ? g_before[i] : g[i];
        theta[i] = theta[i] - lr * (alpha_plus_beta * g[i] - beta * d);
        g_before[i] = g[i];
    }
}

// Generated from the formula by: refopt generate adam/uncorrected --to c
// Fingerprint of the formula: cb6d20f0d1d9bd077560562e5b80590d86c0d801733f098214a267a07839a890
//
// Adam without bias correction.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- beta2*v + (1 - beta2)*g^2
//     theta <- theta - lr * m / (sqrt(v) + eps)
//
// Source: Kingma & Ba 2015, Algorithm 1, arXiv:1412.6980.
// Differs from adam: no bias correction.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 1e-8
//
// C99. A step changes theta and the state in place, elements begin to end - 1 of each array, so that threads can share it;
// arrays must not overlap. Once a step, and before it, the scalars are formed in double and rounded once to the arrays'
// format. t counts updates from 1. Nothing is checked: hyperparameters belong to the domains above.
// Bits are those of every other backend where only + - * / sqrt are used: compile with -ffp-contract=off and without
// -ffast-math; -O3 -fno-math-errno makes the loop a vector loop and changes no bit.

#include <math.h>
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
    double beta2;
    double lr;
    double eps;
} adam_uncorrected_scalars_float64;

void adam_uncorrected_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v);
adam_uncorrected_scalars_float64 adam_uncorrected_form_float64(int64_t t, double lr, double beta1, double beta2, double eps);
void adam_uncorrected_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                   double *restrict v, const adam_uncorrected_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float one_minus_beta2;
    float beta1;
    float beta2;
    float lr;
    float eps;
} adam_uncorrected_scalars_float32;

void adam_uncorrected_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v);
adam_uncorrected_scalars_float32 adam_uncorrected_form_float32(int64_t t, double lr, double beta1, double beta2, double eps);
void adam_uncorrected_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                   float *restrict v, const adam_uncorrected_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void adam_uncorrected_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adam_uncorrected_scalars_float64 adam_uncorrected_form_float64(int64_t t, double lr, double beta1, double beta2, double eps)
{
    (void)t;
    return (adam_uncorrected_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .beta1 = beta1,
        .beta2 = beta2,
        .lr = lr,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adam_uncorrected_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                     double *restrict m, double *restrict v,
                                                     const adam_uncorrected_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double lr = scalars->lr;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (sqrt(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adam_uncorrected_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                   double *restrict v, const adam_uncorrected_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adam_uncorrected_elements_float64(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adam_uncorrected_elements_float64(i, end, theta, g, m, v, scalars);
}

// The state before the first update.
void adam_uncorrected_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adam_uncorrected_scalars_float32 adam_uncorrected_form_float32(int64_t t, double lr, double beta1, double beta2, double eps)
{
    (void)t;
    return (adam_uncorrected_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .lr = (float)lr,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adam_uncorrected_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                     float *restrict m, float *restrict v, const adam_uncorrected_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float lr = scalars->lr;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (sqrtf(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adam_uncorrected_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                   float *restrict v, const adam_uncorrected_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adam_uncorrected_elements_float32(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adam_uncorrected_elements_float32(i, end, theta, g, m, v, scalars);
}

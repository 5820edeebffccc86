// Generated from the formula by: refopt generate adan --to c
// Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
//
// Adam with Nesterov momentum made of the gradient's change.
//
//     d        <- where(t > 1, g - g_before, 0*g)
//     m        <- beta1*m + (1 - beta1)*g
//     w        <- beta2*w + (1 - beta2)*d
//     n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
//     theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
//             lr*weight_decay)
//     g_before <- g
//
// Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the mean gradient; 0 <= beta1 < 1; default 0.98
//     beta2         decay of the mean change of the gradient; 0 <= beta2 < 1; default 0.92
//     beta3         decay of the mean square; 0 <= beta3 < 1; default 0.99
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
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
    double zero;
    double one_minus_beta1;
    double one_minus_beta2;
    double one_minus_beta3;
    double bias_correction1;
    double bias_correction2;
    double bias_correction3;
    double step_size;
    double beta1;
    double beta2;
    double beta3;
    double lr;
    double eps;
    double per_bias_correction1;  // 1 / bias_correction1, or 0
    double per_bias_correction3;  // 1 / bias_correction3, or 0
    int64_t t;
} adan_scalars_float64;

void adan_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict w, double *restrict n,
                       double *restrict g_before);
adan_scalars_float64 adan_form_float64(int64_t t, double lr, double beta1, double beta2, double beta3, double eps, double weight_decay);
void adan_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m, double *restrict w,
                       double *restrict n, double *restrict g_before, const adan_scalars_float64 *scalars);

typedef struct {
    float zero;
    float one_minus_beta1;
    float one_minus_beta2;
    float one_minus_beta3;
    float bias_correction1;
    float bias_correction2;
    float bias_correction3;
    float step_size;
    float beta1;
    float beta2;
    float beta3;
    float lr;
    float eps;
    float per_bias_correction1;  // 1 / bias_correction1, or 0
    float per_bias_correction3;  // 1 / bias_correction3, or 0
    int64_t t;
} adan_scalars_float32;

void adan_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict w, float *restrict n,
                       float *restrict g_before);
adan_scalars_float32 adan_form_float32(int64_t t, double lr, double beta1, double beta2, double beta3, double eps, double weight_decay);
void adan_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict w,
                       float *restrict n, float *restrict g_before, const adan_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// An integer power by repeated squaring: the same products in every language.
static double power(double base, int64_t exponent)
{
    double result = 1;
    for (int64_t left = exponent < 0 ? -exponent : exponent; left; left /= 2) {
        if (left % 2) result *= base;
        base *= base;
    }
    return exponent < 0 ? 1 / result : result;
}

static inline double square(double x) { return x * x; }
static inline float squaref(float x) { return x * x; }

// x / b for a b that many x share, to the last bit, from r = reciprocal(b): where r is not 0 and every x is easy.
// Why these are the same bits: see refopt/lowering/division.py.
static double reciprocal(double b)
{
#ifdef FP_FAST_FMA
    int exponent;
    const double fraction = frexp(b, &exponent);
    if (fraction >= 0.5 && fraction <= 1 - 0x1p-50 && exponent > -32 && exponent <= 32) return 1 / b;
#else
    (void)b;
#endif
    return 0;
}

static inline int is_easy(double x)
{
    const double size = fabs(x);
    return ((size >= 0x1p-900) & (size <= 0x1p+900)) | (size == 0);
}

static inline double divided(double x, double b, double r)
{
    double q = x * r;
    q = fma(r, fma(-b, q, x), q);
    q = fma(r, fma(-b, q, x), q);
    return copysign(q, x);
}

// x / b for a b that many x share, to the last bit, from r = reciprocalf(b): where r is not 0 and every x is easy.
// Why these are the same bits: see refopt/lowering/division.py.
static float reciprocalf(float b)
{
#ifdef FP_FAST_FMAF
    int exponent;
    const float fraction = frexpf(b, &exponent);
    if (fraction >= 0.5f && fraction <= 1 - 0x1p-21f && exponent > -32 && exponent <= 32) return 1 / b;
#else
    (void)b;
#endif
    return 0;
}

static inline int is_easyf(float x)
{
    const float size = fabsf(x);
    return ((size >= 0x1p-76f) & (size <= 0x1p+90f)) | (size == 0);
}

static inline float dividedf(float x, float b, float r)
{
    float q = x * r;
    q = fmaf(r, fmaf(-b, q, x), q);
    q = fmaf(r, fmaf(-b, q, x), q);
    return copysignf(q, x);
}

// The state before the first update.
void adan_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict w, double *restrict n,
                       double *restrict g_before)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        w[i] = 0;
        n[i] = 0;
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adan_scalars_float64 adan_form_float64(int64_t t, double lr, double beta1, double beta2, double beta3, double eps, double weight_decay)
{
    adan_scalars_float64 formed = {
        .zero = 0,
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .one_minus_beta3 = 1 - beta3,
        .bias_correction1 = 1 - power(beta1, t),
        .bias_correction2 = 1 - power(beta2, t),
        .bias_correction3 = 1 - power(beta3, t),
        .step_size = 1 + lr * weight_decay,
        .beta1 = beta1,
        .beta2 = beta2,
        .beta3 = beta3,
        .lr = lr,
        .eps = eps,
        .t = t,
    };
    formed.per_bias_correction1 = reciprocal(formed.bias_correction1);
    formed.per_bias_correction3 = reciprocal(formed.bias_correction3);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void adan_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                         double *restrict w, double *restrict n, double *restrict g_before,
                                         const adan_scalars_float64 *scalars)
{
    const double zero = scalars->zero;
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double one_minus_beta3 = scalars->one_minus_beta3;
    const double bias_correction1 = scalars->bias_correction1;
    const double bias_correction2 = scalars->bias_correction2;
    const double bias_correction3 = scalars->bias_correction3;
    const double step_size = scalars->step_size;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double beta3 = scalars->beta3;
    const double lr = scalars->lr;
    const double eps = scalars->eps;
    const int64_t t = scalars->t;
    const double per_bias_correction1 = scalars->per_bias_correction1;
    const double per_bias_correction3 = scalars->per_bias_correction3;

    int easy = per_bias_correction1 != 0 && per_bias_correction3 != 0;
    for (size_t i = begin; i < end; i++) {
        const double d = t > 1 ? g[i] - g_before[i] : zero * g[i];
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        w[i] = beta2 * w[i] + one_minus_beta2 * d;
        n[i] = beta3 * n[i] + one_minus_beta3 * square(g[i] + beta2 * d);
        easy &= is_easy(m[i]) & is_easy(n[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            theta[i] = (theta[i] - lr * (divided(m[i], bias_correction1, per_bias_correction1) + beta2 * w[i] / bias_correction2) / (sqrt(divided(n[i], bias_correction3, per_bias_correction3)) + eps)) / step_size;
            g_before[i] = g[i];
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            theta[i] = (theta[i] - lr * (m[i] / bias_correction1 + beta2 * w[i] / bias_correction2) / (sqrt(n[i] / bias_correction3) + eps)) / step_size;
            g_before[i] = g[i];
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adan_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m, double *restrict w,
                       double *restrict n, double *restrict g_before, const adan_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&w[next], 1);
            FETCH(&n[next], 1);
            FETCH(&g_before[next], 1);
        }
        adan_elements_float64(i, i + BLOCK, theta, g, m, w, n, g_before, scalars);
    }
    adan_elements_float64(i, end, theta, g, m, w, n, g_before, scalars);
}

// The state before the first update.
void adan_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict w, float *restrict n,
                       float *restrict g_before)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        w[i] = 0;
        n[i] = 0;
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adan_scalars_float32 adan_form_float32(int64_t t, double lr, double beta1, double beta2, double beta3, double eps, double weight_decay)
{
    adan_scalars_float32 formed = {
        .zero = (float)0,
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .one_minus_beta3 = (float)(1 - beta3),
        .bias_correction1 = (float)(1 - power(beta1, t)),
        .bias_correction2 = (float)(1 - power(beta2, t)),
        .bias_correction3 = (float)(1 - power(beta3, t)),
        .step_size = (float)(1 + lr * weight_decay),
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .beta3 = (float)beta3,
        .lr = (float)lr,
        .eps = (float)eps,
        .t = t,
    };
    formed.per_bias_correction1 = reciprocalf(formed.bias_correction1);
    formed.per_bias_correction3 = reciprocalf(formed.bias_correction3);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void adan_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                         float *restrict w, float *restrict n, float *restrict g_before,
                                         const adan_scalars_float32 *scalars)
{
    const float zero = scalars->zero;
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float one_minus_beta3 = scalars->one_minus_beta3;
    const float bias_correction1 = scalars->bias_correction1;
    const float bias_correction2 = scalars->bias_correction2;
    const float bias_correction3 = scalars->bias_correction3;
    const float step_size = scalars->step_size;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float beta3 = scalars->beta3;
    const float lr = scalars->lr;
    const float eps = scalars->eps;
    const int64_t t = scalars->t;
    const float per_bias_correction1 = scalars->per_bias_correction1;
    const float per_bias_correction3 = scalars->per_bias_correction3;

    int easy = per_bias_correction1 != 0 && per_bias_correction3 != 0;
    for (size_t i = begin; i < end; i++) {
        const float d = t > 1 ? g[i] - g_before[i] : zero * g[i];
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        w[i] = beta2 * w[i] + one_minus_beta2 * d;
        n[i] = beta3 * n[i] + one_minus_beta3 * squaref(g[i] + beta2 * d);
        easy &= is_easyf(m[i]) & is_easyf(n[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            theta[i] = (theta[i] - lr * (dividedf(m[i], bias_correction1, per_bias_correction1) + beta2 * w[i] / bias_correction2) / (sqrtf(dividedf(n[i], bias_correction3, per_bias_correction3)) + eps)) / step_size;
            g_before[i] = g[i];
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            theta[i] = (theta[i] - lr * (m[i] / bias_correction1 + beta2 * w[i] / bias_correction2) / (sqrtf(n[i] / bias_correction3) + eps)) / step_size;
            g_before[i] = g[i];
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adan_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict w,
                       float *restrict n, float *restrict g_before, const adan_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&w[next], 1);
            FETCH(&n[next], 1);
            FETCH(&g_before[next], 1);
        }
        adan_elements_float32(i, i + BLOCK, theta, g, m, w, n, g_before, scalars);
    }
    adan_elements_float32(i, end, theta, g, m, w, n, g_before, scalars);
}

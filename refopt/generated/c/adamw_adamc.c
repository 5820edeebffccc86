// Generated from the formula by: refopt generate adamw/adamc --to c
// Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
//
// AdamW whose decay falls with the square of a scheduled rate.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- beta2*v + (1 - beta2)*g^2
//     m_hat <- m / (1 - beta1^t)
//     v_hat <- v / (1 - beta2^t)
//     theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)
//
// Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
// Differs from adamw: the decay is lr^2/lr_max times weight_decay.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.001
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
//     lr_max        the largest rate of the schedule; 0 < lr_max; default 0.001
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
    double bias_correction1;
    double bias_correction2;
    double step_size;
    double beta1;
    double beta2;
    double lr;
    double eps;
    double per_bias_correction1;  // 1 / bias_correction1, or 0
    double per_bias_correction2;  // 1 / bias_correction2, or 0
} adamw_adamc_scalars_float64;

void adamw_adamc_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v);
adamw_adamc_scalars_float64 adamw_adamc_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay,
                                                     double lr_max);
void adamw_adamc_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                              double *restrict v, const adamw_adamc_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float one_minus_beta2;
    float bias_correction1;
    float bias_correction2;
    float step_size;
    float beta1;
    float beta2;
    float lr;
    float eps;
    float per_bias_correction1;  // 1 / bias_correction1, or 0
    float per_bias_correction2;  // 1 / bias_correction2, or 0
} adamw_adamc_scalars_float32;

void adamw_adamc_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v);
adamw_adamc_scalars_float32 adamw_adamc_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay,
                                                     double lr_max);
void adamw_adamc_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                              float *restrict v, const adamw_adamc_scalars_float32 *scalars);

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
void adamw_adamc_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamw_adamc_scalars_float64 adamw_adamc_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay,
                                                     double lr_max)
{
    adamw_adamc_scalars_float64 formed = {
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .bias_correction1 = 1 - power(beta1, t),
        .bias_correction2 = 1 - power(beta2, t),
        .step_size = lr * lr / lr_max * weight_decay,
        .beta1 = beta1,
        .beta2 = beta2,
        .lr = lr,
        .eps = eps,
    };
    formed.per_bias_correction1 = reciprocal(formed.bias_correction1);
    formed.per_bias_correction2 = reciprocal(formed.bias_correction2);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void adamw_adamc_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                double *restrict m, double *restrict v, const adamw_adamc_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double bias_correction1 = scalars->bias_correction1;
    const double bias_correction2 = scalars->bias_correction2;
    const double step_size = scalars->step_size;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double lr = scalars->lr;
    const double eps = scalars->eps;
    const double per_bias_correction1 = scalars->per_bias_correction1;
    const double per_bias_correction2 = scalars->per_bias_correction2;

    int easy = per_bias_correction1 != 0 && per_bias_correction2 != 0;
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        easy &= is_easy(m[i]) & is_easy(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const double m_hat = divided(m[i], bias_correction1, per_bias_correction1);  // t counts updates from 1
            const double v_hat = divided(v[i], bias_correction2, per_bias_correction2);
            theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (sqrt(v_hat) + eps);
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const double m_hat = m[i] / bias_correction1;  // t counts updates from 1
            const double v_hat = v[i] / bias_correction2;
            theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (sqrt(v_hat) + eps);
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamw_adamc_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                              double *restrict v, const adamw_adamc_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adamw_adamc_elements_float64(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adamw_adamc_elements_float64(i, end, theta, g, m, v, scalars);
}

// The state before the first update.
void adamw_adamc_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamw_adamc_scalars_float32 adamw_adamc_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay,
                                                     double lr_max)
{
    adamw_adamc_scalars_float32 formed = {
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .bias_correction1 = (float)(1 - power(beta1, t)),
        .bias_correction2 = (float)(1 - power(beta2, t)),
        .step_size = (float)(lr * lr / lr_max * weight_decay),
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .lr = (float)lr,
        .eps = (float)eps,
    };
    formed.per_bias_correction1 = reciprocalf(formed.bias_correction1);
    formed.per_bias_correction2 = reciprocalf(formed.bias_correction2);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void adamw_adamc_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                float *restrict m, float *restrict v, const adamw_adamc_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float bias_correction1 = scalars->bias_correction1;
    const float bias_correction2 = scalars->bias_correction2;
    const float step_size = scalars->step_size;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float lr = scalars->lr;
    const float eps = scalars->eps;
    const float per_bias_correction1 = scalars->per_bias_correction1;
    const float per_bias_correction2 = scalars->per_bias_correction2;

    int easy = per_bias_correction1 != 0 && per_bias_correction2 != 0;
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        easy &= is_easyf(m[i]) & is_easyf(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const float m_hat = dividedf(m[i], bias_correction1, per_bias_correction1);  // t counts updates from 1
            const float v_hat = dividedf(v[i], bias_correction2, per_bias_correction2);
            theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (sqrtf(v_hat) + eps);
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const float m_hat = m[i] / bias_correction1;  // t counts updates from 1
            const float v_hat = v[i] / bias_correction2;
            theta[i] = theta[i] - step_size * theta[i] - lr * m_hat / (sqrtf(v_hat) + eps);
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamw_adamc_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                              float *restrict v, const adamw_adamc_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adamw_adamc_elements_float32(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adamw_adamc_elements_float32(i, end, theta, g, m, v, scalars);
}

// Generated from the formula by: refopt generate rmsprop/corrected --to c
// Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
//
// RMSProp with bias correction.
//
//     v     <- rho*v + (1 - rho)*g^2
//     v_hat <- v / (1 - rho^t)
//     theta <- theta - lr * g / (sqrt(v_hat) + eps)
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: the mean square is corrected for its start at 0.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.001
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-8
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
    double one_minus_rho;
    double bias_correction_rho;
    double rho;
    double lr;
    double eps;
    double per_bias_correction_rho;  // 1 / bias_correction_rho, or 0
} rmsprop_corrected_scalars_float64;

void rmsprop_corrected_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
rmsprop_corrected_scalars_float64 rmsprop_corrected_form_float64(int64_t t, double lr, double rho, double eps);
void rmsprop_corrected_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                    const rmsprop_corrected_scalars_float64 *scalars);

typedef struct {
    float one_minus_rho;
    float bias_correction_rho;
    float rho;
    float lr;
    float eps;
    float per_bias_correction_rho;  // 1 / bias_correction_rho, or 0
} rmsprop_corrected_scalars_float32;

void rmsprop_corrected_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
rmsprop_corrected_scalars_float32 rmsprop_corrected_form_float32(int64_t t, double lr, double rho, double eps);
void rmsprop_corrected_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                    const rmsprop_corrected_scalars_float32 *scalars);

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
void rmsprop_corrected_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_corrected_scalars_float64 rmsprop_corrected_form_float64(int64_t t, double lr, double rho, double eps)
{
    rmsprop_corrected_scalars_float64 formed = {
        .one_minus_rho = 1 - rho,
        .bias_correction_rho = 1 - power(rho, t),
        .rho = rho,
        .lr = lr,
        .eps = eps,
    };
    formed.per_bias_correction_rho = reciprocal(formed.bias_correction_rho);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_corrected_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                      double *restrict v, const rmsprop_corrected_scalars_float64 *scalars)
{
    const double one_minus_rho = scalars->one_minus_rho;
    const double bias_correction_rho = scalars->bias_correction_rho;
    const double rho = scalars->rho;
    const double lr = scalars->lr;
    const double eps = scalars->eps;
    const double per_bias_correction_rho = scalars->per_bias_correction_rho;

    int easy = per_bias_correction_rho != 0;
    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        easy &= is_easy(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const double v_hat = divided(v[i], bias_correction_rho, per_bias_correction_rho);
            theta[i] = theta[i] - lr * g[i] / (sqrt(v_hat) + eps);
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const double v_hat = v[i] / bias_correction_rho;
            theta[i] = theta[i] - lr * g[i] / (sqrt(v_hat) + eps);
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_corrected_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                    const rmsprop_corrected_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
        }
        rmsprop_corrected_elements_float64(i, i + BLOCK, theta, g, v, scalars);
    }
    rmsprop_corrected_elements_float64(i, end, theta, g, v, scalars);
}

// The state before the first update.
void rmsprop_corrected_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_corrected_scalars_float32 rmsprop_corrected_form_float32(int64_t t, double lr, double rho, double eps)
{
    rmsprop_corrected_scalars_float32 formed = {
        .one_minus_rho = (float)(1 - rho),
        .bias_correction_rho = (float)(1 - power(rho, t)),
        .rho = (float)rho,
        .lr = (float)lr,
        .eps = (float)eps,
    };
    formed.per_bias_correction_rho = reciprocalf(formed.bias_correction_rho);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_corrected_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                      float *restrict v, const rmsprop_corrected_scalars_float32 *scalars)
{
    const float one_minus_rho = scalars->one_minus_rho;
    const float bias_correction_rho = scalars->bias_correction_rho;
    const float rho = scalars->rho;
    const float lr = scalars->lr;
    const float eps = scalars->eps;
    const float per_bias_correction_rho = scalars->per_bias_correction_rho;

    int easy = per_bias_correction_rho != 0;
    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        easy &= is_easyf(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const float v_hat = dividedf(v[i], bias_correction_rho, per_bias_correction_rho);
            theta[i] = theta[i] - lr * g[i] / (sqrtf(v_hat) + eps);
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const float v_hat = v[i] / bias_correction_rho;
            theta[i] = theta[i] - lr * g[i] / (sqrtf(v_hat) + eps);
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_corrected_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                    const rmsprop_corrected_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
        }
        rmsprop_corrected_elements_float32(i, i + BLOCK, theta, g, v, scalars);
    }
    rmsprop_corrected_elements_float32(i, end, theta, g, v, scalars);
}

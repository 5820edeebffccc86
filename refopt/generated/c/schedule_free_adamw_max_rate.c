// Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to c
// Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
//
// Schedule-free AdamW whose average weighs by the largest rate so far.
//
//     v          <- beta2*v + (1 - beta2)*g^2
//     v_hat      <- v / (1 - beta2^t)
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.0025
//     beta1         share of x where g is taken; 0 < beta1 <= 1; default 0.9
//     beta2         decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
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
    double one_minus_beta2;
    double bias_correction2;
    double one_minus_beta1;
    double lr_times_weight_decay;
    double one_minus_c;
    double beta2;
    double beta1;
    double lr;
    double eps;
    double c;
    double per_bias_correction2;  // 1 / bias_correction2, or 0
} schedule_free_adamw_max_rate_scalars_float64;

void schedule_free_adamw_max_rate_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z,
                                               double *restrict v, double *weight_sum_kept, double *lr_max_kept);
schedule_free_adamw_max_rate_scalars_float64 schedule_free_adamw_max_rate_form_float64(int64_t t, double *weight_sum_kept,
                                                                                       double *lr_max_kept, double lr, double beta1,
                                                                                       double beta2, double eps, double weight_decay);
void schedule_free_adamw_max_rate_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                               double *restrict z, double *restrict v,
                                               const schedule_free_adamw_max_rate_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta2;
    float bias_correction2;
    float one_minus_beta1;
    float lr_times_weight_decay;
    float one_minus_c;
    float beta2;
    float beta1;
    float lr;
    float eps;
    float c;
    float per_bias_correction2;  // 1 / bias_correction2, or 0
} schedule_free_adamw_max_rate_scalars_float32;

void schedule_free_adamw_max_rate_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z, float *restrict v,
                                               double *weight_sum_kept, double *lr_max_kept);
schedule_free_adamw_max_rate_scalars_float32 schedule_free_adamw_max_rate_form_float32(int64_t t, double *weight_sum_kept,
                                                                                       double *lr_max_kept, double lr, double beta1,
                                                                                       double beta2, double eps, double weight_decay);
void schedule_free_adamw_max_rate_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z,
                                               float *restrict v, const schedule_free_adamw_max_rate_scalars_float32 *scalars);

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

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }

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
void schedule_free_adamw_max_rate_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z,
                                               double *restrict v, double *weight_sum_kept, double *lr_max_kept)
{
    *weight_sum_kept = 0;
    *lr_max_kept = 0;
    for (size_t i = begin; i < end; i++) {
        z[i] = theta[i];
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
schedule_free_adamw_max_rate_scalars_float64 schedule_free_adamw_max_rate_form_float64(int64_t t, double *weight_sum_kept,
                                                                                       double *lr_max_kept, double lr, double beta1,
                                                                                       double beta2, double eps, double weight_decay)
{
    double weight_sum = *weight_sum_kept;
    double lr_max = *lr_max_kept;
    lr_max = maximum(lr_max, lr);
    const double weight = lr_max * lr_max;
    weight_sum = weight_sum + weight;
    const double c = weight_sum > 0 ? weight / weight_sum : 0;
    *weight_sum_kept = weight_sum;
    *lr_max_kept = lr_max;
    schedule_free_adamw_max_rate_scalars_float64 formed = {
        .one_minus_beta2 = 1 - beta2,
        .bias_correction2 = 1 - power(beta2, t),
        .one_minus_beta1 = 1 - beta1,
        .lr_times_weight_decay = lr * weight_decay,
        .one_minus_c = 1 - c,
        .beta2 = beta2,
        .beta1 = beta1,
        .lr = lr,
        .eps = eps,
        .c = c,
    };
    formed.per_bias_correction2 = reciprocal(formed.bias_correction2);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void schedule_free_adamw_max_rate_elements_float64(size_t begin, size_t end, double *restrict theta,
                                                                 const double *restrict g, double *restrict z, double *restrict v,
                                                                 const schedule_free_adamw_max_rate_scalars_float64 *scalars)
{
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double bias_correction2 = scalars->bias_correction2;
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double lr_times_weight_decay = scalars->lr_times_weight_decay;
    const double one_minus_c = scalars->one_minus_c;
    const double beta2 = scalars->beta2;
    const double beta1 = scalars->beta1;
    const double lr = scalars->lr;
    const double eps = scalars->eps;
    const double c = scalars->c;
    const double per_bias_correction2 = scalars->per_bias_correction2;

    int easy = per_bias_correction2 != 0;
    for (size_t i = begin; i < end; i++) {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        easy &= is_easy(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const double v_hat = divided(v[i], bias_correction2, per_bias_correction2);
            const double x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
            z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (sqrt(v_hat) + eps);
            const double x = one_minus_c * x_before + c * z[i];
            theta[i] = one_minus_beta1 * z[i] + beta1 * x;
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const double v_hat = v[i] / bias_correction2;
            const double x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
            z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (sqrt(v_hat) + eps);
            const double x = one_minus_c * x_before + c * z[i];
            theta[i] = one_minus_beta1 * z[i] + beta1 * x;
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void schedule_free_adamw_max_rate_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                               double *restrict z, double *restrict v,
                                               const schedule_free_adamw_max_rate_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
            FETCH(&v[next], 1);
        }
        schedule_free_adamw_max_rate_elements_float64(i, i + BLOCK, theta, g, z, v, scalars);
    }
    schedule_free_adamw_max_rate_elements_float64(i, end, theta, g, z, v, scalars);
}

// The state before the first update.
void schedule_free_adamw_max_rate_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z, float *restrict v,
                                               double *weight_sum_kept, double *lr_max_kept)
{
    *weight_sum_kept = 0;
    *lr_max_kept = 0;
    for (size_t i = begin; i < end; i++) {
        z[i] = theta[i];
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
schedule_free_adamw_max_rate_scalars_float32 schedule_free_adamw_max_rate_form_float32(int64_t t, double *weight_sum_kept,
                                                                                       double *lr_max_kept, double lr, double beta1,
                                                                                       double beta2, double eps, double weight_decay)
{
    double weight_sum = *weight_sum_kept;
    double lr_max = *lr_max_kept;
    lr_max = maximum(lr_max, lr);
    const double weight = lr_max * lr_max;
    weight_sum = weight_sum + weight;
    const double c = weight_sum > 0 ? weight / weight_sum : 0;
    *weight_sum_kept = weight_sum;
    *lr_max_kept = lr_max;
    schedule_free_adamw_max_rate_scalars_float32 formed = {
        .one_minus_beta2 = (float)(1 - beta2),
        .bias_correction2 = (float)(1 - power(beta2, t)),
        .one_minus_beta1 = (float)(1 - beta1),
        .lr_times_weight_decay = (float)(lr * weight_decay),
        .one_minus_c = (float)(1 - c),
        .beta2 = (float)beta2,
        .beta1 = (float)beta1,
        .lr = (float)lr,
        .eps = (float)eps,
        .c = (float)c,
    };
    formed.per_bias_correction2 = reciprocalf(formed.bias_correction2);
    return formed;
}

// The formula, for elements begin to end - 1.
static inline void schedule_free_adamw_max_rate_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                                 float *restrict z, float *restrict v,
                                                                 const schedule_free_adamw_max_rate_scalars_float32 *scalars)
{
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float bias_correction2 = scalars->bias_correction2;
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float lr_times_weight_decay = scalars->lr_times_weight_decay;
    const float one_minus_c = scalars->one_minus_c;
    const float beta2 = scalars->beta2;
    const float beta1 = scalars->beta1;
    const float lr = scalars->lr;
    const float eps = scalars->eps;
    const float c = scalars->c;
    const float per_bias_correction2 = scalars->per_bias_correction2;

    int easy = per_bias_correction2 != 0;
    for (size_t i = begin; i < end; i++) {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        easy &= is_easyf(v[i]);
    }
    if (easy) {
        for (size_t i = begin; i < end; i++) {
            const float v_hat = dividedf(v[i], bias_correction2, per_bias_correction2);
            const float x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
            z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (sqrtf(v_hat) + eps);
            const float x = one_minus_c * x_before + c * z[i];
            theta[i] = one_minus_beta1 * z[i] + beta1 * x;
        }
    } else {
        for (size_t i = begin; i < end; i++) {
            const float v_hat = v[i] / bias_correction2;
            const float x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
            z[i] = z[i] - lr_times_weight_decay * theta[i] - lr * g[i] / (sqrtf(v_hat) + eps);
            const float x = one_minus_c * x_before + c * z[i];
            theta[i] = one_minus_beta1 * z[i] + beta1 * x;
        }
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void schedule_free_adamw_max_rate_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z,
                                               float *restrict v, const schedule_free_adamw_max_rate_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
            FETCH(&v[next], 1);
        }
        schedule_free_adamw_max_rate_elements_float32(i, i + BLOCK, theta, g, z, v, scalars);
    }
    schedule_free_adamw_max_rate_elements_float32(i, end, theta, g, z, v, scalars);
}

// Generated from the formula by: refopt generate laprop --to c
// Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
//
// Momentum of the normalized gradient.
//
//     v     <- beta2*v + (1 - beta2)*g^2
//     v_hat <- v / (1 - beta2^t)
//     m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
//     theta <- theta - m / (1 - beta1^t)
//
// Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.0004
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 1e-15
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
    double step_size;
    double bias_correction1;
    double beta2;
    double beta1;
    double eps;
} laprop_scalars_float64;

void laprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v);
laprop_scalars_float64 laprop_form_float64(int64_t t, double lr, double beta1, double beta2, double eps);
void laprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                         double *restrict v, const laprop_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta2;
    float bias_correction2;
    float step_size;
    float bias_correction1;
    float beta2;
    float beta1;
    float eps;
} laprop_scalars_float32;

void laprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v);
laprop_scalars_float32 laprop_form_float32(int64_t t, double lr, double beta1, double beta2, double eps);
void laprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict v,
                         const laprop_scalars_float32 *scalars);

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

// The state before the first update.
void laprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
laprop_scalars_float64 laprop_form_float64(int64_t t, double lr, double beta1, double beta2, double eps)
{
    return (laprop_scalars_float64){
        .one_minus_beta2 = 1 - beta2,
        .bias_correction2 = 1 - power(beta2, t),
        .step_size = lr * (1 - beta1),
        .bias_correction1 = 1 - power(beta1, t),
        .beta2 = beta2,
        .beta1 = beta1,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void laprop_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                           double *restrict v, const laprop_scalars_float64 *scalars)
{
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double bias_correction2 = scalars->bias_correction2;
    const double step_size = scalars->step_size;
    const double bias_correction1 = scalars->bias_correction1;
    const double beta2 = scalars->beta2;
    const double beta1 = scalars->beta1;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        const double v_hat = v[i] / bias_correction2;
        m[i] = beta1 * m[i] + step_size * g[i] / (sqrt(v_hat) + eps);
        theta[i] = theta[i] - m[i] / bias_correction1;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void laprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                         double *restrict v, const laprop_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        laprop_elements_float64(i, i + BLOCK, theta, g, m, v, scalars);
    }
    laprop_elements_float64(i, end, theta, g, m, v, scalars);
}

// The state before the first update.
void laprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
laprop_scalars_float32 laprop_form_float32(int64_t t, double lr, double beta1, double beta2, double eps)
{
    return (laprop_scalars_float32){
        .one_minus_beta2 = (float)(1 - beta2),
        .bias_correction2 = (float)(1 - power(beta2, t)),
        .step_size = (float)(lr * (1 - beta1)),
        .bias_correction1 = (float)(1 - power(beta1, t)),
        .beta2 = (float)beta2,
        .beta1 = (float)beta1,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void laprop_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                           float *restrict v, const laprop_scalars_float32 *scalars)
{
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float bias_correction2 = scalars->bias_correction2;
    const float step_size = scalars->step_size;
    const float bias_correction1 = scalars->bias_correction1;
    const float beta2 = scalars->beta2;
    const float beta1 = scalars->beta1;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        v[i] = beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]);
        const float v_hat = v[i] / bias_correction2;
        m[i] = beta1 * m[i] + step_size * g[i] / (sqrtf(v_hat) + eps);
        theta[i] = theta[i] - m[i] / bias_correction1;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void laprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict v,
                         const laprop_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        laprop_elements_float32(i, i + BLOCK, theta, g, m, v, scalars);
    }
    laprop_elements_float32(i, end, theta, g, m, v, scalars);
}

// Generated from the formula by: refopt generate adopt/nesterov --to c
// Fingerprint of the formula: 27bdbaffc6d6c956f1ca670af6d0f6364b0d629b8bf6ec45ad3e67c8c2968231
//
// ADOPT that averages each normalized gradient twice for its step.
//
//     c     <- sqrt(sqrt(t - 1))
//     u     <- where(t > 1, max(-c, min(c, g / max(sqrt(v), eps))), 0*g)
//     m     <- beta1*m + (1 - beta1)*u
//     v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
//     theta <- theta - lr*(beta1*m + (1 - beta1)*u)
//
// Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
// Differs from adopt: the step is one average further than the state.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.001
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.9999
//     eps    keeps the division finite; 0 <= eps; default 0.000001
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
    double coefficient_of_c;
    double zero;
    double one_minus_beta1;
    double one_minus_beta2;
    double c;
    double eps;
    double beta1;
    double beta2;
    double lr;
    int64_t t;
} adopt_nesterov_scalars_float64;

void adopt_nesterov_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v);
adopt_nesterov_scalars_float64 adopt_nesterov_form_float64(int64_t t, double lr, double beta1, double beta2, double eps);
void adopt_nesterov_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                 double *restrict v, const adopt_nesterov_scalars_float64 *scalars);

typedef struct {
    float coefficient_of_c;
    float zero;
    float one_minus_beta1;
    float one_minus_beta2;
    float c;
    float eps;
    float beta1;
    float beta2;
    float lr;
    int64_t t;
} adopt_nesterov_scalars_float32;

void adopt_nesterov_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v);
adopt_nesterov_scalars_float32 adopt_nesterov_form_float32(int64_t t, double lr, double beta1, double beta2, double eps);
void adopt_nesterov_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                 float *restrict v, const adopt_nesterov_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }
static inline float maximumf(float a, float b) { return a >= b || a != a ? a : b; }

// The smaller one; NaN where one is NaN.
static inline double minimum(double a, double b) { return a <= b || a != a ? a : b; }
static inline float minimumf(float a, float b) { return a <= b || a != a ? a : b; }

// The state before the first update.
void adopt_nesterov_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adopt_nesterov_scalars_float64 adopt_nesterov_form_float64(int64_t t, double lr, double beta1, double beta2, double eps)
{
    const double c = sqrt(sqrt((double)(t - 1)));
    return (adopt_nesterov_scalars_float64){
        .coefficient_of_c = -c,
        .zero = 0,
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .c = c,
        .eps = eps,
        .beta1 = beta1,
        .beta2 = beta2,
        .lr = lr,
        .t = t,
    };
}

// The formula, for elements begin to end - 1.
static inline void adopt_nesterov_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                   double *restrict m, double *restrict v, const adopt_nesterov_scalars_float64 *scalars)
{
    const double coefficient_of_c = scalars->coefficient_of_c;
    const double zero = scalars->zero;
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double c = scalars->c;
    const double eps = scalars->eps;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double lr = scalars->lr;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        const double u = t > 1 ? maximum(coefficient_of_c, minimum(c, g[i] / maximum(sqrt(v[i]), eps))) : zero * g[i];  // v of the update before
        m[i] = beta1 * m[i] + one_minus_beta1 * u;
        v[i] = t > 1 ? beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]) : g[i] * g[i];  // all that the first update does
        theta[i] = theta[i] - lr * (beta1 * m[i] + one_minus_beta1 * u);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adopt_nesterov_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                 double *restrict v, const adopt_nesterov_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adopt_nesterov_elements_float64(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adopt_nesterov_elements_float64(i, end, theta, g, m, v, scalars);
}

// The state before the first update.
void adopt_nesterov_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adopt_nesterov_scalars_float32 adopt_nesterov_form_float32(int64_t t, double lr, double beta1, double beta2, double eps)
{
    const double c = sqrt(sqrt((double)(t - 1)));
    return (adopt_nesterov_scalars_float32){
        .coefficient_of_c = (float)(-c),
        .zero = (float)0,
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .c = (float)c,
        .eps = (float)eps,
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .lr = (float)lr,
        .t = t,
    };
}

// The formula, for elements begin to end - 1.
static inline void adopt_nesterov_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                   float *restrict m, float *restrict v, const adopt_nesterov_scalars_float32 *scalars)
{
    const float coefficient_of_c = scalars->coefficient_of_c;
    const float zero = scalars->zero;
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float c = scalars->c;
    const float eps = scalars->eps;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float lr = scalars->lr;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        const float u = t > 1 ? maximumf(coefficient_of_c, minimumf(c, g[i] / maximumf(sqrtf(v[i]), eps))) : zero * g[i];  // v of the update before
        m[i] = beta1 * m[i] + one_minus_beta1 * u;
        v[i] = t > 1 ? beta2 * v[i] + one_minus_beta2 * (g[i] * g[i]) : g[i] * g[i];  // all that the first update does
        theta[i] = theta[i] - lr * (beta1 * m[i] + one_minus_beta1 * u);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adopt_nesterov_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                 float *restrict v, const adopt_nesterov_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        adopt_nesterov_elements_float32(i, i + BLOCK, theta, g, m, v, scalars);
    }
    adopt_nesterov_elements_float32(i, end, theta, g, m, v, scalars);
}

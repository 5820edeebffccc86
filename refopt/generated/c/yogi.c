// Generated from the formula by: refopt generate yogi --to c
// Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
//
// Adam whose second moment changes by the size of the squared gradient only.
//
//     m     <- beta1*m + (1 - beta1)*g
//     v     <- v - (1 - beta2)*sign(v - g^2)*g^2
//     theta <- theta - lr * m / (sqrt(v) + eps)
//
// Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.01
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps    keeps the division finite; 0 <= eps; default 0.001
//     v0     what the second moment starts from; 0 <= v0; default 0.000001
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
    double lr;
    double eps;
} yogi_scalars_float64;

void yogi_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v, double v0);
yogi_scalars_float64 yogi_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double v0);
void yogi_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m, double *restrict v,
                       const yogi_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float one_minus_beta2;
    float beta1;
    float lr;
    float eps;
} yogi_scalars_float32;

void yogi_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v, double v0);
yogi_scalars_float32 yogi_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double v0);
void yogi_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict v,
                       const yogi_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// The state before the first update.
void yogi_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict v, double v0)
{
    const double v0_0 = v0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = v0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
yogi_scalars_float64 yogi_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double v0)
{
    (void)t;
    (void)v0;
    return (yogi_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .beta1 = beta1,
        .lr = lr,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void yogi_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                         double *restrict v, const yogi_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double beta1 = scalars->beta1;
    const double lr = scalars->lr;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = v[i] - one_minus_beta2 * sign(v[i] - g[i] * g[i]) * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (sqrt(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void yogi_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m, double *restrict v,
                       const yogi_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        yogi_elements_float64(i, i + BLOCK, theta, g, m, v, scalars);
    }
    yogi_elements_float64(i, end, theta, g, m, v, scalars);
}

// The state before the first update.
void yogi_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict v, double v0)
{
    const float v0_0 = (float)v0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        v[i] = v0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
yogi_scalars_float32 yogi_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double v0)
{
    (void)t;
    (void)v0;
    return (yogi_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .beta1 = (float)beta1,
        .lr = (float)lr,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void yogi_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                         float *restrict v, const yogi_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float beta1 = scalars->beta1;
    const float lr = scalars->lr;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        v[i] = v[i] - one_minus_beta2 * signf(v[i] - g[i] * g[i]) * (g[i] * g[i]);
        theta[i] = theta[i] - lr * m[i] / (sqrtf(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void yogi_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict v,
                       const yogi_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&v[next], 1);
        }
        yogi_elements_float32(i, i + BLOCK, theta, g, m, v, scalars);
    }
    yogi_elements_float32(i, end, theta, g, m, v, scalars);
}

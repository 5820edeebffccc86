// Generated from the formula by: refopt generate ftrl --to c
// Fingerprint of the formula: c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f
//
// The leader of all gradients so far, regularized: exact zeros where they say little.
//
//     n_before <- n
//     n        <- n + g^2
//     z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
//     theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)
//
// Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.
//
// Hyperparameters:
//     lr    step size; 0 < lr; default 0.001
//     l1    strength of the penalty on the size; 0 <= l1; default 0
//     l2    strength of the penalty on the square; 0 <= l2; default 0
//     beta  what the rate is smoothed by; 0 <= beta; default 1
//     s0    what the sum of squares starts from; 0 <= s0; default 0
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
    double coefficient_of_l1;
    double lr;
    double l1;
    double beta;
    double l2;
} ftrl_scalars_float64;

void ftrl_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z, double *restrict n, double s0);
ftrl_scalars_float64 ftrl_form_float64(int64_t t, double lr, double l1, double l2, double beta, double s0);
void ftrl_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict z, double *restrict n,
                       const ftrl_scalars_float64 *scalars);

typedef struct {
    float coefficient_of_l1;
    float lr;
    float l1;
    float beta;
    float l2;
} ftrl_scalars_float32;

void ftrl_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z, float *restrict n, double s0);
ftrl_scalars_float32 ftrl_form_float32(int64_t t, double lr, double l1, double l2, double beta, double s0);
void ftrl_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z, float *restrict n,
                       const ftrl_scalars_float32 *scalars);

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
void ftrl_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z, double *restrict n, double s0)
{
    const double s0_0 = s0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        z[i] = 0;
        n[i] = s0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
ftrl_scalars_float64 ftrl_form_float64(int64_t t, double lr, double l1, double l2, double beta, double s0)
{
    (void)t;
    (void)s0;
    return (ftrl_scalars_float64){
        .coefficient_of_l1 = -l1,
        .lr = lr,
        .l1 = l1,
        .beta = beta,
        .l2 = l2,
    };
}

// The formula, for elements begin to end - 1.
static inline void ftrl_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict z,
                                         double *restrict n, const ftrl_scalars_float64 *scalars)
{
    const double coefficient_of_l1 = scalars->coefficient_of_l1;
    const double lr = scalars->lr;
    const double l1 = scalars->l1;
    const double beta = scalars->beta;
    const double l2 = scalars->l2;

    for (size_t i = begin; i < end; i++) {
        const double n_before = n[i];
        n[i] = n[i] + g[i] * g[i];
        z[i] = z[i] + g[i] - (sqrt(n[i]) - sqrt(n_before)) / lr * theta[i];
        theta[i] = -((z[i] - maximum(coefficient_of_l1, minimum(l1, z[i]))) / ((beta + sqrt(n[i])) / lr + l2));
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void ftrl_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict z, double *restrict n,
                       const ftrl_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
            FETCH(&n[next], 1);
        }
        ftrl_elements_float64(i, i + BLOCK, theta, g, z, n, scalars);
    }
    ftrl_elements_float64(i, end, theta, g, z, n, scalars);
}

// The state before the first update.
void ftrl_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z, float *restrict n, double s0)
{
    const float s0_0 = (float)s0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        z[i] = 0;
        n[i] = s0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
ftrl_scalars_float32 ftrl_form_float32(int64_t t, double lr, double l1, double l2, double beta, double s0)
{
    (void)t;
    (void)s0;
    return (ftrl_scalars_float32){
        .coefficient_of_l1 = (float)(-l1),
        .lr = (float)lr,
        .l1 = (float)l1,
        .beta = (float)beta,
        .l2 = (float)l2,
    };
}

// The formula, for elements begin to end - 1.
static inline void ftrl_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z,
                                         float *restrict n, const ftrl_scalars_float32 *scalars)
{
    const float coefficient_of_l1 = scalars->coefficient_of_l1;
    const float lr = scalars->lr;
    const float l1 = scalars->l1;
    const float beta = scalars->beta;
    const float l2 = scalars->l2;

    for (size_t i = begin; i < end; i++) {
        const float n_before = n[i];
        n[i] = n[i] + g[i] * g[i];
        z[i] = z[i] + g[i] - (sqrtf(n[i]) - sqrtf(n_before)) / lr * theta[i];
        theta[i] = -((z[i] - maximumf(coefficient_of_l1, minimumf(l1, z[i]))) / ((beta + sqrtf(n[i])) / lr + l2));
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void ftrl_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z, float *restrict n,
                       const ftrl_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
            FETCH(&n[next], 1);
        }
        ftrl_elements_float32(i, i + BLOCK, theta, g, z, n, scalars);
    }
    ftrl_elements_float32(i, end, theta, g, z, n, scalars);
}

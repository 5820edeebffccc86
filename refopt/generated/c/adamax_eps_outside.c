// Generated from the formula by: refopt generate adamax/eps_outside --to c
// Fingerprint of the formula: e14b872988a308498da406d61908875b9d1973a74290f16207a9ac341b7c818a
//
// AdaMax with epsilon beside the infinity norm.
//
//     m     <- beta1*m + (1 - beta1)*g
//     u     <- max(beta2*u, abs(g))
//     theta <- theta - lr / (1 - beta1^t) * m / (u + eps)
//
// Source: Kingma & Ba 2015, Algorithm 2, eps added to the divisor, arXiv:1412.6980.
// Differs from adamax: eps outside the maximum.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 0.002
//     beta1  decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2  decay of the infinity norm; 0 <= beta2 < 1; default 0.999
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
    double step_size;
    double beta1;
    double beta2;
    double eps;
} adamax_eps_outside_scalars_float64;

void adamax_eps_outside_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict u);
adamax_eps_outside_scalars_float64 adamax_eps_outside_form_float64(int64_t t, double lr, double beta1, double beta2, double eps);
void adamax_eps_outside_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                     double *restrict u, const adamax_eps_outside_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float step_size;
    float beta1;
    float beta2;
    float eps;
} adamax_eps_outside_scalars_float32;

void adamax_eps_outside_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict u);
adamax_eps_outside_scalars_float32 adamax_eps_outside_form_float32(int64_t t, double lr, double beta1, double beta2, double eps);
void adamax_eps_outside_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                     float *restrict u, const adamax_eps_outside_scalars_float32 *scalars);

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
static inline float maximumf(float a, float b) { return a >= b || a != a ? a : b; }

// The state before the first update.
void adamax_eps_outside_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamax_eps_outside_scalars_float64 adamax_eps_outside_form_float64(int64_t t, double lr, double beta1, double beta2, double eps)
{
    return (adamax_eps_outside_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .step_size = lr / (1 - power(beta1, t)),
        .beta1 = beta1,
        .beta2 = beta2,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adamax_eps_outside_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                       double *restrict m, double *restrict u,
                                                       const adamax_eps_outside_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double step_size = scalars->step_size;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximum(beta2 * u[i], fabs(g[i]));
        theta[i] = theta[i] - step_size * m[i] / (u[i] + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamax_eps_outside_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                     double *restrict u, const adamax_eps_outside_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&u[next], 1);
        }
        adamax_eps_outside_elements_float64(i, i + BLOCK, theta, g, m, u, scalars);
    }
    adamax_eps_outside_elements_float64(i, end, theta, g, m, u, scalars);
}

// The state before the first update.
void adamax_eps_outside_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamax_eps_outside_scalars_float32 adamax_eps_outside_form_float32(int64_t t, double lr, double beta1, double beta2, double eps)
{
    return (adamax_eps_outside_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .step_size = (float)(lr / (1 - power(beta1, t))),
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adamax_eps_outside_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                       float *restrict m, float *restrict u,
                                                       const adamax_eps_outside_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float step_size = scalars->step_size;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximumf(beta2 * u[i], fabsf(g[i]));
        theta[i] = theta[i] - step_size * m[i] / (u[i] + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamax_eps_outside_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                     float *restrict u, const adamax_eps_outside_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&u[next], 1);
        }
        adamax_eps_outside_elements_float32(i, i + BLOCK, theta, g, m, u, scalars);
    }
    adamax_eps_outside_elements_float32(i, end, theta, g, m, u, scalars);
}

// Generated from the formula by: refopt generate adamaxw --to c
// Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
//
// AdaMax with decoupled weight decay.
//
//     m     <- beta1*m + (1 - beta1)*g
//     u     <- max(beta2*u, abs(g) + eps)
//     theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u
//
// Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.002
//     beta1         decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2         decay of the infinity norm; 0 <= beta2 < 1; default 0.999
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
    double one_minus_beta1;
    double lr_times_weight_decay;
    double step_size;
    double beta1;
    double beta2;
    double eps;
} adamaxw_scalars_float64;

void adamaxw_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict u);
adamaxw_scalars_float64 adamaxw_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay);
void adamaxw_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                          double *restrict u, const adamaxw_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float lr_times_weight_decay;
    float step_size;
    float beta1;
    float beta2;
    float eps;
} adamaxw_scalars_float32;

void adamaxw_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict u);
adamaxw_scalars_float32 adamaxw_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay);
void adamaxw_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict u,
                          const adamaxw_scalars_float32 *scalars);

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
void adamaxw_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamaxw_scalars_float64 adamaxw_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay)
{
    return (adamaxw_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .lr_times_weight_decay = lr * weight_decay,
        .step_size = lr / (1 - power(beta1, t)),
        .beta1 = beta1,
        .beta2 = beta2,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adamaxw_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                            double *restrict u, const adamaxw_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double lr_times_weight_decay = scalars->lr_times_weight_decay;
    const double step_size = scalars->step_size;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximum(beta2 * u[i], fabs(g[i]) + eps);
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - step_size * m[i] / u[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamaxw_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                          double *restrict u, const adamaxw_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&u[next], 1);
        }
        adamaxw_elements_float64(i, i + BLOCK, theta, g, m, u, scalars);
    }
    adamaxw_elements_float64(i, end, theta, g, m, u, scalars);
}

// The state before the first update.
void adamaxw_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adamaxw_scalars_float32 adamaxw_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double weight_decay)
{
    return (adamaxw_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .lr_times_weight_decay = (float)(lr * weight_decay),
        .step_size = (float)(lr / (1 - power(beta1, t))),
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adamaxw_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                            float *restrict u, const adamaxw_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float lr_times_weight_decay = scalars->lr_times_weight_decay;
    const float step_size = scalars->step_size;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        u[i] = maximumf(beta2 * u[i], fabsf(g[i]) + eps);
        theta[i] = theta[i] - lr_times_weight_decay * theta[i] - step_size * m[i] / u[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adamaxw_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict u,
                          const adamaxw_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&u[next], 1);
        }
        adamaxw_elements_float32(i, i + BLOCK, theta, g, m, u, scalars);
    }
    adamaxw_elements_float32(i, end, theta, g, m, u, scalars);
}

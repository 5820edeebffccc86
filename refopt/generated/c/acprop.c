// Generated from the formula by: refopt generate acprop --to c
// Fingerprint of the formula: 3ec05370738415d5cb8a858b10d98785f2014bccd9c6bdce7836e06225c7d69a
//
// The gradient over its deviation up to the update before.
//
//     theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
//     m     <- beta1*m + (1 - beta1)*g
//     s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
//
// Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     beta1     decay of the first moment; 0 <= beta1 < 1; default 0.9
//     beta2     decay of the second moment; 0 <= beta2 < 1; default 0.999
//     eps       keeps the division finite; 0 <= eps; default 1e-16
//     eps_root  added to s at every update; 0 <= eps_root; default 1e-16
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
    double complement;
    double coefficient_of_eps;
    double one_minus_beta1;
    double one_minus_beta2;
    double lr;
    double eps;
    double beta1;
    double beta2;
    double eps_root;
    int64_t t;
} acprop_scalars_float64;

void acprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict s);
acprop_scalars_float64 acprop_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double eps_root);
void acprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                         double *restrict s, const acprop_scalars_float64 *scalars);

typedef struct {
    float complement;
    float coefficient_of_eps;
    float one_minus_beta1;
    float one_minus_beta2;
    float lr;
    float eps;
    float beta1;
    float beta2;
    float eps_root;
    int64_t t;
} acprop_scalars_float32;

void acprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict s);
acprop_scalars_float32 acprop_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double eps_root);
void acprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict s,
                         const acprop_scalars_float32 *scalars);

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

// The state before the first update.
void acprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict m, double *restrict s)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        s[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
acprop_scalars_float64 acprop_form_float64(int64_t t, double lr, double beta1, double beta2, double eps, double eps_root)
{
    return (acprop_scalars_float64){
        .complement = 1 - power(beta2, t - 1),
        .coefficient_of_eps = 1 + eps,
        .one_minus_beta1 = 1 - beta1,
        .one_minus_beta2 = 1 - beta2,
        .lr = lr,
        .eps = eps,
        .beta1 = beta1,
        .beta2 = beta2,
        .eps_root = eps_root,
        .t = t,
    };
}

// The formula, for elements begin to end - 1.
static inline void acprop_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                                           double *restrict s, const acprop_scalars_float64 *scalars)
{
    const double complement = scalars->complement;
    const double coefficient_of_eps = scalars->coefficient_of_eps;
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_beta2 = scalars->one_minus_beta2;
    const double lr = scalars->lr;
    const double eps = scalars->eps;
    const double beta1 = scalars->beta1;
    const double beta2 = scalars->beta2;
    const double eps_root = scalars->eps_root;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * (t > 1 ? g[i] / (sqrt(s[i] / complement) + eps) : g[i] / coefficient_of_eps);  // nothing is known before the first gradient
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * square(g[i] - m[i]) + eps_root;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void acprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict m,
                         double *restrict s, const acprop_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&s[next], 1);
        }
        acprop_elements_float64(i, i + BLOCK, theta, g, m, s, scalars);
    }
    acprop_elements_float64(i, end, theta, g, m, s, scalars);
}

// The state before the first update.
void acprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict m, float *restrict s)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        m[i] = 0;
        s[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
acprop_scalars_float32 acprop_form_float32(int64_t t, double lr, double beta1, double beta2, double eps, double eps_root)
{
    return (acprop_scalars_float32){
        .complement = (float)(1 - power(beta2, t - 1)),
        .coefficient_of_eps = (float)(1 + eps),
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_beta2 = (float)(1 - beta2),
        .lr = (float)lr,
        .eps = (float)eps,
        .beta1 = (float)beta1,
        .beta2 = (float)beta2,
        .eps_root = (float)eps_root,
        .t = t,
    };
}

// The formula, for elements begin to end - 1.
static inline void acprop_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m,
                                           float *restrict s, const acprop_scalars_float32 *scalars)
{
    const float complement = scalars->complement;
    const float coefficient_of_eps = scalars->coefficient_of_eps;
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_beta2 = scalars->one_minus_beta2;
    const float lr = scalars->lr;
    const float eps = scalars->eps;
    const float beta1 = scalars->beta1;
    const float beta2 = scalars->beta2;
    const float eps_root = scalars->eps_root;
    const int64_t t = scalars->t;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * (t > 1 ? g[i] / (sqrtf(s[i] / complement) + eps) : g[i] / coefficient_of_eps);  // nothing is known before the first gradient
        m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
        s[i] = beta2 * s[i] + one_minus_beta2 * squaref(g[i] - m[i]) + eps_root;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void acprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict m, float *restrict s,
                         const acprop_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&m[next], 1);
            FETCH(&s[next], 1);
        }
        acprop_elements_float32(i, i + BLOCK, theta, g, m, s, scalars);
    }
    acprop_elements_float32(i, end, theta, g, m, s, scalars);
}

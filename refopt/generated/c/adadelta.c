// Generated from the formula by: refopt generate adadelta --to c
// Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
//
// Steps in the units of the parameters: as long as the last ones were.
//
//     s     <- rho*s + (1 - rho)*g^2
//     d     <- sqrt(u + eps) / sqrt(s + eps) * g
//     u     <- rho*u + (1 - rho)*d^2
//     theta <- theta - lr*d
//
// Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 1
//     rho  decay of the mean square; 0 <= rho < 1; default 0.9
//     eps  keeps the division finite; 0 <= eps; default 1e-6
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
    double rho;
    double eps;
    double lr;
} adadelta_scalars_float64;

void adadelta_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double *restrict u);
adadelta_scalars_float64 adadelta_form_float64(int64_t t, double lr, double rho, double eps);
void adadelta_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                           double *restrict u, const adadelta_scalars_float64 *scalars);

typedef struct {
    float one_minus_rho;
    float rho;
    float eps;
    float lr;
} adadelta_scalars_float32;

void adadelta_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, float *restrict u);
adadelta_scalars_float32 adadelta_form_float32(int64_t t, double lr, double rho, double eps);
void adadelta_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s, float *restrict u,
                           const adadelta_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void adadelta_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        s[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adadelta_scalars_float64 adadelta_form_float64(int64_t t, double lr, double rho, double eps)
{
    (void)t;
    return (adadelta_scalars_float64){
        .one_minus_rho = 1 - rho,
        .rho = rho,
        .eps = eps,
        .lr = lr,
    };
}

// The formula, for elements begin to end - 1.
static inline void adadelta_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                             double *restrict s, double *restrict u, const adadelta_scalars_float64 *scalars)
{
    const double one_minus_rho = scalars->one_minus_rho;
    const double rho = scalars->rho;
    const double eps = scalars->eps;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        s[i] = rho * s[i] + one_minus_rho * (g[i] * g[i]);
        const double d = sqrt(u[i] + eps) / sqrt(s[i] + eps) * g[i];
        u[i] = rho * u[i] + one_minus_rho * (d * d);
        theta[i] = theta[i] - lr * d;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adadelta_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                           double *restrict u, const adadelta_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
            FETCH(&u[next], 1);
        }
        adadelta_elements_float64(i, i + BLOCK, theta, g, s, u, scalars);
    }
    adadelta_elements_float64(i, end, theta, g, s, u, scalars);
}

// The state before the first update.
void adadelta_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, float *restrict u)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        s[i] = 0;
        u[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adadelta_scalars_float32 adadelta_form_float32(int64_t t, double lr, double rho, double eps)
{
    (void)t;
    return (adadelta_scalars_float32){
        .one_minus_rho = (float)(1 - rho),
        .rho = (float)rho,
        .eps = (float)eps,
        .lr = (float)lr,
    };
}

// The formula, for elements begin to end - 1.
static inline void adadelta_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                                             float *restrict u, const adadelta_scalars_float32 *scalars)
{
    const float one_minus_rho = scalars->one_minus_rho;
    const float rho = scalars->rho;
    const float eps = scalars->eps;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        s[i] = rho * s[i] + one_minus_rho * (g[i] * g[i]);
        const float d = sqrtf(u[i] + eps) / sqrtf(s[i] + eps) * g[i];
        u[i] = rho * u[i] + one_minus_rho * (d * d);
        theta[i] = theta[i] - lr * d;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adadelta_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s, float *restrict u,
                           const adadelta_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
            FETCH(&u[next], 1);
        }
        adadelta_elements_float32(i, i + BLOCK, theta, g, s, u, scalars);
    }
    adadelta_elements_float32(i, end, theta, g, s, u, scalars);
}

// Generated from the formula by: refopt generate rmsprop --to c
// Fingerprint of the formula: 76511b82ef458e64d0989995f0a2182aa28a2da4a937ab2006e1ade808de7973
//
// RMSProp, epsilon outside the root.
//
//     v     <- rho*v + (1 - rho)*g^2
//     theta <- theta - lr * g / (sqrt(v) + eps)
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
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
    double rho;
    double lr;
    double eps;
} rmsprop_scalars_float64;

void rmsprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v);
rmsprop_scalars_float64 rmsprop_form_float64(int64_t t, double lr, double rho, double eps);
void rmsprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                          const rmsprop_scalars_float64 *scalars);

typedef struct {
    float one_minus_rho;
    float rho;
    float lr;
    float eps;
} rmsprop_scalars_float32;

void rmsprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v);
rmsprop_scalars_float32 rmsprop_form_float32(int64_t t, double lr, double rho, double eps);
void rmsprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                          const rmsprop_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void rmsprop_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_scalars_float64 rmsprop_form_float64(int64_t t, double lr, double rho, double eps)
{
    (void)t;
    return (rmsprop_scalars_float64){
        .one_minus_rho = 1 - rho,
        .rho = rho,
        .lr = lr,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                            const rmsprop_scalars_float64 *scalars)
{
    const double one_minus_rho = scalars->one_minus_rho;
    const double rho = scalars->rho;
    const double lr = scalars->lr;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        theta[i] = theta[i] - lr * g[i] / (sqrt(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                          const rmsprop_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
        }
        rmsprop_elements_float64(i, i + BLOCK, theta, g, v, scalars);
    }
    rmsprop_elements_float64(i, end, theta, g, v, scalars);
}

// The state before the first update.
void rmsprop_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_scalars_float32 rmsprop_form_float32(int64_t t, double lr, double rho, double eps)
{
    (void)t;
    return (rmsprop_scalars_float32){
        .one_minus_rho = (float)(1 - rho),
        .rho = (float)rho,
        .lr = (float)lr,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                            const rmsprop_scalars_float32 *scalars)
{
    const float one_minus_rho = scalars->one_minus_rho;
    const float rho = scalars->rho;
    const float lr = scalars->lr;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        theta[i] = theta[i] - lr * g[i] / (sqrtf(v[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                          const rmsprop_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
        }
        rmsprop_elements_float32(i, i + BLOCK, theta, g, v, scalars);
    }
    rmsprop_elements_float32(i, end, theta, g, v, scalars);
}

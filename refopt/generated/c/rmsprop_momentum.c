// Generated from the formula by: refopt generate rmsprop/momentum --to c
// Fingerprint of the formula: 76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353
//
// RMSProp with momentum, the rate outside the velocity.
//
//     v     <- rho*v + (1 - rho)*g^2
//     b     <- momentum*b + g / (sqrt(v) + eps)
//     theta <- theta - lr*b
//
// Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
// Differs from rmsprop: a velocity of the normalized gradients.
//
// Hyperparameters:
//     lr        step size; 0 <= lr; default 0.001
//     rho       decay of the mean square; 0 <= rho < 1; default 0.9
//     eps       keeps the division finite; 0 <= eps; default 1e-8
//     momentum  share of the velocity that is kept; 0 <= momentum < 1; default 0.9
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
    double momentum;
    double eps;
    double lr;
} rmsprop_momentum_scalars_float64;

void rmsprop_momentum_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v, double *restrict b);
rmsprop_momentum_scalars_float64 rmsprop_momentum_form_float64(int64_t t, double lr, double rho, double eps, double momentum);
void rmsprop_momentum_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                   double *restrict b, const rmsprop_momentum_scalars_float64 *scalars);

typedef struct {
    float one_minus_rho;
    float rho;
    float momentum;
    float eps;
    float lr;
} rmsprop_momentum_scalars_float32;

void rmsprop_momentum_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v, float *restrict b);
rmsprop_momentum_scalars_float32 rmsprop_momentum_form_float32(int64_t t, double lr, double rho, double eps, double momentum);
void rmsprop_momentum_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                   float *restrict b, const rmsprop_momentum_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void rmsprop_momentum_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict v, double *restrict b)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
        b[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_momentum_scalars_float64 rmsprop_momentum_form_float64(int64_t t, double lr, double rho, double eps, double momentum)
{
    (void)t;
    return (rmsprop_momentum_scalars_float64){
        .one_minus_rho = 1 - rho,
        .rho = rho,
        .momentum = momentum,
        .eps = eps,
        .lr = lr,
    };
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_momentum_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                     double *restrict v, double *restrict b,
                                                     const rmsprop_momentum_scalars_float64 *scalars)
{
    const double one_minus_rho = scalars->one_minus_rho;
    const double rho = scalars->rho;
    const double momentum = scalars->momentum;
    const double eps = scalars->eps;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        b[i] = momentum * b[i] + g[i] / (sqrt(v[i]) + eps);
        theta[i] = theta[i] - lr * b[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_momentum_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict v,
                                   double *restrict b, const rmsprop_momentum_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
            FETCH(&b[next], 1);
        }
        rmsprop_momentum_elements_float64(i, i + BLOCK, theta, g, v, b, scalars);
    }
    rmsprop_momentum_elements_float64(i, end, theta, g, v, b, scalars);
}

// The state before the first update.
void rmsprop_momentum_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict v, float *restrict b)
{
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        v[i] = 0;
        b[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rmsprop_momentum_scalars_float32 rmsprop_momentum_form_float32(int64_t t, double lr, double rho, double eps, double momentum)
{
    (void)t;
    return (rmsprop_momentum_scalars_float32){
        .one_minus_rho = (float)(1 - rho),
        .rho = (float)rho,
        .momentum = (float)momentum,
        .eps = (float)eps,
        .lr = (float)lr,
    };
}

// The formula, for elements begin to end - 1.
static inline void rmsprop_momentum_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                     float *restrict v, float *restrict b, const rmsprop_momentum_scalars_float32 *scalars)
{
    const float one_minus_rho = scalars->one_minus_rho;
    const float rho = scalars->rho;
    const float momentum = scalars->momentum;
    const float eps = scalars->eps;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        v[i] = rho * v[i] + one_minus_rho * (g[i] * g[i]);
        b[i] = momentum * b[i] + g[i] / (sqrtf(v[i]) + eps);
        theta[i] = theta[i] - lr * b[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rmsprop_momentum_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict v,
                                   float *restrict b, const rmsprop_momentum_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&v[next], 1);
            FETCH(&b[next], 1);
        }
        rmsprop_momentum_elements_float32(i, i + BLOCK, theta, g, v, b, scalars);
    }
    rmsprop_momentum_elements_float32(i, end, theta, g, v, b, scalars);
}

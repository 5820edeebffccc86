// Generated from the formula by: refopt generate adagrad --to c
// Fingerprint of the formula: 40d4a87244d8343f514ecfe92c33b846de27ebe7cdf1bddf201160d0e4d289e2
//
// A rate for each element, falling with the sum of its squared gradients.
//
//     s     <- s + g^2
//     theta <- theta - lr * g / (sqrt(s) + eps)
//
// Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.
//
// Hyperparameters:
//     lr   step size; 0 <= lr; default 0.01
//     eps  keeps the division finite; 0 <= eps; default 1e-10
//     s0   what the sum of squares starts from; 0 <= s0; default 0
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
    double lr;
    double eps;
} adagrad_scalars_float64;

void adagrad_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double s0);
adagrad_scalars_float64 adagrad_form_float64(int64_t t, double lr, double eps, double s0);
void adagrad_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                          const adagrad_scalars_float64 *scalars);

typedef struct {
    float lr;
    float eps;
} adagrad_scalars_float32;

void adagrad_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, double s0);
adagrad_scalars_float32 adagrad_form_float32(int64_t t, double lr, double eps, double s0);
void adagrad_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                          const adagrad_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void adagrad_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double s0)
{
    const double s0_0 = s0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        s[i] = s0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adagrad_scalars_float64 adagrad_form_float64(int64_t t, double lr, double eps, double s0)
{
    (void)t;
    (void)s0;
    return (adagrad_scalars_float64){
        .lr = lr,
        .eps = eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adagrad_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                                            const adagrad_scalars_float64 *scalars)
{
    const double lr = scalars->lr;
    const double eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        s[i] = s[i] + g[i] * g[i];
        theta[i] = theta[i] - lr * g[i] / (sqrt(s[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adagrad_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                          const adagrad_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
        }
        adagrad_elements_float64(i, i + BLOCK, theta, g, s, scalars);
    }
    adagrad_elements_float64(i, end, theta, g, s, scalars);
}

// The state before the first update.
void adagrad_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, double s0)
{
    const float s0_0 = (float)s0;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        s[i] = s0_0;
    }
}

// What is scalar in update t, formed in double and rounded once.
adagrad_scalars_float32 adagrad_form_float32(int64_t t, double lr, double eps, double s0)
{
    (void)t;
    (void)s0;
    return (adagrad_scalars_float32){
        .lr = (float)lr,
        .eps = (float)eps,
    };
}

// The formula, for elements begin to end - 1.
static inline void adagrad_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                                            const adagrad_scalars_float32 *scalars)
{
    const float lr = scalars->lr;
    const float eps = scalars->eps;

    for (size_t i = begin; i < end; i++) {
        s[i] = s[i] + g[i] * g[i];
        theta[i] = theta[i] - lr * g[i] / (sqrtf(s[i]) + eps);
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void adagrad_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                          const adagrad_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
        }
        adagrad_elements_float32(i, i + BLOCK, theta, g, s, scalars);
    }
    adagrad_elements_float32(i, end, theta, g, s, scalars);
}

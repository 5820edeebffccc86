// Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to c
// Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
//
// Schedule-free SGD whose average weighs by the largest rate so far.
//
//     lr_max     <- max(lr_max, lr)
//     weight     <- lr_max^2
//     weight_sum <- weight_sum + weight
//     c          <- where(weight_sum > 0, weight / weight_sum, 0)
//     x_before   <- (theta - (1 - beta1)*z) / beta1
//     z          <- z - lr*g
//     x          <- (1 - c)*x_before + c*z
//     theta      <- (1 - beta1)*z + beta1*x
//
// Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
// Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.
//
// Hyperparameters:
//     lr     step size; 0 <= lr; default 1
//     beta1  share of x where g is taken; 0 < beta1 <= 1; default 0.9
//
// C99. A step changes theta and the state in place, elements begin to end - 1 of each array, so that threads can share it;
// arrays must not overlap. Once a step, and before it, the scalars are formed in double and rounded once to the arrays'
// format. t counts updates from 1. Nothing is checked: hyperparameters belong to the domains above.
// Bits are those of every other backend where only + - * / sqrt are used: compile with -ffp-contract=off and without
// -ffast-math; -O3 -fno-math-errno makes the loop a vector loop and changes no bit.

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
    double one_minus_c;
    double beta1;
    double lr;
    double c;
} schedule_free_sgd_max_rate_scalars_float64;

void schedule_free_sgd_max_rate_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z,
                                             double *weight_sum_kept, double *lr_max_kept);
schedule_free_sgd_max_rate_scalars_float64 schedule_free_sgd_max_rate_form_float64(int64_t t, double *weight_sum_kept, double *lr_max_kept,
                                                                                   double lr, double beta1);
void schedule_free_sgd_max_rate_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                             double *restrict z, const schedule_free_sgd_max_rate_scalars_float64 *scalars);

typedef struct {
    float one_minus_beta1;
    float one_minus_c;
    float beta1;
    float lr;
    float c;
} schedule_free_sgd_max_rate_scalars_float32;

void schedule_free_sgd_max_rate_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z,
                                             double *weight_sum_kept, double *lr_max_kept);
schedule_free_sgd_max_rate_scalars_float32 schedule_free_sgd_max_rate_form_float32(int64_t t, double *weight_sum_kept, double *lr_max_kept,
                                                                                   double lr, double beta1);
void schedule_free_sgd_max_rate_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z,
                                             const schedule_free_sgd_max_rate_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }

// The state before the first update.
void schedule_free_sgd_max_rate_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict z,
                                             double *weight_sum_kept, double *lr_max_kept)
{
    *weight_sum_kept = 0;
    *lr_max_kept = 0;
    for (size_t i = begin; i < end; i++) {
        z[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
schedule_free_sgd_max_rate_scalars_float64 schedule_free_sgd_max_rate_form_float64(int64_t t, double *weight_sum_kept, double *lr_max_kept,
                                                                                   double lr, double beta1)
{
    (void)t;
    double weight_sum = *weight_sum_kept;
    double lr_max = *lr_max_kept;
    lr_max = maximum(lr_max, lr);
    const double weight = lr_max * lr_max;
    weight_sum = weight_sum + weight;
    const double c = weight_sum > 0 ? weight / weight_sum : 0;
    *weight_sum_kept = weight_sum;
    *lr_max_kept = lr_max;
    return (schedule_free_sgd_max_rate_scalars_float64){
        .one_minus_beta1 = 1 - beta1,
        .one_minus_c = 1 - c,
        .beta1 = beta1,
        .lr = lr,
        .c = c,
    };
}

// The formula, for elements begin to end - 1.
static inline void schedule_free_sgd_max_rate_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                               double *restrict z,
                                                               const schedule_free_sgd_max_rate_scalars_float64 *scalars)
{
    const double one_minus_beta1 = scalars->one_minus_beta1;
    const double one_minus_c = scalars->one_minus_c;
    const double beta1 = scalars->beta1;
    const double lr = scalars->lr;
    const double c = scalars->c;

    for (size_t i = begin; i < end; i++) {
        const double x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr * g[i];
        const double x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void schedule_free_sgd_max_rate_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                             double *restrict z, const schedule_free_sgd_max_rate_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
        }
        schedule_free_sgd_max_rate_elements_float64(i, i + BLOCK, theta, g, z, scalars);
    }
    schedule_free_sgd_max_rate_elements_float64(i, end, theta, g, z, scalars);
}

// The state before the first update.
void schedule_free_sgd_max_rate_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict z,
                                             double *weight_sum_kept, double *lr_max_kept)
{
    *weight_sum_kept = 0;
    *lr_max_kept = 0;
    for (size_t i = begin; i < end; i++) {
        z[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
schedule_free_sgd_max_rate_scalars_float32 schedule_free_sgd_max_rate_form_float32(int64_t t, double *weight_sum_kept, double *lr_max_kept,
                                                                                   double lr, double beta1)
{
    (void)t;
    double weight_sum = *weight_sum_kept;
    double lr_max = *lr_max_kept;
    lr_max = maximum(lr_max, lr);
    const double weight = lr_max * lr_max;
    weight_sum = weight_sum + weight;
    const double c = weight_sum > 0 ? weight / weight_sum : 0;
    *weight_sum_kept = weight_sum;
    *lr_max_kept = lr_max;
    return (schedule_free_sgd_max_rate_scalars_float32){
        .one_minus_beta1 = (float)(1 - beta1),
        .one_minus_c = (float)(1 - c),
        .beta1 = (float)beta1,
        .lr = (float)lr,
        .c = (float)c,
    };
}

// The formula, for elements begin to end - 1.
static inline void schedule_free_sgd_max_rate_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                               float *restrict z,
                                                               const schedule_free_sgd_max_rate_scalars_float32 *scalars)
{
    const float one_minus_beta1 = scalars->one_minus_beta1;
    const float one_minus_c = scalars->one_minus_c;
    const float beta1 = scalars->beta1;
    const float lr = scalars->lr;
    const float c = scalars->c;

    for (size_t i = begin; i < end; i++) {
        const float x_before = (theta[i] - one_minus_beta1 * z[i]) / beta1;
        z[i] = z[i] - lr * g[i];
        const float x = one_minus_c * x_before + c * z[i];
        theta[i] = one_minus_beta1 * z[i] + beta1 * x;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void schedule_free_sgd_max_rate_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict z,
                                             const schedule_free_sgd_max_rate_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&z[next], 1);
        }
        schedule_free_sgd_max_rate_elements_float32(i, i + BLOCK, theta, g, z, scalars);
    }
    schedule_free_sgd_max_rate_elements_float32(i, end, theta, g, z, scalars);
}

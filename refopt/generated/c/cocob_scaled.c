// Generated from the formula by: refopt generate cocob/scaled --to c
// Fingerprint of the formula: 6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0
//
// COCOB on gradients, decayed weights added, that a rate multiplies.
//
//     g_scaled     <- lr*(g + weight_decay*theta)
//     scale        <- max(scale, abs(g_scaled))
//     abs_sum      <- abs_sum + abs(g_scaled)
//     reward       <- max(reward - g_scaled*(theta - theta_start), 0)
//     negative_sum <- negative_sum - g_scaled
//     change       <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta
//     theta        <- theta + change
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: g is lr*(g + weight_decay*theta).
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 1
//     alpha         about how many updates the bets are held small; 0 <= alpha; default 100
//     eps           keeps the division finite; 0 <= eps; default 1e-8
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0
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
    double zero;
    double lr;
    double weight_decay;
    double alpha;
} cocob_scaled_scalars_float64;

void cocob_scaled_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict scale, double *restrict abs_sum,
                               double *restrict reward, double *restrict negative_sum, double *restrict theta_start, double eps);
cocob_scaled_scalars_float64 cocob_scaled_form_float64(int64_t t, double lr, double alpha, double eps, double weight_decay);
void cocob_scaled_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict scale,
                               double *restrict abs_sum, double *restrict reward, double *restrict negative_sum,
                               const double *restrict theta_start, const cocob_scaled_scalars_float64 *scalars);

typedef struct {
    float zero;
    float lr;
    float weight_decay;
    float alpha;
} cocob_scaled_scalars_float32;

void cocob_scaled_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict scale, float *restrict abs_sum,
                               float *restrict reward, float *restrict negative_sum, float *restrict theta_start, double eps);
cocob_scaled_scalars_float32 cocob_scaled_form_float32(int64_t t, double lr, double alpha, double eps, double weight_decay);
void cocob_scaled_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict scale,
                               float *restrict abs_sum, float *restrict reward, float *restrict negative_sum,
                               const float *restrict theta_start, const cocob_scaled_scalars_float32 *scalars);

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

// The state before the first update.
void cocob_scaled_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict scale, double *restrict abs_sum,
                               double *restrict reward, double *restrict negative_sum, double *restrict theta_start, double eps)
{
    const double eps_0 = eps;
    for (size_t i = begin; i < end; i++) {
        scale[i] = eps_0;
        abs_sum[i] = 0;
        reward[i] = 0;
        negative_sum[i] = 0;
        theta_start[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
cocob_scaled_scalars_float64 cocob_scaled_form_float64(int64_t t, double lr, double alpha, double eps, double weight_decay)
{
    (void)t;
    (void)eps;
    return (cocob_scaled_scalars_float64){
        .zero = 0,
        .lr = lr,
        .weight_decay = weight_decay,
        .alpha = alpha,
    };
}

// The formula, for elements begin to end - 1.
static inline void cocob_scaled_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                 double *restrict scale, double *restrict abs_sum, double *restrict reward,
                                                 double *restrict negative_sum, const double *restrict theta_start,
                                                 const cocob_scaled_scalars_float64 *scalars)
{
    const double zero = scalars->zero;
    const double lr = scalars->lr;
    const double weight_decay = scalars->weight_decay;
    const double alpha = scalars->alpha;

    for (size_t i = begin; i < end; i++) {
        const double g_scaled = lr * (g[i] + weight_decay * theta[i]);
        scale[i] = maximum(scale[i], fabs(g_scaled));
        abs_sum[i] = abs_sum[i] + fabs(g_scaled);
        reward[i] = maximum(reward[i] - g_scaled * (theta[i] - theta_start[i]), zero);
        negative_sum[i] = negative_sum[i] - g_scaled;
        const double change = theta_start[i] + negative_sum[i] / (scale[i] * maximum(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]) - theta[i];  // rounded: an update is what is added
        theta[i] = theta[i] + change;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void cocob_scaled_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict scale,
                               double *restrict abs_sum, double *restrict reward, double *restrict negative_sum,
                               const double *restrict theta_start, const cocob_scaled_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&scale[next], 1);
            FETCH(&abs_sum[next], 1);
            FETCH(&reward[next], 1);
            FETCH(&negative_sum[next], 1);
            FETCH(&theta_start[next], 0);
        }
        cocob_scaled_elements_float64(i, i + BLOCK, theta, g, scale, abs_sum, reward, negative_sum, theta_start, scalars);
    }
    cocob_scaled_elements_float64(i, end, theta, g, scale, abs_sum, reward, negative_sum, theta_start, scalars);
}

// The state before the first update.
void cocob_scaled_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict scale, float *restrict abs_sum,
                               float *restrict reward, float *restrict negative_sum, float *restrict theta_start, double eps)
{
    const float eps_0 = (float)eps;
    for (size_t i = begin; i < end; i++) {
        scale[i] = eps_0;
        abs_sum[i] = 0;
        reward[i] = 0;
        negative_sum[i] = 0;
        theta_start[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
cocob_scaled_scalars_float32 cocob_scaled_form_float32(int64_t t, double lr, double alpha, double eps, double weight_decay)
{
    (void)t;
    (void)eps;
    return (cocob_scaled_scalars_float32){
        .zero = (float)0,
        .lr = (float)lr,
        .weight_decay = (float)weight_decay,
        .alpha = (float)alpha,
    };
}

// The formula, for elements begin to end - 1.
static inline void cocob_scaled_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                 float *restrict scale, float *restrict abs_sum, float *restrict reward,
                                                 float *restrict negative_sum, const float *restrict theta_start,
                                                 const cocob_scaled_scalars_float32 *scalars)
{
    const float zero = scalars->zero;
    const float lr = scalars->lr;
    const float weight_decay = scalars->weight_decay;
    const float alpha = scalars->alpha;

    for (size_t i = begin; i < end; i++) {
        const float g_scaled = lr * (g[i] + weight_decay * theta[i]);
        scale[i] = maximumf(scale[i], fabsf(g_scaled));
        abs_sum[i] = abs_sum[i] + fabsf(g_scaled);
        reward[i] = maximumf(reward[i] - g_scaled * (theta[i] - theta_start[i]), zero);
        negative_sum[i] = negative_sum[i] - g_scaled;
        const float change = theta_start[i] + negative_sum[i] / (scale[i] * maximumf(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]) - theta[i];  // rounded: an update is what is added
        theta[i] = theta[i] + change;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void cocob_scaled_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict scale,
                               float *restrict abs_sum, float *restrict reward, float *restrict negative_sum,
                               const float *restrict theta_start, const cocob_scaled_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&scale[next], 1);
            FETCH(&abs_sum[next], 1);
            FETCH(&reward[next], 1);
            FETCH(&negative_sum[next], 1);
            FETCH(&theta_start[next], 0);
        }
        cocob_scaled_elements_float32(i, i + BLOCK, theta, g, scale, abs_sum, reward, negative_sum, theta_start, scalars);
    }
    cocob_scaled_elements_float32(i, end, theta, g, scale, abs_sum, reward, negative_sum, theta_start, scalars);
}

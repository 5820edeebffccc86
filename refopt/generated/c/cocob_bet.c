// Generated from the formula by: refopt generate cocob/bet --to c
// Fingerprint of the formula: bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b
//
// COCOB that keeps its bet, and not where it started.
//
//     scale        <- max(scale, abs(g))
//     abs_sum      <- abs_sum + abs(g)
//     reward       <- max(reward - g*bet, 0)
//     negative_sum <- negative_sum - g
//     unmoved      <- theta - bet
//     bet          <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
//     theta        <- unmoved + bet
//
// Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
// Differs from cocob: theta changes by the difference of two bets.
//
// Hyperparameters:
//     alpha  about how many updates the bets are held small; 0 <= alpha; default 100
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
    double zero;
    double alpha;
} cocob_bet_scalars_float64;

void cocob_bet_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict scale, double *restrict abs_sum,
                            double *restrict reward, double *restrict negative_sum, double *restrict bet, double eps);
cocob_bet_scalars_float64 cocob_bet_form_float64(int64_t t, double alpha, double eps);
void cocob_bet_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict scale,
                            double *restrict abs_sum, double *restrict reward, double *restrict negative_sum, double *restrict bet,
                            const cocob_bet_scalars_float64 *scalars);

typedef struct {
    float zero;
    float alpha;
} cocob_bet_scalars_float32;

void cocob_bet_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict scale, float *restrict abs_sum,
                            float *restrict reward, float *restrict negative_sum, float *restrict bet, double eps);
cocob_bet_scalars_float32 cocob_bet_form_float32(int64_t t, double alpha, double eps);
void cocob_bet_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict scale,
                            float *restrict abs_sum, float *restrict reward, float *restrict negative_sum, float *restrict bet,
                            const cocob_bet_scalars_float32 *scalars);

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
void cocob_bet_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict scale, double *restrict abs_sum,
                            double *restrict reward, double *restrict negative_sum, double *restrict bet, double eps)
{
    const double eps_0 = eps;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        scale[i] = eps_0;
        abs_sum[i] = 0;
        reward[i] = 0;
        negative_sum[i] = 0;
        bet[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
cocob_bet_scalars_float64 cocob_bet_form_float64(int64_t t, double alpha, double eps)
{
    (void)t;
    (void)eps;
    return (cocob_bet_scalars_float64){
        .zero = 0,
        .alpha = alpha,
    };
}

// The formula, for elements begin to end - 1.
static inline void cocob_bet_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                              double *restrict scale, double *restrict abs_sum, double *restrict reward,
                                              double *restrict negative_sum, double *restrict bet,
                                              const cocob_bet_scalars_float64 *scalars)
{
    const double zero = scalars->zero;
    const double alpha = scalars->alpha;

    for (size_t i = begin; i < end; i++) {
        scale[i] = maximum(scale[i], fabs(g[i]));
        abs_sum[i] = abs_sum[i] + fabs(g[i]);
        reward[i] = maximum(reward[i] - g[i] * bet[i], zero);
        negative_sum[i] = negative_sum[i] - g[i];
        const double unmoved = theta[i] - bet[i];  // where theta started, as it was rounded since
        bet[i] = negative_sum[i] / (scale[i] * maximum(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]);
        theta[i] = unmoved + bet[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void cocob_bet_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict scale,
                            double *restrict abs_sum, double *restrict reward, double *restrict negative_sum, double *restrict bet,
                            const cocob_bet_scalars_float64 *scalars)
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
            FETCH(&bet[next], 1);
        }
        cocob_bet_elements_float64(i, i + BLOCK, theta, g, scale, abs_sum, reward, negative_sum, bet, scalars);
    }
    cocob_bet_elements_float64(i, end, theta, g, scale, abs_sum, reward, negative_sum, bet, scalars);
}

// The state before the first update.
void cocob_bet_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict scale, float *restrict abs_sum,
                            float *restrict reward, float *restrict negative_sum, float *restrict bet, double eps)
{
    const float eps_0 = (float)eps;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        scale[i] = eps_0;
        abs_sum[i] = 0;
        reward[i] = 0;
        negative_sum[i] = 0;
        bet[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
cocob_bet_scalars_float32 cocob_bet_form_float32(int64_t t, double alpha, double eps)
{
    (void)t;
    (void)eps;
    return (cocob_bet_scalars_float32){
        .zero = (float)0,
        .alpha = (float)alpha,
    };
}

// The formula, for elements begin to end - 1.
static inline void cocob_bet_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                              float *restrict scale, float *restrict abs_sum, float *restrict reward,
                                              float *restrict negative_sum, float *restrict bet, const cocob_bet_scalars_float32 *scalars)
{
    const float zero = scalars->zero;
    const float alpha = scalars->alpha;

    for (size_t i = begin; i < end; i++) {
        scale[i] = maximumf(scale[i], fabsf(g[i]));
        abs_sum[i] = abs_sum[i] + fabsf(g[i]);
        reward[i] = maximumf(reward[i] - g[i] * bet[i], zero);
        negative_sum[i] = negative_sum[i] - g[i];
        const float unmoved = theta[i] - bet[i];  // where theta started, as it was rounded since
        bet[i] = negative_sum[i] / (scale[i] * maximumf(abs_sum[i] + scale[i], alpha * scale[i])) * (scale[i] + reward[i]);
        theta[i] = unmoved + bet[i];
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void cocob_bet_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict scale,
                            float *restrict abs_sum, float *restrict reward, float *restrict negative_sum, float *restrict bet,
                            const cocob_bet_scalars_float32 *scalars)
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
            FETCH(&bet[next], 1);
        }
        cocob_bet_elements_float32(i, i + BLOCK, theta, g, scale, abs_sum, reward, negative_sum, bet, scalars);
    }
    cocob_bet_elements_float32(i, end, theta, g, scale, abs_sum, reward, negative_sum, bet, scalars);
}

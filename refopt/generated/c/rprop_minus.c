// Generated from the formula by: refopt generate rprop/minus --to c
// Fingerprint of the formula: de6b9eb857f7e0824e728b6ad2cf6b0998bb92412dd0188a9f39c448b1c8bda7
//
// Rprop without backtracking that goes on with the new sign at once (Rprop-).
//
//     p            <- g*g_before
//     update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
//             step_min), update_value))
//     g_before     <- g
//     theta        <- theta - update_value*sign(g_before)
//
// Source: Igel & Huesken 2003, Rprop-, Riedmiller's of 1994, doi:10.1016/S0925-2312(01)00700-7.
// Differs from rprop: the gradient whose sign has changed is used and kept.
//
// Hyperparameters:
//     lr         the step that every element starts from; 0 <= lr; default 0.01
//     eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1; default 0.5
//     eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus; default 1.2
//     step_min   the least step that a change of sign leaves; 0 <= step_min; default 0.000001
//     step_max   the largest step that the same sign gives; 0 < step_max; default 50
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
    double zero;
    double eta_plus;
    double step_max;
    double eta_minus;
    double step_min;
} rprop_minus_scalars_float64;

void rprop_minus_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict update_value,
                              double *restrict g_before, double lr);
rprop_minus_scalars_float64 rprop_minus_form_float64(int64_t t, double lr, double eta_minus, double eta_plus, double step_min,
                                                     double step_max);
void rprop_minus_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict update_value,
                              double *restrict g_before, const rprop_minus_scalars_float64 *scalars);

typedef struct {
    float zero;
    float eta_plus;
    float step_max;
    float eta_minus;
    float step_min;
} rprop_minus_scalars_float32;

void rprop_minus_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict update_value,
                              float *restrict g_before, double lr);
rprop_minus_scalars_float32 rprop_minus_form_float32(int64_t t, double lr, double eta_minus, double eta_plus, double step_min,
                                                     double step_max);
void rprop_minus_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict update_value,
                              float *restrict g_before, const rprop_minus_scalars_float32 *scalars);

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }
static inline float maximumf(float a, float b) { return a >= b || a != a ? a : b; }

// The smaller one; NaN where one is NaN.
static inline double minimum(double a, double b) { return a <= b || a != a ? a : b; }
static inline float minimumf(float a, float b) { return a <= b || a != a ? a : b; }

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// The state before the first update.
void rprop_minus_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict update_value,
                              double *restrict g_before, double lr)
{
    const double lr_0 = lr;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        update_value[i] = lr_0;
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rprop_minus_scalars_float64 rprop_minus_form_float64(int64_t t, double lr, double eta_minus, double eta_plus, double step_min,
                                                     double step_max)
{
    (void)t;
    (void)lr;
    return (rprop_minus_scalars_float64){
        .zero = 0,
        .eta_plus = eta_plus,
        .step_max = step_max,
        .eta_minus = eta_minus,
        .step_min = step_min,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rprop_minus_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict update_value,
                              double *restrict g_before, const rprop_minus_scalars_float64 *scalars)
{
    const double zero = scalars->zero;
    const double eta_plus = scalars->eta_plus;
    const double step_max = scalars->step_max;
    const double eta_minus = scalars->eta_minus;
    const double step_min = scalars->step_min;

    for (size_t i = begin; i < end; i++) {
        const double p = g[i] * g_before[i];
        update_value[i] = p > zero ? minimum(update_value[i] * eta_plus, step_max) : (p < zero ? maximum(update_value[i] * eta_minus, step_min) : update_value[i]);
        g_before[i] = g[i];
        theta[i] = theta[i] - update_value[i] * sign(g_before[i]);
    }
}

// The state before the first update.
void rprop_minus_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict update_value,
                              float *restrict g_before, double lr)
{
    const float lr_0 = (float)lr;
    (void)theta;
    for (size_t i = begin; i < end; i++) {
        update_value[i] = lr_0;
        g_before[i] = 0;
    }
}

// What is scalar in update t, formed in double and rounded once.
rprop_minus_scalars_float32 rprop_minus_form_float32(int64_t t, double lr, double eta_minus, double eta_plus, double step_min,
                                                     double step_max)
{
    (void)t;
    (void)lr;
    return (rprop_minus_scalars_float32){
        .zero = (float)0,
        .eta_plus = (float)eta_plus,
        .step_max = (float)step_max,
        .eta_minus = (float)eta_minus,
        .step_min = (float)step_min,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void rprop_minus_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict update_value,
                              float *restrict g_before, const rprop_minus_scalars_float32 *scalars)
{
    const float zero = scalars->zero;
    const float eta_plus = scalars->eta_plus;
    const float step_max = scalars->step_max;
    const float eta_minus = scalars->eta_minus;
    const float step_min = scalars->step_min;

    for (size_t i = begin; i < end; i++) {
        const float p = g[i] * g_before[i];
        update_value[i] = p > zero ? minimumf(update_value[i] * eta_plus, step_max) : (p < zero ? maximumf(update_value[i] * eta_minus, step_min) : update_value[i]);
        g_before[i] = g[i];
        theta[i] = theta[i] - update_value[i] * signf(g_before[i]);
    }
}

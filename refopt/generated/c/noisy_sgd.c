// Generated from the formula by: refopt generate noisy_sgd --to c
// Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
//
// A step against the gradient with noise that fades.
//
//     theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)
//
// Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.
//
// Hyperparameters:
//     lr              step size; 0 <= lr; default 0.01
//     noise_variance  variance of the first noise; 0 <= noise_variance; default 0.01
//     noise_decay     how fast the variance falls; 0 <= noise_decay; default 0.55
//
// Given beside the gradient:
//     noise  noise: drawn anew at each update, of variance 1
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
    double root_of_coefficient_of_noise_variance_and_t_and_noise_decay;
    double lr;
} noisy_sgd_scalars_float64;

void noisy_sgd_init_float64(size_t begin, size_t end, const double *restrict theta);
noisy_sgd_scalars_float64 noisy_sgd_form_float64(int64_t t, double lr, double noise_variance, double noise_decay);
void noisy_sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, const double *restrict noise,
                            const noisy_sgd_scalars_float64 *scalars);

typedef struct {
    float root_of_coefficient_of_noise_variance_and_t_and_noise_decay;
    float lr;
} noisy_sgd_scalars_float32;

void noisy_sgd_init_float32(size_t begin, size_t end, const float *restrict theta);
noisy_sgd_scalars_float32 noisy_sgd_form_float32(int64_t t, double lr, double noise_variance, double noise_decay);
void noisy_sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, const float *restrict noise,
                            const noisy_sgd_scalars_float32 *scalars);

// The state before the first update.
void noisy_sgd_init_float64(size_t begin, size_t end, const double *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
noisy_sgd_scalars_float64 noisy_sgd_form_float64(int64_t t, double lr, double noise_variance, double noise_decay)
{
    return (noisy_sgd_scalars_float64){
        .root_of_coefficient_of_noise_variance_and_t_and_noise_decay = sqrt(noise_variance / pow((double)t, noise_decay)),
        .lr = lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void noisy_sgd_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, const double *restrict noise,
                            const noisy_sgd_scalars_float64 *scalars)
{
    const double root_of_coefficient_of_noise_variance_and_t_and_noise_decay = scalars->root_of_coefficient_of_noise_variance_and_t_and_noise_decay;
    const double lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * (g[i] + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]);
    }
}

// The state before the first update.
void noisy_sgd_init_float32(size_t begin, size_t end, const float *restrict theta)
{
    (void)theta;
    (void)begin;
    (void)end;
}

// What is scalar in update t, formed in double and rounded once.
noisy_sgd_scalars_float32 noisy_sgd_form_float32(int64_t t, double lr, double noise_variance, double noise_decay)
{
    return (noisy_sgd_scalars_float32){
        .root_of_coefficient_of_noise_variance_and_t_and_noise_decay = (float)(sqrt(noise_variance / pow((double)t, noise_decay))),
        .lr = (float)lr,
    };
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void noisy_sgd_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, const float *restrict noise,
                            const noisy_sgd_scalars_float32 *scalars)
{
    const float root_of_coefficient_of_noise_variance_and_t_and_noise_decay = scalars->root_of_coefficient_of_noise_variance_and_t_and_noise_decay;
    const float lr = scalars->lr;

    for (size_t i = begin; i < end; i++) {
        theta[i] = theta[i] - lr * (g[i] + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise[i]);
    }
}

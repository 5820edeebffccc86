// Generated from the formula by: refopt generate multi_step/before --to c
// Fingerprint of the formula: 599217eb95ce544034836fbbc68f15cdbbb4b0b3a936e1af88efd5540f41167e
//
// The rate falls by a factor one step before each milestone.
//
//     lr_k <- lr*factor^count(k + 1 >= milestones)
//
// Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
// Differs from multi_step: the step before a milestone has fallen already.
//
// Hyperparameters:
//     lr          learning rate at the start; 0 <= lr; default 0.1
//     factor      what the rate is multiplied by; 0 <= factor; default 0.1
//     milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones; default [30,80]
//
// C99. The rate is formed in double; integers stay exact. k counts from 0. Nothing is checked.

#include <stddef.h>
#include <stdint.h>

#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

double multi_step_before_rate(int64_t k, double lr, double factor, size_t n_milestones, const int64_t *milestones);

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

// The learning rate of step k = 0, 1, 2, ...
double multi_step_before_rate(int64_t k, double lr, double factor, size_t n_milestones, const int64_t *milestones)
{
    int64_t counted_0 = 0;
    for (size_t i = 0; i < n_milestones; i++) counted_0 += k + 1 >= milestones[i];
    return lr * power(factor, counted_0);
}

// Generated from the formula by: refopt generate madgrad/decoupled --to c
// Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
//
// MADGRAD as code has it, with decoupled weight decay.
//
//     lam   <- (lr + eps)*sqrt(t)
//     n     <- n + lam*g^2
//     s     <- s + lam*g
//     z     <- theta_start - s / (cbrt(n) + eps)
//     theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z
//
// Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
// Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
// Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.
//
// Hyperparameters:
//     lr            step size; 0 <= lr; default 0.01
//     momentum      share of the parameter that is kept; 0 < momentum < 1; default 0.9
//     eps           keeps the division finite; 0 <= eps; default 0.000001
//     weight_decay  decay of the weights; 0 <= weight_decay; default 0.01
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
    double lr_times_weight_decay;
    double one_minus_momentum;
    double lam;
    double eps;
    double momentum;
} madgrad_decoupled_scalars_float64;

void madgrad_decoupled_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double *restrict n,
                                    double *restrict theta_start);
madgrad_decoupled_scalars_float64 madgrad_decoupled_form_float64(int64_t t, double lr, double momentum, double eps, double weight_decay);
void madgrad_decoupled_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                                    double *restrict n, const double *restrict theta_start,
                                    const madgrad_decoupled_scalars_float64 *scalars);

typedef struct {
    float lr_times_weight_decay;
    float one_minus_momentum;
    float lam;
    float eps;
    float momentum;
} madgrad_decoupled_scalars_float32;

void madgrad_decoupled_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, float *restrict n,
                                    float *restrict theta_start);
madgrad_decoupled_scalars_float32 madgrad_decoupled_form_float32(int64_t t, double lr, double momentum, double eps, double weight_decay);
void madgrad_decoupled_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                                    float *restrict n, const float *restrict theta_start, const madgrad_decoupled_scalars_float32 *scalars);

// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// The state before the first update.
void madgrad_decoupled_init_float64(size_t begin, size_t end, const double *restrict theta, double *restrict s, double *restrict n,
                                    double *restrict theta_start)
{
    for (size_t i = begin; i < end; i++) {
        s[i] = 0;
        n[i] = 0;
        theta_start[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
madgrad_decoupled_scalars_float64 madgrad_decoupled_form_float64(int64_t t, double lr, double momentum, double eps, double weight_decay)
{
    const double lam = (lr + eps) * sqrt((double)t);
    return (madgrad_decoupled_scalars_float64){
        .lr_times_weight_decay = lr * weight_decay,
        .one_minus_momentum = 1 - momentum,
        .lam = lam,
        .eps = eps,
        .momentum = momentum,
    };
}

// The formula, for elements begin to end - 1.
static inline void madgrad_decoupled_elements_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g,
                                                      double *restrict s, double *restrict n, const double *restrict theta_start,
                                                      const madgrad_decoupled_scalars_float64 *scalars)
{
    const double lr_times_weight_decay = scalars->lr_times_weight_decay;
    const double one_minus_momentum = scalars->one_minus_momentum;
    const double lam = scalars->lam;
    const double eps = scalars->eps;
    const double momentum = scalars->momentum;

    for (size_t i = begin; i < end; i++) {
        n[i] = n[i] + lam * (g[i] * g[i]);
        s[i] = s[i] + lam * g[i];
        const double z = theta_start[i] - s[i] / (cbrt(n[i]) + eps);
        theta[i] = momentum * (theta[i] - lr_times_weight_decay * theta[i]) + one_minus_momentum * z;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void madgrad_decoupled_step_float64(size_t begin, size_t end, double *restrict theta, const double *restrict g, double *restrict s,
                                    double *restrict n, const double *restrict theta_start,
                                    const madgrad_decoupled_scalars_float64 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(double)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
            FETCH(&n[next], 1);
            FETCH(&theta_start[next], 0);
        }
        madgrad_decoupled_elements_float64(i, i + BLOCK, theta, g, s, n, theta_start, scalars);
    }
    madgrad_decoupled_elements_float64(i, end, theta, g, s, n, theta_start, scalars);
}

// The state before the first update.
void madgrad_decoupled_init_float32(size_t begin, size_t end, const float *restrict theta, float *restrict s, float *restrict n,
                                    float *restrict theta_start)
{
    for (size_t i = begin; i < end; i++) {
        s[i] = 0;
        n[i] = 0;
        theta_start[i] = theta[i];
    }
}

// What is scalar in update t, formed in double and rounded once.
madgrad_decoupled_scalars_float32 madgrad_decoupled_form_float32(int64_t t, double lr, double momentum, double eps, double weight_decay)
{
    const double lam = (lr + eps) * sqrt((double)t);
    return (madgrad_decoupled_scalars_float32){
        .lr_times_weight_decay = (float)(lr * weight_decay),
        .one_minus_momentum = (float)(1 - momentum),
        .lam = (float)lam,
        .eps = (float)eps,
        .momentum = (float)momentum,
    };
}

// The formula, for elements begin to end - 1.
static inline void madgrad_decoupled_elements_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g,
                                                      float *restrict s, float *restrict n, const float *restrict theta_start,
                                                      const madgrad_decoupled_scalars_float32 *scalars)
{
    const float lr_times_weight_decay = scalars->lr_times_weight_decay;
    const float one_minus_momentum = scalars->one_minus_momentum;
    const float lam = scalars->lam;
    const float eps = scalars->eps;
    const float momentum = scalars->momentum;

    for (size_t i = begin; i < end; i++) {
        n[i] = n[i] + lam * (g[i] * g[i]);
        s[i] = s[i] + lam * g[i];
        const float z = theta_start[i] - s[i] / (cbrtf(n[i]) + eps);
        theta[i] = momentum * (theta[i] - lr_times_weight_decay * theta[i]) + one_minus_momentum * z;
    }
}

// Update t of elements begin to end - 1; g is the gradient at theta.
void madgrad_decoupled_step_float32(size_t begin, size_t end, float *restrict theta, const float *restrict g, float *restrict s,
                                    float *restrict n, const float *restrict theta_start, const madgrad_decoupled_scalars_float32 *scalars)
{
    size_t i = begin;
    for (; i + BLOCK + AHEAD <= end; i += BLOCK) {
        for (size_t next = i + AHEAD; next < i + AHEAD + BLOCK; next += LINE / sizeof(float)) {
            FETCH(&theta[next], 1);
            FETCH(&g[next], 0);
            FETCH(&s[next], 1);
            FETCH(&n[next], 1);
            FETCH(&theta_start[next], 0);
        }
        madgrad_decoupled_elements_float32(i, i + BLOCK, theta, g, s, n, theta_start, scalars);
    }
    madgrad_decoupled_elements_float32(i, end, theta, g, s, n, theta_start, scalars);
}

// What generated C code calls, or begins with. A file of generated code gets the parts that it needs: a marked part whole, of the functions
// those that it calls. Nothing above the first mark is printed.
#include <math.h>
#include <stddef.h>
#include <stdint.h>

// ---- guard ----
#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes the formula"
#endif
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

// ---- fetch ----
// A step works through blocks of elements, and asks for the memory of a block that it comes to later: a hint, no more.
enum { BLOCK = 32, AHEAD = 512, LINE = 64 };
#ifdef __GNUC__
#define FETCH(address, to_write) __builtin_prefetch(address, to_write)
#else
#define FETCH(address, to_write) ((void)(address))
#endif

// ---- functions ----
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

// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
static int64_t ilog(int64_t x, int64_t base)
{
    int64_t found = 0;
    for (; base >= 2 && base <= x; x /= base) found++;
    return found;
}

// The largest integer that is not above a / b, for b > 0.
static int64_t quotient(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// The larger one; NaN where one is NaN.
static inline double maximum(double a, double b) { return a >= b || a != a ? a : b; }
static inline float maximumf(float a, float b) { return a >= b || a != a ? a : b; }

// The smaller one; NaN where one is NaN.
static inline double minimum(double a, double b) { return a <= b || a != a ? a : b; }
static inline float minimumf(float a, float b) { return a <= b || a != a ? a : b; }

static inline double square(double x) { return x * x; }
static inline float squaref(float x) { return x * x; }

static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }
static inline float signf(float x) { return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x; }

// ---- division of double ----
// x / b for a b that many x share, to the last bit, from r = reciprocal(b): where r is not 0 and every x is easy.
// Why these are the same bits: see refopt/lowering/division.py.
static double reciprocal(double b)
{
#ifdef FP_FAST_FMA
    int exponent;
    const double fraction = frexp(b, &exponent);
    if (fraction >= 0.5 && fraction <= 1 - 0x1p-50 && exponent > -32 && exponent <= 32) return 1 / b;
#else
    (void)b;
#endif
    return 0;
}

static inline int is_easy(double x)
{
    const double size = fabs(x);
    return ((size >= 0x1p-900) & (size <= 0x1p+900)) | (size == 0);
}

static inline double divided(double x, double b, double r)
{
    double q = x * r;
    q = fma(r, fma(-b, q, x), q);
    q = fma(r, fma(-b, q, x), q);
    return copysign(q, x);
}

// ---- division of float ----
// x / b for a b that many x share, to the last bit, from r = reciprocalf(b): where r is not 0 and every x is easy.
// Why these are the same bits: see refopt/lowering/division.py.
static float reciprocalf(float b)
{
#ifdef FP_FAST_FMAF
    int exponent;
    const float fraction = frexpf(b, &exponent);
    if (fraction >= 0.5f && fraction <= 1 - 0x1p-21f && exponent > -32 && exponent <= 32) return 1 / b;
#else
    (void)b;
#endif
    return 0;
}

static inline int is_easyf(float x)
{
    const float size = fabsf(x);
    return ((size >= 0x1p-76f) & (size <= 0x1p+90f)) | (size == 0);
}

static inline float dividedf(float x, float b, float r)
{
    float q = x * r;
    q = fmaf(r, fmaf(-b, q, x), q);
    q = fmaf(r, fmaf(-b, q, x), q);
    return copysignf(q, x);
}

/* Correct optimizers in C, each in another algebraic shape: ./correct adam:lerp. Compile with -ffp-contract=off.

   The file includes itself twice: REAL is double, then float. */

#ifndef REAL

#define _POSIX_C_SOURCE 200809L
#include "wire.h"
#define REAL double
#define OF(name) name##_float64
#include "correct.c"
#undef REAL
#undef OF
#define REAL float
#define OF(name) name##_float32
#include "correct.c"

static const Program PROGRAMS[] = {
    PROGRAM("sgd:books", sgd_books, "As written, one rounding for each operation."),
    PROGRAM("sgd:fused", sgd_fused, "fma(-lr, g, theta): one rounding."),
    PROGRAM("sgd:backwards", sgd_backwards, "By pointers from the last element to the first, theta + (-lr) g."),
    PROGRAM("sgd:wide", sgd_wide, "long double between, rounded at the store."),
    PROGRAM("sgd:unrolled", sgd_unrolled, "Four elements at a time, the rest one by one."),
    PROGRAM("momentum:books", momentum_books, "As written, one rounding for each operation."),
    PROGRAM("momentum:fused", momentum_fused, "v = fma(momentum, v, lr g)."),
    PROGRAM("momentum:fused_other", momentum_fused_other, "v = fma(lr, g, momentum v)."),
    PROGRAM("momentum:wide", momentum_wide, "long double between; theta uses v before it is stored."),
    PROGRAM("momentum:two_passes", momentum_two_passes, "v *= momentum and v += lr g over the whole array, then theta -= v."),
    PROGRAM("nesterov:books", nesterov_books, "As written, one rounding for each operation."),
    PROGRAM("nesterov:fused", nesterov_fused, "theta - fma(momentum, v, lr g), v by fma too."),
    PROGRAM("nesterov:two_steps", nesterov_two_steps, "theta -= lr g, then theta -= momentum v, in place."),
    PROGRAM("nesterov:wide", nesterov_wide, "long double between; theta uses v before it is stored."),
    PROGRAM("nesterov:unrolled", nesterov_unrolled, "Four elements at a time, the rest one by one; v as lr g + momentum v."),
    PROGRAM("rmsprop:books", rmsprop_books, "As written: (lr g)/(sqrt(v) + eps)."),
    PROGRAM("rmsprop:fused", rmsprop_fused, "v = fma(rho, v, ((1 - rho) g) g), theta by fma with the quotient."),
    PROGRAM("rmsprop:quotient_first", rmsprop_quotient_first, "lr (g/(sqrt(v) + eps))."),
    PROGRAM("rmsprop:lerp", rmsprop_lerp, "The mean as a step from the end that weighs more."),
    PROGRAM("rmsprop:wide", rmsprop_wide, "long double between; theta uses v before it is stored."),
    PROGRAM("adam:books", adam_books, "As written, one rounding for each operation."),
    PROGRAM("adam:fused", adam_fused, "Moments, denominator and theta by fma."),
    PROGRAM("adam:lerp", adam_lerp, "Both means as a step from the end that weighs more."),
    PROGRAM("adam:folded", adam_folded, "(lr/q1) m/(sqrt(v)/sqrt(q2) + eps)."),
    PROGRAM("adam:rescaled", adam_rescaled, "lr sqrt(q2)/q1 and eps sqrt(q2): epsilon rescaled."),
    PROGRAM("adam:running", adam_running, "b^t as a running product in binary64."),
    PROGRAM("adam:wide", adam_wide, "long double between; theta uses the moments before they are stored."),
    PROGRAM("adam:chunks", adam_chunks, "In place in chunks of 13, one loop for each line of the formula."),
    PROGRAM("adamw:books", adamw_books, "(theta - (lr weight_decay) theta) - step, as written."),
    PROGRAM("adamw:shrunk", adamw_shrunk, "theta *= 1 - lr weight_decay first, then the folded step."),
    PROGRAM("adamw:fused", adamw_fused, "Decay, moments and step by fma."),
    PROGRAM("adamw:rate_outside", adamw_rate_outside, "theta - lr (m_hat/(sqrt(v_hat) + eps) + weight_decay theta)."),
    PROGRAM("adamw:wide", adamw_wide, "long double between; theta uses the moments before they are stored."),
    PROGRAM("amsgrad:books", amsgrad_books, "As written, the maximum by fmax."),
    PROGRAM("amsgrad:folded", amsgrad_folded, "The maximum by a comparison; corrections folded."),
    PROGRAM("amsgrad:of_roots", amsgrad_of_roots, "max(sqrt(v_max), sqrt(v)) for sqrt(max(v_max, v)); epsilon rescaled."),
    PROGRAM("amsgrad:fused", amsgrad_fused, "Moments and theta by fma."),
    PROGRAM("amsgrad:wide", amsgrad_wide, "long double between; theta uses everything before it is stored."),
    PROGRAM("adamax:books", adamax_books, "As written, the larger by fmax."),
    PROGRAM("adamax:wide", adamax_wide, "long double between, the larger by a comparison."),
    PROGRAM("adagrad:books", adagrad_books, "As written: (lr g)/(sqrt(s) + eps)."),
    PROGRAM("adagrad:fused", adagrad_fused, "The sum and theta by fma."),
    PROGRAM("adadelta:books", adadelta_books, "As written."),
    PROGRAM("adadelta:wide", adadelta_wide, "long double between; everything before it is stored."),
    PROGRAM("nadam:books", nadam_books, "As written, each share of the step one number."),
    PROGRAM("nadam:wide", nadam_wide, "long double between; theta uses the moments before they are stored."),
    PROGRAM("radam:books", radam_books, "As written, the branch chosen for the whole tensor."),
    PROGRAM("radam:folded", radam_folded, "All scalars of the step in one number."),
    PROGRAM("adabelief:books", adabelief_books, "As written."),
    PROGRAM("adabelief:wide", adabelief_wide, "long double between; everything before it is stored."),
    PROGRAM("acprop:books", acprop_books, "As written."),
    PROGRAM("acprop:wide", acprop_wide, "long double between; the moments first, the second one of before for the step."),
    PROGRAM("adan:books", adan_books, "As written."),
    PROGRAM("adan:two_steps", adan_two_steps, "The step of the mean, then that of its change."),
    PROGRAM("ademamix:books", ademamix_books, "As written."),
    PROGRAM("ademamix:shrunk", ademamix_shrunk, "theta *= 1 - lr weight_decay first; means by fma."),
    PROGRAM("simplified_ademamix:books", simplified_ademamix_books, "As written."),
    PROGRAM("simplified_ademamix:fused", simplified_ademamix_fused, "Sum, mean and theta by fma."),
    PROGRAM("laprop:books", laprop_books, "As written."),
    PROGRAM("laprop:wide", laprop_wide, "long double between; theta uses the state before it is stored."),
    PROGRAM("adopt:books", adopt_books, "As written; the first update sets v."),
    PROGRAM("adopt:fused", adopt_fused, "Averages and theta by fma; the limit by comparisons."),
    PROGRAM("rprop:books", rprop_books, "As written."),
    PROGRAM("rprop:branches", rprop_branches, "By signs and branches, the step in binary64 until it is stored."),
    PROGRAM("madgrad:books", madgrad_books, "As written."),
    PROGRAM("madgrad:fused", madgrad_fused, "Both sums and theta by fma; the weighted gradient times the gradient."),
    PROGRAM("madgrad:power", madgrad_power, "The root is a power whose exponent is a third, rounded to the format."),
    PROGRAM("lion:books", lion_books, "As written."),
    PROGRAM("lion:shrunk", lion_shrunk, "theta *= 1 - lr weight_decay first, then lr with the sign of c."),
    PROGRAM("sgdw:books", sgdw_books, "As written."),
    PROGRAM("sgdw:shrunk", sgdw_shrunk, "theta *= 1 - lr weight_decay in one pass, the step in the next."),
    PROGRAM("sign_sgd:books", sign_sgd_books, "As written."),
    PROGRAM("sign_sgd:branches", sign_sgd_branches, "lr is taken off, added, or neither."),
    PROGRAM("signum:books", signum_books, "As written."),
    PROGRAM("signum:fused", signum_fused, "The mean by fma, lr with its sign."),
    PROGRAM("asgd:books", asgd_books, "As written, one rounding for each operation."),
    PROGRAM("asgd:fused", asgd_fused, "One step on the loss with its penalty, by fma."),
    PROGRAM("asgd:wide", asgd_wide, "long double between; the mean uses theta before it is stored."),
    PROGRAM("schedule_free_sgd:books", schedule_free_sgd_books, "As written: x from theta and z, z on, x to it, theta between the two."),
    PROGRAM("schedule_free_sgd:without_x", schedule_free_sgd_without_x, "As the authors' code has it: theta towards the old z, and along the gradient."),
    PROGRAM("schedule_free_sgd:fused", schedule_free_sgd_fused, "Every mean by fma."),
    PROGRAM("schedule_free_sgd:wide", schedule_free_sgd_wide, "long double between, without x."),
    PROGRAM("schedule_free_adamw:books", schedule_free_adamw_books, "As written: x from theta and z, z on, x to it, theta between the two."),
    PROGRAM("schedule_free_adamw:without_x", schedule_free_adamw_without_x, "As the authors' code has it: the decay joins the normed gradient, and no x."),
    PROGRAM("schedule_free_adamw:fused", schedule_free_adamw_fused, "Moment, decay and every mean by fma."),
    PROGRAM("schedule_free_adamw:wide", schedule_free_adamw_wide, "long double between, without x; v is used before it is stored."),
    PROGRAM("cocob:books", cocob_books, "As written, the larger by fmax."),
    PROGRAM("cocob:wealth_in_units", cocob_wealth_in_units, "Wealth in units of the scale, which is nowhere squared; theta by fma."),
    PROGRAM("cocob:wide", cocob_wide, "long double between; theta uses the sums before they are stored."),
    PROGRAM("noisy_sgd:books", noisy_sgd_books, "As written, one rounding for each operation."),
    PROGRAM("noisy_sgd:fused", noisy_sgd_fused, "Two fused multiply-adds; half the exponent in place of the root."),
    PROGRAM("noisy_sgd:wide", noisy_sgd_wide, "long double between, the noise by a product of its own."),
    PROGRAM("yogi:books", yogi_books, "As written."),
    PROGRAM("yogi:fused", yogi_fused, "Fused multiply-adds; 1 - beta2 takes the sign of g^2 - v."),
    PROGRAM("optimistic_gd:books", optimistic_gd_books, "As written."),
    PROGRAM("optimistic_gd:two_passes", optimistic_gd_two_passes, "lr alpha g in one pass, lr beta times the change of g in the next."),
    PROGRAM("adamaxw:books", adamaxw_books, "As written."),
    PROGRAM("adamaxw:shrunk", adamaxw_shrunk, "theta *= 1 - lr weight_decay in one pass, the step in the next."),
    PROGRAM("nadamw:books", nadamw_books, "As written."),
    PROGRAM("nadamw:wide", nadamw_wide, "long double between; theta uses the moments before they are stored."),
};

int main(int argc, char **argv) { return serve(argc, argv, PROGRAMS, sizeof PROGRAMS / sizeof *PROGRAMS); }

#else

#define EACH for (long i = 0; i < n; i++)
#define UNUSED (void)s, (void)t, (void)h, (void)memory
#define R(scalar) ((REAL)(scalar))

/* Weighted mean as a step from the end that weighs more. */
static REAL OF(lerp)(double keep, REAL old, REAL now) { return keep >= 0.5 ? old + R(1 - keep) * (now - old) : now + R(keep) * (old - now); }

/* sgd */

STEP(sgd_books) {
    UNUSED;
    EACH x[i] = x[i] - R(h.lr) * g[i];
}

STEP(sgd_fused) {
    UNUSED;
    EACH x[i] = fma(-R(h.lr), g[i], x[i]);
}

STEP(sgd_backwards) {
    UNUSED;
    const REAL rate = R(-h.lr);
    REAL *last = x + n;
    const REAL *gradient = g + n;
    while (last > x) { --last; --gradient; *last += rate * *gradient; }
}

STEP(sgd_wide) {
    UNUSED;
    EACH x[i] = R((long double)x[i] - (long double)h.lr * g[i]);
}

STEP(sgd_unrolled) {
    UNUSED;
    const REAL rate = R(h.lr);
    long i = 0;
    for (; i + 4 <= n; i += 4) {
        x[i] -= rate * g[i];
        x[i + 1] -= rate * g[i + 1];
        x[i + 2] -= rate * g[i + 2];
        x[i + 3] -= rate * g[i + 3];
    }
    for (; i < n; i++) x[i] -= rate * g[i];
}

/* momentum */

STEP(momentum_books) {
    UNUSED;
    EACH {
        s[0][i] = R(h.momentum) * s[0][i] + R(h.lr) * g[i];
        x[i] = x[i] - s[0][i];
    }
}

STEP(momentum_fused) {
    UNUSED;
    EACH {
        s[0][i] = fma(R(h.momentum), s[0][i], R(h.lr) * g[i]);
        x[i] -= s[0][i];
    }
}

STEP(momentum_fused_other) {
    UNUSED;
    EACH {
        s[0][i] = fma(R(h.lr), g[i], R(h.momentum) * s[0][i]);
        x[i] -= s[0][i];
    }
}

STEP(momentum_wide) {
    UNUSED;
    EACH {
        const long double now = (long double)h.momentum * s[0][i] + (long double)h.lr * g[i];
        s[0][i] = R(now);
        x[i] = R(x[i] - now);
    }
}

STEP(momentum_two_passes) {
    UNUSED;
    EACH s[0][i] *= R(h.momentum);
    EACH s[0][i] += R(h.lr) * g[i];
    EACH x[i] -= s[0][i];
}

/* nesterov */

STEP(nesterov_books) {
    UNUSED;
    EACH {
        const REAL part = R(h.lr) * g[i];
        s[0][i] = R(h.momentum) * s[0][i] + part;
        x[i] = x[i] - (R(h.momentum) * s[0][i] + part);
    }
}

STEP(nesterov_fused) {
    UNUSED;
    EACH {
        const REAL part = R(h.lr) * g[i];
        s[0][i] = fma(R(h.momentum), s[0][i], part);
        x[i] = x[i] - fma(R(h.momentum), s[0][i], part);
    }
}

STEP(nesterov_two_steps) {
    UNUSED;
    EACH {
        s[0][i] = R(h.momentum) * s[0][i] + R(h.lr) * g[i];
        x[i] -= R(h.lr) * g[i];
        x[i] -= R(h.momentum) * s[0][i];
    }
}

STEP(nesterov_wide) {
    UNUSED;
    EACH {
        const long double part = (long double)h.lr * g[i], now = (long double)h.momentum * s[0][i] + part;
        s[0][i] = R(now);
        x[i] = R(x[i] - ((long double)h.momentum * now + part));
    }
}

STEP(nesterov_unrolled) {
    UNUSED;
    const REAL rate = R(h.lr), decay = R(h.momentum);
    for (long start = 0; start < n; start += 4) {
        const long end = start + 4 < n ? start + 4 : n;
        for (long i = start; i < end; i++) s[0][i] = rate * g[i] + decay * s[0][i];
        for (long i = start; i < end; i++) x[i] -= rate * g[i] + decay * s[0][i];
    }
}

/* rmsprop */

STEP(rmsprop_books) {
    UNUSED;
    EACH {
        s[0][i] = R(h.rho) * s[0][i] + R(1 - h.rho) * (g[i] * g[i]);
        x[i] = x[i] - R(h.lr) * g[i] / (sqrt(s[0][i]) + R(h.eps));
    }
}

STEP(rmsprop_fused) {
    UNUSED;
    EACH {
        s[0][i] = fma(R(h.rho), s[0][i], (R(1 - h.rho) * g[i]) * g[i]);
        x[i] = fma(-R(h.lr), g[i] / (sqrt(s[0][i]) + R(h.eps)), x[i]);
    }
}

STEP(rmsprop_quotient_first) {
    UNUSED;
    EACH {
        s[0][i] = R(1 - h.rho) * (g[i] * g[i]) + R(h.rho) * s[0][i];
        x[i] -= R(h.lr) * (g[i] / (sqrt(s[0][i]) + R(h.eps)));
    }
}

STEP(rmsprop_lerp) {
    UNUSED;
    EACH {
        s[0][i] = OF(lerp)(h.rho, s[0][i], g[i] * g[i]);
        x[i] -= R(h.lr) * g[i] / (R(h.eps) + sqrt(s[0][i]));
    }
}

STEP(rmsprop_wide) {
    UNUSED;
    EACH {
        const long double now = (long double)h.rho * s[0][i] + (1 - (long double)h.rho) * g[i] * g[i];
        s[0][i] = R(now);
        x[i] = R(x[i] - h.lr * g[i] / (sqrtl(now) + h.eps));
    }
}

/* adam */

#define MOMENTS                                                                  \
    s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];                      \
    s[1][i] = R(h.beta2) * s[1][i] + R(1 - h.beta2) * (g[i] * g[i]);
#define CORRECTIONS const double q1 = 1 - pow(h.beta1, (double)t), q2 = 1 - pow(h.beta2, (double)t)
#define WIDE_MOMENTS                                                                                       \
    const long double m = (long double)h.beta1 * s[0][i] + (1 - (long double)h.beta1) * g[i];              \
    const long double v = (long double)h.beta2 * s[1][i] + (1 - (long double)h.beta2) * g[i] * g[i];       \
    const long double q1 = 1 - powl(h.beta1, t), q2 = 1 - powl(h.beta2, t);                                \
    s[0][i] = R(m);                                                                                        \
    s[1][i] = R(v);

STEP(adam_books) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS
        x[i] = x[i] - R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
    }
}

STEP(adam_fused) {
    UNUSED;
    CORRECTIONS;
    EACH {
        s[0][i] = fma(R(h.beta1), s[0][i], R(1 - h.beta1) * g[i]);
        s[1][i] = fma(R(1 - h.beta2) * g[i], g[i], R(h.beta2) * s[1][i]);
        x[i] = fma(-R(h.lr / q1), s[0][i] / fma(sqrt(s[1][i]), R(1 / sqrt(q2)), R(h.eps)), x[i]);
    }
}

STEP(adam_lerp) {
    UNUSED;
    CORRECTIONS;
    EACH {
        s[0][i] = OF(lerp)(h.beta1, s[0][i], g[i]);
        s[1][i] = OF(lerp)(h.beta2, s[1][i], g[i] * g[i]);
        x[i] -= R(h.lr) * ((s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps)));
    }
}

STEP(adam_folded) {
    UNUSED;
    CORRECTIONS;
    const REAL rate = R(h.lr / q1), root = R(sqrt(q2));
    EACH {
        MOMENTS
        x[i] -= rate * s[0][i] / (sqrt(s[1][i]) / root + R(h.eps));
    }
}

STEP(adam_rescaled) {
    UNUSED;
    CORRECTIONS;
    const REAL rate = R(h.lr * sqrt(q2) / q1), epsilon = R(h.eps * sqrt(q2));
    EACH {
        MOMENTS
        x[i] -= rate * (s[0][i] / (sqrt(s[1][i]) + epsilon));
    }
}

STEP(adam_running) {
    UNUSED;
    const int fits = memory->t == t - 1 && memory->t > 0 && memory->base[0] == h.beta1 && memory->base[1] == h.beta2;
    const double base[2] = {h.beta1, h.beta2};
    for (int j = 0; j < 2; j++) {
        memory->power[j] = fits ? memory->power[j] * base[j] : pow(base[j], (double)t);
        memory->base[j] = base[j];
    }
    memory->t = (double)t;
    EACH {
        MOMENTS
        x[i] -= R(h.lr) * (s[0][i] / R(1 - memory->power[0])) / (sqrt(s[1][i] / R(1 - memory->power[1])) + R(h.eps));
    }
}

STEP(adam_wide) {
    UNUSED;
    EACH {
        WIDE_MOMENTS
        x[i] = R(x[i] - h.lr * (m / q1) / (sqrtl(v / q2) + h.eps));
    }
}

STEP(adam_chunks) {
    UNUSED;
    CORRECTIONS;
    REAL divisor[13];
    for (long start = 0; start < n; start += 13) {
        const long size = start + 13 < n ? 13 : n - start;
        REAL *m = s[0] + start, *v = s[1] + start;
        for (long i = 0; i < size; i++) m[i] = R(h.beta1) * m[i] + R(1 - h.beta1) * g[start + i];
        for (long i = 0; i < size; i++) v[i] = R(h.beta2) * v[i] + R(1 - h.beta2) * g[start + i] * g[start + i];
        for (long i = 0; i < size; i++) divisor[i] = sqrt(v[i] / R(q2)) + R(h.eps);
        for (long i = 0; i < size; i++) x[start + i] -= R(h.lr / q1) * m[i] / divisor[i];
    }
}

/* adamw */

STEP(adamw_books) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS
        x[i] = x[i] - R(h.lr * h.weight_decay) * x[i] - R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
    }
}

STEP(adamw_shrunk) {
    UNUSED;
    CORRECTIONS;
    EACH x[i] *= R(1 - h.lr * h.weight_decay);
    EACH {
        MOMENTS
        x[i] -= R(h.lr / q1) * s[0][i] / (sqrt(s[1][i]) / R(sqrt(q2)) + R(h.eps));
    }
}

STEP(adamw_fused) {
    UNUSED;
    CORRECTIONS;
    EACH {
        s[0][i] = fma(R(1 - h.beta1), g[i], R(h.beta1) * s[0][i]);
        s[1][i] = fma(R(h.beta2), s[1][i], R(1 - h.beta2) * (g[i] * g[i]));
        const REAL decayed = fma(-R(h.lr * h.weight_decay), x[i], x[i]);
        x[i] = fma(-R(h.lr), (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps)), decayed);
    }
}

STEP(adamw_rate_outside) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS
        x[i] -= R(h.lr) * ((s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps)) + R(h.weight_decay) * x[i]);
    }
}

STEP(adamw_wide) {
    UNUSED;
    EACH {
        WIDE_MOMENTS
        x[i] = R(x[i] - (long double)h.lr * h.weight_decay * x[i] - h.lr * (m / q1) / (sqrtl(v / q2) + h.eps));
    }
}

/* amsgrad */

STEP(amsgrad_books) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS
        s[2][i] = fmax(s[2][i], s[1][i]);
        x[i] = x[i] - R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[2][i] / R(q2)) + R(h.eps));
    }
}

STEP(amsgrad_folded) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS
        if (s[1][i] > s[2][i]) s[2][i] = s[1][i];
        x[i] -= R(h.lr / q1) * s[0][i] / (sqrt(s[2][i]) / R(sqrt(q2)) + R(h.eps));
    }
}

STEP(amsgrad_of_roots) {
    UNUSED;
    CORRECTIONS;
    const REAL rate = R(h.lr * sqrt(q2) / q1), epsilon = R(h.eps * sqrt(q2));
    EACH {
        MOMENTS
        const REAL root = fmax(sqrt(s[2][i]), sqrt(s[1][i]));
        s[2][i] = fmax(s[2][i], s[1][i]);
        x[i] -= rate * s[0][i] / (root + epsilon);
    }
}

STEP(amsgrad_fused) {
    UNUSED;
    CORRECTIONS;
    EACH {
        s[0][i] = fma(R(h.beta1), s[0][i], R(1 - h.beta1) * g[i]);
        s[1][i] = fma(R(h.beta2), s[1][i], R(1 - h.beta2) * g[i] * g[i]);
        s[2][i] = fmax(s[2][i], s[1][i]);
        x[i] = fma(-R(h.lr), (s[0][i] / R(q1)) / (sqrt(s[2][i] / R(q2)) + R(h.eps)), x[i]);
    }
}

STEP(amsgrad_wide) {
    UNUSED;
    EACH {
        WIDE_MOMENTS
        const long double top = s[2][i] > v ? (long double)s[2][i] : v;
        s[2][i] = R(top);
        x[i] = R(x[i] - h.lr * (m / q1) / (sqrtl(top / q2) + h.eps));
    }
}

#include "families.h"
#include "later_families.h"

#undef EACH
#undef UNUSED
#undef R
#undef MOMENTS
#undef CORRECTIONS
#undef WIDE_MOMENTS

#endif

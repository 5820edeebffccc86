/* Optimizers in C with one thing wrong: ./planted nesterov:ignored. Compile with -ffp-contract=off.

   The formula that each computes stands in tests/implementations/languages/__init__.py.
   The file includes itself twice: REAL is double, then float. */

#ifndef REAL

#define _POSIX_C_SOURCE 200809L
#include "wire.h"
#define REAL double
#define OF(name) name##_float64
#include "planted.c"
#undef REAL
#undef OF
#define REAL float
#define OF(name) name##_float32
#include "planted.c"

static const Program PROGRAMS[] = {
    PROGRAM("momentum:plus_for_minus", momentum_plus_for_minus, "v = momentum v - lr g, and theta -= v all the same."),
    PROGRAM("nesterov:velocity_after_step", nesterov_velocity_after_step, "momentum v with the v of the step before."),
    PROGRAM("rmsprop:square_of_rate", rmsprop_square_of_rate, "v = rho^2 v + (1 - rho) g^2."),
    PROGRAM("adam:counter_sticks", adam_counter_sticks, "The corrections of the first step for ever."),
    PROGRAM("adam:only_blocks_of_eight", adam_only_blocks_of_eight, "The loop over blocks of eight has no rest: the last elements are never updated."),
    PROGRAM("adamw:decay_omitted", adamw_decay_omitted, "weight_decay is read and never used."),
    PROGRAM("adamw:coupled", adamw_coupled, "The decay goes into the gradient."),
    PROGRAM("amsgrad:maximum_dropped", amsgrad_maximum_dropped, "v_max is kept and v is used."),
    PROGRAM("adamax:norm_of_the_moment", adamax_norm_of_the_moment, "u = max(beta2 u, |m| + eps): the moment for the gradient."),
    PROGRAM("lion:momentum_first", lion_momentum_first, "The momentum takes the gradient before the step is interpolated."),
    PROGRAM("optimistic_gd:previous_added", optimistic_gd_previous_added, "(alpha + beta) g + beta g_before: a plus for the minus."),
    PROGRAM("nadamw:decay_omitted", nadamw_decay_omitted, "weight_decay is read and never used."),
};

int main(int argc, char **argv) { return serve(argc, argv, PROGRAMS, sizeof PROGRAMS / sizeof *PROGRAMS); }

#else

#define EACH for (long i = 0; i < n; i++)
#define UNUSED (void)s, (void)t, (void)h, (void)memory
#define R(scalar) ((REAL)(scalar))
#define MOMENTS(g)                                                \
    s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * (g);        \
    s[1][i] = R(h.beta2) * s[1][i] + R(1 - h.beta2) * ((g) * (g));
#define CORRECTIONS const double q1 = 1 - pow(h.beta1, (double)t), q2 = 1 - pow(h.beta2, (double)t)

STEP(momentum_plus_for_minus) {
    UNUSED;
    EACH {
        s[0][i] = R(h.momentum) * s[0][i] - R(h.lr) * g[i];
        x[i] -= s[0][i];
    }
}

STEP(nesterov_velocity_after_step) {
    UNUSED;
    EACH {
        const REAL part = R(h.lr) * g[i];
        x[i] -= R(h.momentum) * s[0][i] + part;
        s[0][i] = R(h.momentum) * s[0][i] + part;
    }
}

STEP(rmsprop_square_of_rate) {
    UNUSED;
    EACH {
        s[0][i] = R(h.rho * h.rho) * s[0][i] + R(1 - h.rho) * (g[i] * g[i]);
        x[i] -= R(h.lr) * g[i] / (sqrt(s[0][i]) + R(h.eps));
    }
}

STEP(adam_counter_sticks) {
    UNUSED;
    EACH {
        MOMENTS(g[i])
        x[i] -= R(h.lr) * (s[0][i] / R(1 - h.beta1)) / (sqrt(s[1][i] / R(1 - h.beta2)) + R(h.eps));
    }
}

STEP(adam_only_blocks_of_eight) {
    UNUSED;
    CORRECTIONS;
    for (long block = 0; block + 8 <= n; block += 8)
        for (long i = block; i < block + 8; i++) {
            MOMENTS(g[i])
            x[i] -= R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
        }
}

STEP(adamw_decay_omitted) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS(g[i])
        x[i] -= R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
    }
}

STEP(adamw_coupled) {
    UNUSED;
    CORRECTIONS;
    EACH {
        const REAL decayed = g[i] + R(h.weight_decay) * x[i];
        MOMENTS(decayed)
        x[i] -= R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
    }
}

STEP(amsgrad_maximum_dropped) {
    UNUSED;
    CORRECTIONS;
    EACH {
        MOMENTS(g[i])
        s[2][i] = fmax(s[2][i], s[1][i]);
        x[i] -= R(h.lr) * (s[0][i] / R(q1)) / (sqrt(s[1][i] / R(q2)) + R(h.eps));
    }
}

STEP(adamax_norm_of_the_moment) {
    UNUSED;
    EACH {
        s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[1][i] = fmax(R(h.beta2) * s[1][i], fabs(s[0][i]) + R(h.eps));
        x[i] -= R(h.lr / (1 - pow(h.beta1, (double)t))) * s[0][i] / s[1][i];
    }
}

STEP(lion_momentum_first) {
    UNUSED;
    EACH {
        s[0][i] = R(h.beta2) * s[0][i] + R(1 - h.beta2) * g[i];
        const REAL c = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        x[i] -= R(h.lr) * (R((c > 0) - (c < 0)) + R(h.weight_decay) * x[i]);
    }
}

STEP(optimistic_gd_previous_added) {
    UNUSED;
    EACH {
        const REAL before = t > 1 ? s[0][i] : g[i];
        x[i] -= R(h.lr) * (R(h.alpha + h.beta) * g[i] + R(h.beta) * before);
        s[0][i] = g[i];
    }
}

STEP(nadamw_decay_omitted) {
    UNUSED;
    const REAL next = R(1 - pow(h.beta1, t + 1.0)), q1 = R(1 - pow(h.beta1, (double)t)), q2 = R(1 - pow(h.beta2, (double)t));
    EACH {
        MOMENTS(g[i])
        x[i] -= R(h.lr) * (R(h.beta1) * s[0][i] / next + R(1 - h.beta1) * g[i] / q1) / (sqrt(s[1][i] / q2) + R(h.eps));
    }
}

#undef EACH
#undef UNUSED
#undef R
#undef MOMENTS
#undef CORRECTIONS

#endif

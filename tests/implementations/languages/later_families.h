/* Families of rules beside those of families.h; correct.c includes this file once for each format. */

/* asgd */

STEP(asgd_books) {
    UNUSED;
    const double eta = h.lr / pow(1 + h.lambd * h.lr * (t - 1), h.alpha), seen = t - 1 - h.averaged_after;
    const REAL kept = R(1 - h.lambd * eta), rate = R(eta), share = R(1 / (seen > 1 ? seen : 1));
    EACH {
        x[i] = x[i] * kept - rate * g[i];
        s[0][i] = s[0][i] + share * (x[i] - s[0][i]);
    }
}

STEP(asgd_fused) {
    UNUSED;
    const double eta = h.lr * pow(1 + h.lambd * h.lr * (t - 1), -h.alpha), seen = t - 1 - h.averaged_after;
    const REAL rate = R(eta), decay = R(h.lambd), share = R(1 / (seen > 1 ? seen : 1));
    EACH {
        x[i] = fma(-rate, fma(decay, x[i], g[i]), x[i]);
        s[0][i] = fma(share, x[i] - s[0][i], s[0][i]);
    }
}

STEP(asgd_wide) {
    UNUSED;
    const long double eta = h.lr / powl(1 + (long double)h.lambd * h.lr * (t - 1), h.alpha), seen = t - 1 - (long double)h.averaged_after;
    EACH {
        const long double now = x[i] - eta * (g[i] + (long double)h.lambd * x[i]);
        s[0][i] = R(s[0][i] + (now - s[0][i]) / (seen > 1 ? seen : 1));
        x[i] = R(now);
    }
}

/* schedule-free: s[0] is z, weight_sum is one number for the tensor in every element of s[at] */

#define WEIGHED(at, weight)                                                        \
    const double heavy = weight, total = n ? s[at][0] + heavy : 0;                 \
    const double share = total > 0 ? heavy / total : 0;                            \
    EACH s[at][i] = R(total);
#define BETWEEN                                                                    \
    const REAL part = R(h.beta1), rest = R(1 - h.beta1), now = R(share), before = R(1 - share);

STEP(schedule_free_sgd_books) {
    UNUSED;
    WEIGHED(1, h.lr * h.lr)
    BETWEEN
    EACH {
        const REAL average = (x[i] - rest * s[0][i]) / part;
        s[0][i] = s[0][i] - R(h.lr) * g[i];
        x[i] = rest * s[0][i] + part * (before * average + now * s[0][i]);
    }
}

STEP(schedule_free_sgd_without_x) {
    UNUSED;
    WEIGHED(1, h.lr * h.lr)
    const REAL along = R(h.lr * (h.beta1 * (1 - share) - 1)), now = R(share), before = R(1 - share);
    EACH {
        x[i] = (share < 0.5 ? x[i] + now * (s[0][i] - x[i]) : s[0][i] + before * (x[i] - s[0][i])) + along * g[i];
        s[0][i] -= R(h.lr) * g[i];
    }
}

STEP(schedule_free_sgd_fused) {
    UNUSED;
    WEIGHED(1, h.lr * h.lr)
    BETWEEN
    EACH {
        const REAL average = fma(-rest, s[0][i], x[i]) / part;
        s[0][i] = fma(-R(h.lr), g[i], s[0][i]);
        x[i] = fma(part, fma(before, average, now * s[0][i]), rest * s[0][i]);
    }
}

STEP(schedule_free_sgd_wide) {
    UNUSED;
    WEIGHED(1, h.lr * h.lr)
    EACH {
        const long double z = s[0][i], next = (1 - (long double)share) * x[i] + share * z - h.lr * (1 - (long double)h.beta1 * (1 - share)) * g[i];
        s[0][i] = R(z - (long double)h.lr * g[i]);
        x[i] = R(next);
    }
}

/* s[1] is v, s[2] weight_sum */

#define SECOND s[1][i] = R(h.beta2) * s[1][i] + R(1 - h.beta2) * (g[i] * g[i]);
#define ROOT(left) (sqrt(s[1][i] / R(left)) + R(h.eps))

static void OF(averaged)(long n, REAL *x, const REAL *g, REAL **s, long t, Hyper h, double rate, double share) {
    const double left = 1 - pow(h.beta2, t);
    BETWEEN
    EACH {
        SECOND
        const REAL average = (x[i] - rest * s[0][i]) / part;
        s[0][i] = s[0][i] - R(rate * h.weight_decay) * x[i] - R(rate) * g[i] / ROOT(left);
        x[i] = rest * s[0][i] + part * (before * average + now * s[0][i]);
    }
}

static void OF(along)(long n, REAL *x, const REAL *g, REAL **s, long t, Hyper h, double rate, double share) {
    const double left = 1 - pow(h.beta2, t);
    const REAL way = R(rate * (h.beta1 * (1 - share) - 1)), now = R(share), before = R(1 - share);
    EACH {
        SECOND
        const REAL u = g[i] / ROOT(left) + R(h.weight_decay) * x[i];
        x[i] = (share < 0.5 ? x[i] + now * (s[0][i] - x[i]) : s[0][i] + before * (x[i] - s[0][i])) + way * u;
        s[0][i] -= R(rate) * u;
    }
}

static void OF(fused)(long n, REAL *x, const REAL *g, REAL **s, long t, Hyper h, double rate, double share) {
    const double left = 1 - pow(h.beta2, t);
    BETWEEN
    EACH {
        s[1][i] = fma(R(h.beta2), s[1][i], R(1 - h.beta2) * g[i] * g[i]);
        const REAL average = fma(-rest, s[0][i], x[i]) / part;
        s[0][i] = fma(-R(rate), fma(R(h.weight_decay), x[i], g[i] / ROOT(left)), s[0][i]);
        x[i] = fma(part, fma(before, average, now * s[0][i]), rest * s[0][i]);
    }
}

static void OF(widely)(long n, REAL *x, const REAL *g, REAL **s, long t, Hyper h, double rate, double share) {
    const long double left = 1 - powl(h.beta2, t);
    EACH {
        const long double v = h.beta2 * (long double)s[1][i] + (1 - (long double)h.beta2) * g[i] * g[i], z = s[0][i];
        const long double u = g[i] / (sqrtl(v / left) + h.eps) + (long double)h.weight_decay * x[i];
        x[i] = R((1 - (long double)share) * x[i] + share * z - rate * (1 - (long double)h.beta1 * (1 - share)) * u);
        s[0][i] = R(z - (long double)rate * u);
        s[1][i] = R(v);
    }
}

#define OF_ADAMW(name, form)                                                       \
    STEP(schedule_free_adamw_##name) {                                             \
        UNUSED;                                                                    \
        WEIGHED(2, h.lr * h.lr)                                                    \
        OF(form)(n, x, g, s, t, h, h.lr, share);                                   \
    }

OF_ADAMW(books, averaged)
OF_ADAMW(without_x, along)
OF_ADAMW(fused, fused)
OF_ADAMW(wide, widely)

#undef WEIGHED
#undef BETWEEN
#undef SECOND
#undef ROOT
#undef OF_ADAMW

/* cocob: s[0] is where theta started, s[4] the largest gradient, s[1] the sum of sizes, s[2] the reward, s[3] minus the sum */

STEP(cocob_books) {
    UNUSED;
    EACH {
        const REAL size = fabs(g[i]), won = s[2][i] - g[i] * (x[i] - s[0][i]);
        s[4][i] = fmax(s[4][i], size);
        s[1][i] = s[1][i] + size;
        s[2][i] = won > 0 ? won : 0;
        s[3][i] = s[3][i] - g[i];
        x[i] = s[0][i] + s[3][i] / (s[4][i] * fmax(s[1][i] + s[4][i], R(h.alpha) * s[4][i])) * (s[4][i] + s[2][i]);
    }
}

STEP(cocob_wealth_in_units) {
    UNUSED;
    EACH {
        const REAL scale = fabs(g[i]) > s[4][i] ? fabs(g[i]) : s[4][i];
        s[2][i] = fmax(fma(-g[i], x[i] - s[0][i], s[2][i]), 0);
        s[4][i] = scale;
        s[1][i] += fabs(g[i]);
        s[3][i] -= g[i];
        x[i] = fma(s[3][i] / fmax(s[1][i] + scale, R(h.alpha) * scale), 1 + s[2][i] / scale, s[0][i]);
    }
}

STEP(cocob_wide) {
    UNUSED;
    EACH {
        const long double size = fabsl((long double)g[i]), scale = size > s[4][i] ? size : (long double)s[4][i];
        const long double sum = s[1][i] + size, away = s[3][i] - (long double)g[i], won = s[2][i] - (long double)g[i] * ((long double)x[i] - s[0][i]);
        const long double reward = won > 0 ? won : 0, least = (long double)h.alpha * scale, below = sum + scale > least ? sum + scale : least;
        x[i] = R(s[0][i] + away / (scale * below) * (scale + reward));
        s[1][i] = R(sum);
        s[2][i] = R(reward);
        s[3][i] = R(away);
        s[4][i] = R(scale);
    }
}

/* noisy_sgd: s[0] is the noise */

STEP(noisy_sgd_books) {
    UNUSED;
    const REAL rate = R(h.lr), sigma = R(sqrt(h.noise_variance / pow((double)t, h.noise_decay)));
    EACH x[i] = x[i] - rate * (g[i] + sigma * s[0][i]);
}

STEP(noisy_sgd_fused) {
    UNUSED;
    const REAL rate = R(-h.lr), sigma = R(sqrt(h.noise_variance) * pow((double)t, -h.noise_decay / 2));
    EACH x[i] = fma(rate, fma(sigma, s[0][i], g[i]), x[i]);
}

STEP(noisy_sgd_wide) {
    UNUSED;
    const long double sigma = sqrtl(h.noise_variance / powl(t, h.noise_decay));
    EACH x[i] = R(x[i] - (long double)h.lr * g[i] - (long double)h.lr * sigma * s[0][i]);
}

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

/* Families of rules beside those of correct.c, which includes this file once for each format. */

/* adamax */

STEP(adamax_books) {
    UNUSED;
    const REAL rate = R(h.lr / (1 - pow(h.beta1, t))), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    (void)take2;
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = fmax(keep2 * s[1][i], fabs(g[i]) + eps);
        x[i] = x[i] - rate * s[0][i] / s[1][i];
    }
}

STEP(adamax_wide) {
    UNUSED;
    EACH {
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(1 - h.beta1) * g[i];
        const long double faded = h.beta2 * (long double)s[1][i], size = fabsl((long double)g[i]) + h.eps, u = faded > size ? faded : size;
        s[0][i] = R(m);
        s[1][i] = R(u);
        x[i] = R(x[i] - (long double)(h.lr / (1 - pow(h.beta1, t))) * m / u);
    }
}

/* adagrad */

STEP(adagrad_books) {
    UNUSED;
    EACH {
        s[0][i] = s[0][i] + g[i] * g[i];
        x[i] = x[i] - R(h.lr) * g[i] / (sqrt(s[0][i]) + R(h.eps));
    }
}

STEP(adagrad_fused) {
    UNUSED;
    EACH {
        s[0][i] = fma(g[i], g[i], s[0][i]);
        x[i] = fma(-R(h.lr), g[i] / (sqrt(s[0][i]) + R(h.eps)), x[i]);
    }
}

/* adadelta */

STEP(adadelta_books) {
    UNUSED;
    const REAL keep = R(h.rho), take = R(1 - h.rho), eps = R(h.eps);
    EACH {
        s[0][i] = keep * s[0][i] + take * (g[i] * g[i]);
        const REAL d = sqrt(s[1][i] + eps) / sqrt(s[0][i] + eps) * g[i];
        s[1][i] = keep * s[1][i] + take * (d * d);
        x[i] = x[i] - R(h.lr) * d;
    }
}

STEP(adadelta_wide) {
    UNUSED;
    EACH {
        const long double a = h.rho * (long double)s[0][i] + (long double)(1 - h.rho) * g[i] * g[i];
        const long double d = sqrtl(s[1][i] + (long double)h.eps) / sqrtl(a + (long double)h.eps) * g[i];
        s[0][i] = R(a);
        s[1][i] = R(h.rho * (long double)s[1][i] + (long double)(1 - h.rho) * d * d);
        x[i] = R(x[i] - (long double)h.lr * d);
    }
}

/* nadam */

STEP(nadam_books) {
    UNUSED;
    const double mu = h.beta1 * (1 - 0.5 * pow(0.96, t * h.momentum_decay)), next = h.beta1 * (1 - 0.5 * pow(0.96, (t + 1) * h.momentum_decay));
    const double product = n ? s[2][0] * mu : 0;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    const REAL now = R((1 - mu) / (1 - product)), later = R(next / (1 - product * next));
    (void)q1;
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        s[2][i] = R(product);
        x[i] = x[i] - rate * (now * g[i] + later * s[0][i]) / (sqrt(s[1][i] / q2) + eps);
    }
}

STEP(nadam_wide) {
    UNUSED;
    const double mu = h.beta1 * (1 - 0.5 * pow(0.96, t * h.momentum_decay)), next = h.beta1 * (1 - 0.5 * pow(0.96, (t + 1) * h.momentum_decay));
    const double product = n ? s[2][0] * mu : 0;
    EACH {
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(1 - h.beta1) * g[i];
        const long double v = h.beta2 * (long double)s[1][i] + (long double)(1 - h.beta2) * g[i] * g[i];
        s[0][i] = R(m);
        s[1][i] = R(v);
        s[2][i] = R(product);
        const long double step = (long double)((1 - mu) / (1 - product)) * g[i] + (long double)(next / (1 - product * next)) * m;
        x[i] = R(x[i] - (long double)h.lr * step / (sqrtl(v / (long double)(1 - pow(h.beta2, t))) + (long double)h.eps));
    }
}

/* radam */

STEP(radam_books) {
    UNUSED;
    const double last = 2 / (1 - h.beta2) - 1, rho = last - 2 * t * pow(h.beta2, t) / (1 - pow(h.beta2, t));
    const double r = rho > 5 ? sqrt((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho)) : 1;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    const REAL factor = R(r), root2 = R(sqrt(1 - pow(h.beta2, t)));
    (void)q2;
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        const REAL m_hat = s[0][i] / q1;
        x[i] = x[i] - rate * (rho > 5 ? factor * m_hat * root2 / (sqrt(s[1][i]) + eps) : m_hat);
    }
}

STEP(radam_folded) {
    UNUSED;
    const double last = 2 / (1 - h.beta2) - 1, rho = last - 2 * t * pow(h.beta2, t) / (1 - pow(h.beta2, t));
    const double r = rho > 5 ? sqrt((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho)) : 1;
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    const REAL step = R(h.lr * r * (rho > 5 ? sqrt(1 - pow(h.beta2, t)) : 1) / (1 - pow(h.beta1, t)));
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        x[i] -= step * (rho > 5 ? s[0][i] / (sqrt(s[1][i]) + R(h.eps)) : s[0][i]);
    }
}

/* adabelief */

STEP(adabelief_books) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        const REAL apart = g[i] - s[0][i];
        s[1][i] = keep2 * s[1][i] + take2 * (apart * apart) + R(h.eps_root);
        x[i] = x[i] - rate * (s[0][i] / q1) / (sqrt(s[1][i] / q2) + eps);
    }
}

STEP(adabelief_wide) {
    UNUSED;
    EACH {
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(1 - h.beta1) * g[i];
        const long double v = h.beta2 * (long double)s[1][i] + (long double)(1 - h.beta2) * (g[i] - m) * (g[i] - m) + (long double)h.eps_root;
        s[0][i] = R(m);
        s[1][i] = R(v);
        x[i] = R(x[i] - (long double)h.lr * (m / (long double)(1 - pow(h.beta1, t))) / (sqrtl(v / (long double)(1 - pow(h.beta2, t))) + (long double)h.eps));
    }
}

/* acprop */

STEP(acprop_books) {
    UNUSED;
    const REAL left = R(1 - pow(h.beta2, t - 1)), rate = R(h.lr), eps = R(h.eps), first = R(1 + h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        x[i] = x[i] - rate * (g[i] / (t > 1 ? sqrt(s[1][i] / left) + eps : first));
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        const REAL apart = g[i] - s[0][i];
        s[1][i] = keep2 * s[1][i] + take2 * (apart * apart) + R(h.eps_root);
    }
}

STEP(acprop_wide) {
    UNUSED;
    EACH {
        const long double known = t > 1 ? s[1][i] / (long double)(1 - pow(h.beta2, t - 1)) : 1;
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(1 - h.beta1) * g[i];
        const long double v = h.beta2 * (long double)s[1][i] + (long double)(1 - h.beta2) * (g[i] - m) * (g[i] - m) + (long double)h.eps_root;
        s[0][i] = R(m);
        s[1][i] = R(v);
        x[i] = R(x[i] - (long double)h.lr * g[i] / (sqrtl(known) + (long double)h.eps));
    }
}

/* adan */

STEP(adan_books) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    const REAL keep3 = R(h.beta3), take3 = R(1 - h.beta3), q3 = R(1 - pow(h.beta3, t)), shrink = R(1 + h.lr * h.weight_decay);
    EACH {
        const REAL d = t > 1 ? g[i] - s[3][i] : 0 * g[i];
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = keep2 * s[1][i] + take2 * d;
        const REAL looked = g[i] + keep2 * d;
        s[2][i] = keep3 * s[2][i] + take3 * (looked * looked);
        x[i] = (x[i] - rate * (s[0][i] / q1 + keep2 * s[1][i] / q2) / (sqrt(s[2][i] / q3) + eps)) / shrink;
        s[3][i] = g[i];
    }
}

STEP(adan_two_steps) {
    UNUSED;
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    const REAL keep3 = R(h.beta3), take3 = R(1 - h.beta3), q3 = R(1 - pow(h.beta3, t)), shrink = R(1 + h.lr * h.weight_decay);
    const REAL first = R(h.lr / (1 - pow(h.beta1, t))), second = R(h.lr * h.beta2 / (1 - pow(h.beta2, t)));
    EACH {
        const REAL d = t > 1 ? g[i] - s[3][i] : 0 * g[i];
        s[0][i] = fma(take1, g[i], keep1 * s[0][i]);
        s[1][i] = fma(take2, d, keep2 * s[1][i]);
        const REAL looked = fma(keep2, d, g[i]);
        s[2][i] = keep3 * s[2][i] + take3 * looked * looked;
        const REAL denominator = sqrt(s[2][i] / q3) + R(h.eps);
        x[i] -= first * s[0][i] / denominator;
        x[i] -= second * s[1][i] / denominator;
        x[i] /= shrink;
        s[3][i] = g[i];
    }
}

/* ademamix */

STEP(ademamix_books) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        s[0][i] = keep1 * s[0][i] + take1 * g[i];
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        s[2][i] = R(h.beta3) * s[2][i] + R(1 - h.beta3) * g[i];
        x[i] = x[i] - rate * ((s[0][i] / q1 + R(h.alpha) * s[2][i]) / (sqrt(s[1][i] / q2) + eps) + R(h.weight_decay) * x[i]);
    }
}

STEP(ademamix_shrunk) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        s[0][i] = fma(take1, g[i], keep1 * s[0][i]);
        s[1][i] = fma(take2 * g[i], g[i], keep2 * s[1][i]);
        s[2][i] = fma(R(1 - h.beta3), g[i], R(h.beta3) * s[2][i]);
        x[i] *= R(1 - h.lr * h.weight_decay);
        x[i] -= rate * ((s[0][i] / q1 + R(h.alpha) * s[2][i]) / (sqrt(s[1][i] / q2) + eps));
    }
}

/* simplified_ademamix */

STEP(simplified_ademamix_books) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    (void)q1, (void)take1;
    EACH {
        s[0][i] = keep1 * s[0][i] + g[i];
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        x[i] = x[i] - rate * (s[0][i] + R(h.alpha) * g[i]) / (sqrt(s[1][i] / q2) + eps);
    }
}

STEP(simplified_ademamix_fused) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    (void)q1, (void)take1;
    EACH {
        s[0][i] = fma(keep1, s[0][i], g[i]);
        s[1][i] = fma(keep2, s[1][i], take2 * g[i] * g[i]);
        x[i] = fma(-rate, fma(R(h.alpha), g[i], s[0][i]) / (sqrt(s[1][i] / q2) + eps), x[i]);
    }
}

/* laprop */

STEP(laprop_books) {
    UNUSED;
    const REAL q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t)), rate = R(h.lr), eps = R(h.eps);
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    (void)rate, (void)take1;
    EACH {
        s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
        s[0][i] = keep1 * s[0][i] + R(h.lr * (1 - h.beta1)) * g[i] / (sqrt(s[1][i] / q2) + eps);
        x[i] = x[i] - s[0][i] / q1;
    }
}

STEP(laprop_wide) {
    UNUSED;
    EACH {
        const long double v = h.beta2 * (long double)s[1][i] + (long double)(1 - h.beta2) * g[i] * g[i];
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(h.lr * (1 - h.beta1)) * g[i] / (sqrtl(v / (long double)(1 - pow(h.beta2, t))) + (long double)h.eps);
        s[0][i] = R(m);
        s[1][i] = R(v);
        x[i] = R(x[i] - m / (long double)(1 - pow(h.beta1, t)));
    }
}

/* adopt */

STEP(adopt_books) {
    UNUSED;
    const REAL rate = R(h.lr), eps = R(h.eps), c = R(pow(t - 1, 0.25));
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        if (t > 1) {
            s[0][i] = keep1 * s[0][i] + take1 * fmax(-c, fmin(c, g[i] / fmax(sqrt(s[1][i]), eps)));
            s[1][i] = keep2 * s[1][i] + take2 * (g[i] * g[i]);
            x[i] = x[i] - rate * s[0][i];
        } else {
            s[1][i] = g[i] * g[i];
        }
    }
}

STEP(adopt_fused) {
    UNUSED;
    const REAL rate = R(-h.lr), eps = R(h.eps), c = R(sqrt(sqrt((double)(t - 1))));
    const REAL keep1 = R(h.beta1), take1 = R(1 - h.beta1), keep2 = R(h.beta2), take2 = R(1 - h.beta2);
    EACH {
        const REAL square = g[i] * g[i], root = sqrt(s[1][i]);
        s[1][i] = t == 1 ? square : fma(take2, square, keep2 * s[1][i]);
        if (t == 1) continue;
        const REAL normed = g[i] / (root > eps ? root : eps);
        s[0][i] = fma(keep1, s[0][i], take1 * (normed > c ? c : normed < -c ? -c : normed));
        x[i] = fma(rate, s[0][i], x[i]);
    }
}

/* rprop: s[0] is the gradient before, s[1] the step */

STEP(rprop_books) {
    UNUSED;
    const REAL less = R(h.eta_minus), more = R(h.eta_plus), least = R(h.step_min), most = R(h.step_max);
    EACH {
        const REAL p = g[i] * s[0][i];
        if (p > 0) s[1][i] = fmin(s[1][i] * more, most);
        if (p < 0) s[1][i] = fmax(s[1][i] * less, least);
        s[0][i] = p < 0 ? 0 : g[i];
        x[i] = x[i] - s[1][i] * R(((s[0][i] > 0) - (s[0][i] < 0)));
    }
}

STEP(rprop_branches) {
    UNUSED;
    EACH {
        const int now = (g[i] > 0) - (g[i] < 0), signs = now * ((s[0][i] > 0) - (s[0][i] < 0));
        const double wanted = signs > 0 ? h.eta_plus * s[1][i] : signs < 0 ? h.eta_minus * s[1][i] : s[1][i];
        s[1][i] = R(signs > 0 && wanted > h.step_max ? h.step_max : signs < 0 && wanted < h.step_min ? h.step_min : wanted);
        s[0][i] = signs < 0 ? 0 : g[i];
        if (signs < 0) continue;
        x[i] = now > 0 ? x[i] - s[1][i] : now < 0 ? x[i] + s[1][i] : x[i];
    }
}

/* madgrad: s[0] is where theta began, s[1] the sum of the gradients, s[2] that of their squares */

STEP(madgrad_books) {
    UNUSED;
    const REAL weight = R(h.lr * sqrt((double)t)), keep = R(h.momentum), take = R(1 - h.momentum), eps = R(h.eps);
    EACH {
        s[1][i] = s[1][i] + weight * g[i];
        s[2][i] = s[2][i] + weight * (g[i] * g[i]);
        x[i] = keep * x[i] + take * (s[0][i] - s[1][i] / (cbrt(s[2][i]) + eps));
    }
}

STEP(madgrad_fused) {
    UNUSED;
    const REAL weight = R(h.lr * sqrt((double)t)), keep = R(h.momentum), take = R(1 - h.momentum), eps = R(h.eps);
    EACH {
        const REAL weighted = weight * g[i];
        s[1][i] = fma(weight, g[i], s[1][i]);
        s[2][i] = fma(weighted, g[i], s[2][i]);
        const REAL z = s[0][i] - s[1][i] / (eps + cbrt(s[2][i]));
        x[i] = fma(keep, x[i], take * z);
    }
}

STEP(madgrad_power) {
    UNUSED;
    const REAL weight = R(h.lr * sqrt((double)t)), keep = R(h.momentum), take = R(1 - h.momentum), eps = R(h.eps), third = R(1.0 / 3);
    EACH {
        s[1][i] += g[i] * weight;
        s[2][i] += g[i] * g[i] * weight;
        x[i] = take * (s[0][i] - s[1][i] / (R(pow(s[2][i], third)) + eps)) + keep * x[i];
    }
}

/* lion */

STEP(lion_books) {
    UNUSED;
    EACH {
        const REAL c = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[0][i] = R(h.beta2) * s[0][i] + R(1 - h.beta2) * g[i];
        x[i] = x[i] - R(h.lr) * (R(((c > 0) - (c < 0))) + R(h.weight_decay) * x[i]);
    }
}

STEP(lion_shrunk) {
    UNUSED;
    EACH {
        const REAL c = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[0][i] = fma(R(1 - h.beta2), g[i], R(h.beta2) * s[0][i]);
        x[i] *= R(1 - h.lr * h.weight_decay);
        if (c > 0) x[i] -= R(h.lr);
        if (c < 0) x[i] += R(h.lr);
    }
}

/* sgdw */

STEP(sgdw_books) {
    UNUSED;
    EACH {
        s[0][i] = R(h.momentum) * s[0][i] + g[i];
        x[i] = x[i] - R(h.lr * h.weight_decay) * x[i] - R(h.lr) * s[0][i];
    }
}

STEP(sgdw_shrunk) {
    UNUSED;
    EACH x[i] *= R(1 - h.lr * h.weight_decay);
    EACH s[0][i] = fma(R(h.momentum), s[0][i], g[i]);
    EACH x[i] -= R(h.lr) * s[0][i];
}

/* sign_sgd */

STEP(sign_sgd_books) {
    UNUSED;
    EACH x[i] = x[i] - R(h.lr) * R(((g[i] > 0) - (g[i] < 0)));
}

STEP(sign_sgd_branches) {
    UNUSED;
    EACH {
        if (g[i] > 0) x[i] -= R(h.lr);
        else if (g[i] < 0) x[i] += R(h.lr);
    }
}

/* signum */

STEP(signum_books) {
    UNUSED;
    EACH {
        s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        x[i] = x[i] - R(h.lr) * R(((s[0][i] > 0) - (s[0][i] < 0)));
    }
}

STEP(signum_fused) {
    UNUSED;
    EACH {
        s[0][i] = fma(R(h.beta1), s[0][i], R(1 - h.beta1) * g[i]);
        if (s[0][i] != 0) x[i] -= copysign(R(h.lr), s[0][i]);
    }
}

/* yogi */

STEP(yogi_books) {
    UNUSED;
    EACH {
        const REAL square = g[i] * g[i];
        s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[1][i] = s[1][i] - R(1 - h.beta2) * R((s[1][i] > square) - (s[1][i] < square)) * square;
        x[i] = x[i] - R(h.lr) * s[0][i] / (sqrt(s[1][i]) + R(h.eps));
    }
}

STEP(yogi_fused) {
    UNUSED;
    EACH {
        const REAL square = g[i] * g[i];
        s[0][i] = fma(R(1 - h.beta1), g[i], R(h.beta1) * s[0][i]);
        if (square != s[1][i]) s[1][i] = fma(copysign(R(1 - h.beta2), square - s[1][i]), square, s[1][i]);
        x[i] = fma(-R(h.lr), s[0][i] / (sqrt(s[1][i]) + R(h.eps)), x[i]);
    }
}

/* optimistic_gd */

STEP(optimistic_gd_books) {
    UNUSED;
    EACH {
        const REAL before = t > 1 ? s[0][i] : g[i];
        x[i] = x[i] - R(h.lr) * (R(h.alpha + h.beta) * g[i] - R(h.beta) * before);
        s[0][i] = g[i];
    }
}

STEP(optimistic_gd_two_passes) {
    UNUSED;
    EACH x[i] -= R(h.lr * h.alpha) * g[i];
    if (t > 1) EACH x[i] -= R(h.lr * h.beta) * (g[i] - s[0][i]);
    EACH s[0][i] = g[i];
}

/* adamaxw */

STEP(adamaxw_books) {
    UNUSED;
    EACH {
        s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[1][i] = fmax(R(h.beta2) * s[1][i], fabs(g[i]) + R(h.eps));
        x[i] = x[i] - R(h.lr * h.weight_decay) * x[i] - R(h.lr / (1 - pow(h.beta1, t))) * s[0][i] / s[1][i];
    }
}

STEP(adamaxw_shrunk) {
    UNUSED;
    EACH x[i] *= R(1 - h.lr * h.weight_decay);
    EACH {
        const REAL faded = R(h.beta2) * s[1][i], size = fabs(g[i]) + R(h.eps);
        s[0][i] = fma(R(1 - h.beta1), g[i], R(h.beta1) * s[0][i]);
        s[1][i] = faded > size ? faded : size;
        x[i] = fma(-R(h.lr / (1 - pow(h.beta1, t))), s[0][i] / s[1][i], x[i]);
    }
}

/* nadamw */

STEP(nadamw_books) {
    UNUSED;
    const REAL next = R(1 - pow(h.beta1, t + 1)), q1 = R(1 - pow(h.beta1, t)), q2 = R(1 - pow(h.beta2, t));
    EACH {
        s[0][i] = R(h.beta1) * s[0][i] + R(1 - h.beta1) * g[i];
        s[1][i] = R(h.beta2) * s[1][i] + R(1 - h.beta2) * (g[i] * g[i]);
        const REAL ahead = R(h.beta1) * s[0][i] / next + R(1 - h.beta1) * g[i] / q1;
        x[i] = x[i] - R(h.lr * h.weight_decay) * x[i] - R(h.lr) * ahead / (sqrt(s[1][i] / q2) + R(h.eps));
    }
}

STEP(nadamw_wide) {
    UNUSED;
    const long double of_m = h.beta1 / (1 - pow(h.beta1, t + 1)), of_g = (1 - h.beta1) / (1 - pow(h.beta1, t));
    EACH {
        const long double m = h.beta1 * (long double)s[0][i] + (long double)(1 - h.beta1) * g[i];
        const long double v = h.beta2 * (long double)s[1][i] + (long double)(1 - h.beta2) * g[i] * g[i];
        const long double step = (of_m * m + of_g * g[i]) / (sqrtl(v / (long double)(1 - pow(h.beta2, t))) + (long double)h.eps);
        s[0][i] = R(m);
        s[1][i] = R(v);
        x[i] = R(x[i] - (long double)h.lr * (step + (long double)h.weight_decay * x[i]));
    }
}

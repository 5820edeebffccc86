/* Speaks the flat wire of refopt-harness/1.   cc -O2 -o adam adam.c -lm && refopt check --wire flat -- ./adam */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { LR, BETA1, BETA2, EPS, HYPER };
static const char *NAME[HYPER] = {"lr=", "beta1=", "beta2=", "eps="};
/* ---- your formula: one element, one update; s holds its state ---------------------------------- */
static void step(double *theta, double g, double *s[], long e, double t, const double *h) {
    double m = s[0][e] = h[BETA1] * s[0][e] + (1 - h[BETA1]) * g;
    double v = s[1][e] = h[BETA2] * s[1][e] + (1 - h[BETA2]) * g * g;
    theta[e] -= h[LR] * (m / (1 - pow(h[BETA1], t))) / (sqrt(v / (1 - pow(h[BETA2], t))) + h[EPS]);
}
/* ------------------------------------------------------------------------------------------------ */
static char *word(void) { return strtok(NULL, " \n"); }
static double *row(long n) { /* n numbers and the semicolon behind them; NULL for "-" */
    char *w = word(); if (!strcmp(w, "-")) return word(), NULL;
    double *x = calloc(n + 1, sizeof *x);
    for (long i = 0; i < n; i++, w = word()) x[i] = strtod(w, NULL);
    return x;
}
int main(void) {
    char *line = NULL, *w; size_t room = 0;
    while (getline(&line, &room, stdin) > 0 && strcmp(line, "stop\n")) {
        if (*line == 's') { puts("ok my Adam ; adam lr beta1 beta2 eps / m v ; float64 ; resume"); fflush(stdout); continue; }
        strtok(line, " "); char *seq = word(); word(); word(); long n = atol(word()), T = atol(word()), K = atol(word()), t0 = atol(word()); word();
        double h[HYPER] = {0.001, 0.9, 0.999, 1e-8};
        while (strcmp(w = word(), ";")) for (int i = 0; i < HYPER; i++) if (!strncmp(w, NAME[i], strlen(NAME[i]))) h[i] = strtod(w + strlen(NAME[i]), NULL);
        double *lr = row(T), *keep = row(K), *theta = row(n), *given = row(2 * n), *g = row(T * n);
        double *s0 = given ? given : calloc(2 * n + 1, sizeof *s0), *s[] = {s0, s0 + n}, *all[] = {theta, s0, s0 + n}, *seen = calloc(3 * K * n + 1, sizeof *seen);
        for (long i = 0, k = 0; i < T; i++) {
            if (lr) h[LR] = lr[i];
            for (long e = 0; e < n; e++) step(theta, g[i * n + e], s, e, t0 + i, h);
            if (k < K && keep[k] == t0 + i) { for (int j = 0; j < 3; j++) memcpy(seen + (j * K + k) * n, all[j], n * sizeof *seen); k++; }
        }
        printf("ok %s", seq); for (long i = 0; i < 3 * K * n; i++) printf("%s%.17g", i && i % (K * n) == 0 ? " ; " : " ", seen[i]);
        puts(""); fflush(stdout); free(lr), free(keep), free(theta), free(s0), free(g), free(seen);
    }
}

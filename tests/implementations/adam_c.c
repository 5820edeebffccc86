/* Adam in C behind the flat wire of refopt-harness/1, in float64 and float32.
   cc -O2 -o adam_c adam_c.c -lm && refopt check --wire flat -- ./adam_c */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LR, BETA1, BETA2, EPS, HYPER };
static const char *NAME[HYPER] = {"lr=", "beta1=", "beta2=", "eps="};

/* One update of n elements in the type T: every operation is one of T; scalars are formed in double and rounded once. */
#define DEFINE_UPDATE(NAME, T, SQRT)                                                            \
    static void NAME(double *theta, const double *g, double *m, double *v, long n, double t, const double *h) { \
        const T beta1 = (T)h[BETA1], rest1 = (T)(1 - h[BETA1]), beta2 = (T)h[BETA2], rest2 = (T)(1 - h[BETA2]);  \
        const T lr = (T)h[LR], eps = (T)h[EPS];                                                 \
        const T correction1 = (T)(1 - pow(h[BETA1], t)), correction2 = (T)(1 - pow(h[BETA2], t)); \
        for (long i = 0; i < n; i++) {                                                          \
            const T gradient = (T)g[i];                                                         \
            const T m_new = beta1 * (T)m[i] + rest1 * gradient;                                 \
            const T v_new = beta2 * (T)v[i] + rest2 * (gradient * gradient);                    \
            const T m_hat = m_new / correction1, v_hat = v_new / correction2;                   \
            theta[i] = (T)theta[i] - lr * m_hat / (SQRT(v_hat) + eps);                          \
            m[i] = m_new;                                                                       \
            v[i] = v_new;                                                                       \
        }                                                                                       \
    }
DEFINE_UPDATE(update_double, double, sqrt)
DEFINE_UPDATE(update_float, float, sqrtf)

static char *word(void) { return strtok(NULL, " \n"); }

/* n numbers and the semicolon behind them; NULL where the field is "-". */
static double *row(long n) {
    char *w = word();
    if (strcmp(w, "-") == 0) {
        word();
        return NULL;
    }
    double *x = calloc(n + 1, sizeof *x);
    for (long i = 0; i < n; i++, w = word()) x[i] = strtod(w, NULL);
    return x;
}

static void run(char *line) {
    strtok(line, " ");
    char *seq = word();
    word(); /* the rule: there is one */
    const int narrow = strcmp(word(), "float32") == 0;
    const long n = atol(word()), T = atol(word()), K = atol(word()), t0 = atol(word());
    word();
    double h[HYPER] = {0.001, 0.9, 0.999, 1e-8};
    for (char *w = word(); strcmp(w, ";") != 0; w = word())
        for (int i = 0; i < HYPER; i++)
            if (strncmp(w, NAME[i], strlen(NAME[i])) == 0) h[i] = strtod(w + strlen(NAME[i]), NULL);
    if (!(h[LR] >= 0) || h[BETA1] >= 1 || h[BETA2] >= 1 || h[EPS] < 0) {
        printf("reject %s a hyperparameter is outside its domain\n", seq);
        return;
    }
    double *lr = row(T), *keep = row(K), *theta = row(n), *state = row(2 * n), *g = row(T * n);
    if (state == NULL) state = calloc(2 * n + 1, sizeof *state);
    double *all[] = {theta, state, state + n}, *seen = calloc(3 * K * n + 1, sizeof *seen);
    for (long i = 0, k = 0; i < T; i++) {
        if (lr != NULL) h[LR] = lr[i];
        (narrow ? update_float : update_double)(theta, g + i * n, state, state + n, n, t0 + i, h);
        if (k < K && keep[k] == t0 + i) {
            for (int j = 0; j < 3; j++) memcpy(seen + (j * K + k) * n, all[j], n * sizeof *seen);
            k++;
        }
    }
    printf("ok %s", seq);
    for (long i = 0; i < 3 * K * n; i++) printf("%s%.*g", i > 0 && i % (K * n) == 0 ? " ; " : " ", narrow ? 9 : 17, seen[i]);
    puts("");
    free(lr), free(keep), free(theta), free(state), free(g), free(seen);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0 && strcmp(line, "stop\n") != 0) {
        if (strncmp(line, "start", 5) == 0)
            puts("ok Adam in C ; adam lr beta1 beta2 eps / m v ; float64 float32 ; resume");
        else
            run(line);
        fflush(stdout);
    }
    free(line);
    return 0;
}

/* refopt-harness/1 on the flat wire for the generated C files: TABLE, in table.h, has a line for each rule. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 };
typedef void Step64(size_t n, double *theta, const double *g, double **state, double *one, int64_t t, const double *hyper);
typedef void Step32(size_t n, float *theta, const float *g, float **state, double *one, int64_t t, const double *hyper);
typedef void Init64(size_t n, const double *theta, double **state, double *one, const double *hyper);
typedef void Init32(size_t n, const float *theta, float **state, double *one, const double *hyper);
typedef struct {
    const char *name;
    int hypers, states;
    const char *hyper[MOST], *state[MOST];
    int inputs; /* what an update is given beside the gradient follows it, n numbers each */
    const char *input[MOST];
    int one[MOST];
    double defaults[MOST];
    Init64 *init64;
    Init32 *init32;
    Step64 *step64;
    Step32 *step32;
} Rule;

#include "table.h"

static const Rule *rule_named(const char *name) {
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++)
        if (!strcmp(TABLE[i].name, name)) return &TABLE[i];
    return NULL;
}

static void *allocated(size_t count) {
    void *memory = calloc(count + 1, sizeof(double));
    if (!memory) exit(3);
    return memory;
}

/* The numbers of a field; a single dash is no number at all. */
static size_t numbers(char *text, double **into) {
    size_t count = 0;
    double *found = allocated(strlen(text) / 2 + 1);
    for (char *end; ; text = end) {
        double x = strtod(text, &end);
        if (end == text) break;
        found[count++] = x;
    }
    *into = found;
    return count;
}

static void narrow(size_t n, const double *from, float *to) { for (size_t i = 0; i < n; i++) to[i] = (float)from[i]; }
static void widen(size_t n, const float *from, double *to) { for (size_t i = 0; i < n; i++) to[i] = from[i]; }

static void run(char *line) {
    char *section[7 + MOST] = {0}, seq[64], name[64], dtype[64];
    long n, steps, keeps, t0;
    for (int i = 0; i < 7 + MOST && line; i++) {
        section[i] = line;
        line = strchr(line, ';');
        if (line) *line++ = 0;
        else if (i < 6) { printf("err 0 %d sections, not 7\n", i + 1); return; }
    }
    if (sscanf(section[0], "run %63s %63s %63s %ld %ld %ld %ld", seq, name, dtype, &n, &steps, &keeps, &t0) != 7) {
        printf("err 0 not a run\n");
        return;
    }
    const Rule *rule = rule_named(name);
    if (!rule) { printf("skip %s no rule %s\n", seq, name); return; }
    int single = !strcmp(dtype, "float32"), rate = -1;
    double hyper[MOST];
    char *left[MOST] = {0}; /* values of hyperparameters that are still to come: one, or one an update */
    for (int j = 0; j < rule->hypers; j++) {
        hyper[j] = rule->defaults[j];
        if (!strcmp(rule->hyper[j], "lr")) rate = j;
    }
    for (char *pair = strtok(section[1], " "); pair; pair = strtok(NULL, " ")) {
        char *value = strchr(pair, '=');
        if (!value) continue;
        *value++ = 0;
        for (int j = 0; j < rule->hypers; j++) if (!strcmp(rule->hyper[j], pair)) hyper[j] = strtod(left[j] = value, NULL);
    }
    double *rates, *keep, *theta, *given, *grads, *row, *beside[MOST], *state[MOST], *kept[MOST + 1];
    long width = n * (1 + rule->inputs);
    float *theta32 = allocated(n), *g32 = allocated(width), *state32[MOST];
    size_t changing = numbers(section[2], &rates), resumed;
    numbers(section[3], &keep);
    numbers(section[4], &theta);
    resumed = numbers(section[5], &given);
    numbers(section[6], &grads);
    for (int j = 0; j < rule->inputs; j++) {
        if (!section[7 + j]) { printf("err %s no %s\n", seq, rule->input[j]); return; }
        numbers(section[7 + j], &beside[j]);
    }
    row = allocated(width);
    narrow(n, theta, theta32);
    for (int j = 0; j < rule->states; j++) { state[j] = allocated(n); state32[j] = allocated(n); }
    for (int j = 0; j <= rule->states; j++) kept[j] = allocated(n * keeps);
    double one[MOST] = {0};
    rule->init64(n, theta, state, one, hyper);
    rule->init32(n, theta32, state32, one, hyper);
    for (int j = 0; resumed && j < rule->states; j++) {
        if (rule->one[j]) { if (n) one[j] = given[j * n]; continue; }
        memcpy(state[j], given + j * n, n * sizeof(double));
        narrow(n, state[j], state32[j]);
    }
    for (long i = 0, k = 0; i < steps; i++) {
        for (int j = 0; j < rule->hypers; j++) if (left[j] && *left[j]) {
            hyper[j] = strtod(left[j], &left[j]);
            left[j] += *left[j] == ',';
        }
        if (changing) hyper[rate] = rates[i];
        memcpy(row, grads + i * n, n * sizeof(double));
        for (int j = 0; j < rule->inputs; j++) memcpy(row + (1 + j) * n, beside[j] + i * n, n * sizeof(double));
        if (single) {
            narrow(width, row, g32);
            rule->step32(n, theta32, g32, state32, one, t0 + i, hyper);
            widen(n, theta32, theta);
            for (int j = 0; j < rule->states; j++) widen(n, state32[j], state[j]);
        } else
            rule->step64(n, theta, row, state, one, t0 + i, hyper);
        for (int j = 0; j < rule->states; j++) for (long l = 0; rule->one[j] && l < n; l++) state[j][l] = one[j];
        if (k < keeps && keep[k] == (double)(t0 + i)) {
            for (int j = 0; j <= rule->states; j++) memcpy(kept[j] + k * n, j ? state[j - 1] : theta, n * sizeof(double));
            k++;
        }
    }
    printf("ok %s", seq);
    for (int j = 0; j <= rule->states; j++) {
        if (j) printf(" ;");
        for (long i = 0; i < n * keeps; i++) printf(" %.17g", kept[j][i]);
        free(kept[j]);
    }
    printf("\n");
    for (int j = 0; j < rule->states; j++) { free(state[j]); free(state32[j]); }
    for (int j = 0; j < rule->inputs; j++) free(beside[j]);
    free(row); free(theta32); free(g32); free(rates); free(keep); free(theta); free(given); free(grads);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        if (!strncmp(line, "stop", 4)) break;
        if (!strncmp(line, "start", 5)) {
            printf("ok generated C");
            for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) {
                printf(" ; %s", TABLE[i].name);
                for (int j = 0; j < TABLE[i].hypers; j++) printf(" %s", TABLE[i].hyper[j]);
                for (int j = 0; j < TABLE[i].inputs; j++) printf(" +%s", TABLE[i].input[j]);
                printf(" /");
                for (int j = 0; j < TABLE[i].states; j++) printf(" %s", TABLE[i].state[j]);
            }
            printf(" ; float64 float32 ; resume courses\n");
        } else
            run(line);
        fflush(stdout);
    }
    free(line);
    return 0;
}

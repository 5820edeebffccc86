/* refopt-harness/1 on the flat wire, for a table of programs: one of them is chosen by the first argument; --list prints them all.

   A program is written once, as STEP(name) { ... }, and compiled for each format: REAL is double or float. It gets n elements
   x and g, the state s[0], s[1], ... in the order of the rule and then what the rule is given beside the gradient, the number t
   of the update, the hyperparameters h (binary64), and a memory that is all zeros at the start of a run. It changes x and the state. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

typedef struct { double lr, momentum, rho, beta1, beta2, beta3, eps, eps_root, weight_decay, alpha, beta, s0, v0, momentum_decay;
                 double lambd, averaged_after, eta_minus, eta_plus, step_min, step_max, noise_variance, noise_decay; } Hyper;
typedef struct { double t, base[2], power[2]; } Memory;
typedef void Step64(long n, double *x, const double *g, double **s, long t, Hyper h, Memory *memory);
typedef void Step32(long n, float *x, const float *g, float **s, long t, Hyper h, Memory *memory);
typedef struct { const char *name, *note; Step64 *f64; Step32 *f32; } Program;
typedef struct { const char *name; int states; const char *states_shown; Hyper defaults; const char *hyper; double start, rates, least; int from_theta, inputs; } Rule;
/* The last state begins at start + rates*lr + least*eps; the first one at theta where `from_theta` says so. */

#define STEP(name) static void OF(name)(long n, REAL *x, const REAL *g, REAL **s, long t, Hyper h, Memory *memory)
#define PROGRAM(text, name, note) { text, note, name##_float64, name##_float32 }

static const Rule RULES[] = {
    {"sgd", 0, "", {.lr = 0.01}, "lr"},
    {"momentum", 1, "v", {.lr = 0.01, .momentum = 0.9}, "lr momentum"},
    {"nesterov", 1, "v", {.lr = 0.01, .momentum = 0.9}, "lr momentum"},
    {"rmsprop", 1, "v", {.lr = 0.001, .rho = 0.9, .eps = 1e-8}, "lr rho eps"},
    {"adam", 2, "m v", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8}, "lr beta1 beta2 eps"},
    {"adamw", 2, "m v", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01}, "lr beta1 beta2 eps weight_decay"},
    {"amsgrad", 3, "m v v_max", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8}, "lr beta1 beta2 eps"},
    {"adamax", 2, "m u", {.lr = 0.002, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8}, "lr beta1 beta2 eps"},
    {"adagrad", 1, "s", {.lr = 0.01, .eps = 1e-10}, "lr eps s0"},
    {"adadelta", 2, "s u", {.lr = 1, .rho = 0.9, .eps = 1e-6}, "lr rho eps"},
    {"nadam", 3, "m v mu_product", {.lr = 0.002, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .momentum_decay = 0.004}, "lr beta1 beta2 eps momentum_decay", 1},
    {"radam", 2, "m v", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8}, "lr beta1 beta2 eps"},
    {"adabelief", 2, "m s", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-16, .eps_root = 1e-16}, "lr beta1 beta2 eps eps_root"},
    {"acprop", 2, "m s", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-16, .eps_root = 1e-16}, "lr beta1 beta2 eps eps_root"},
    {"adan", 4, "m w n g_before", {.lr = 0.001, .beta1 = 0.98, .beta2 = 0.92, .beta3 = 0.99, .eps = 1e-8, .weight_decay = 0.01},
     "lr beta1 beta2 beta3 eps weight_decay"},
    {"ademamix", 3, "m v m_slow", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.999, .beta3 = 0.9999, .eps = 1e-8, .alpha = 5, .weight_decay = 0.01},
     "lr beta1 beta2 eps beta3 alpha weight_decay"},
    {"simplified_ademamix", 2, "m v", {.lr = 0.001, .beta1 = 0.99, .beta2 = 0.95, .eps = 1e-8}, "lr beta1 beta2 alpha eps"},
    {"adopt", 2, "m v", {.lr = 0.001, .beta1 = 0.9, .beta2 = 0.9999, .eps = 1e-6}, "lr beta1 beta2 eps"},
    {"madgrad", 3, "theta_start s n", {.lr = 0.01, .momentum = 0.9, .eps = 1e-6}, "lr momentum eps", .from_theta = 1},
    {"laprop", 2, "m v", {.lr = 0.0004, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-15}, "lr beta1 beta2 eps"},
    {"lion", 1, "m", {.lr = 0.0001, .beta1 = 0.9, .beta2 = 0.99}, "lr beta1 beta2 weight_decay"},
    {"sgdw", 1, "v", {.lr = 0.01, .momentum = 0.9, .weight_decay = 0.01}, "lr momentum weight_decay"},
    {"sign_sgd", 0, "", {.lr = 0.01}, "lr"},
    {"signum", 1, "m", {.lr = 0.01, .beta1 = 0.9}, "lr beta1"},
    {"asgd", 1, "ax", {.lr = 0.01, .lambd = 0.0001, .alpha = 0.75, .averaged_after = 1e6}, "lr lambd alpha averaged_after"},
    {"rprop", 2, "g_before update_value", {.lr = 0.01, .eta_minus = 0.5, .eta_plus = 1.2, .step_min = 1e-6, .step_max = 50},
     "lr eta_minus eta_plus step_min step_max", 0, 1},
    {"schedule_free_sgd", 2, "z weight_sum", {.lr = 1, .beta1 = 0.9}, "lr beta1", .from_theta = 1},
    {"schedule_free_adamw", 3, "z v weight_sum", {.lr = 0.0025, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8}, "lr beta1 beta2 eps weight_decay", .from_theta = 1},
    {"cocob", 5, "theta_start abs_sum reward negative_sum scale", {.alpha = 100, .eps = 1e-8}, "alpha eps", .least = 1, .from_theta = 1},
    {"noisy_sgd", 0, "", {.lr = 0.01, .noise_variance = 0.01, .noise_decay = 0.55}, "lr noise_variance noise_decay +noise", .inputs = 1},
    {"yogi", 2, "m v", {.lr = 0.01, .beta1 = 0.9, .beta2 = 0.999, .eps = 0.001, .v0 = 0.000001}, "lr beta1 beta2 eps v0"},
    {"optimistic_gd", 1, "g_before", {.lr = 0.01, .alpha = 1, .beta = 1}, "lr alpha beta"},
    {"adamaxw", 2, "m u", {.lr = 0.002, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01}, "lr beta1 beta2 eps weight_decay"},
    {"nadamw", 2, "m v", {.lr = 0.002, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .weight_decay = 0.01}, "lr beta1 beta2 eps weight_decay"},
};

static const Rule *rule_of(const Program *program) {
    size_t length = strcspn(program->name, ":");
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (strlen(RULES[i].name) == length && !strncmp(RULES[i].name, program->name, length)) return &RULES[i];
    exit(2);
}

static void *allocated(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) exit(3);
    return memory;
}

static double *slot(Hyper *h, const char *name) {
    const struct { const char *name; double *value; } slots[] = {
        {"lr", &h->lr}, {"momentum", &h->momentum}, {"rho", &h->rho}, {"beta1", &h->beta1},
        {"beta2", &h->beta2}, {"beta3", &h->beta3}, {"eps", &h->eps}, {"eps_root", &h->eps_root}, {"weight_decay", &h->weight_decay},
        {"alpha", &h->alpha}, {"beta", &h->beta}, {"s0", &h->s0}, {"v0", &h->v0}, {"momentum_decay", &h->momentum_decay},
        {"lambd", &h->lambd}, {"averaged_after", &h->averaged_after},
        {"eta_minus", &h->eta_minus}, {"eta_plus", &h->eta_plus}, {"step_min", &h->step_min}, {"step_max", &h->step_max},
        {"noise_variance", &h->noise_variance}, {"noise_decay", &h->noise_decay},
    };
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (!strcmp(slots[i].name, name)) return slots[i].value;
    return NULL;
}

static void numbers(char *text, long count, double *into) {
    for (long i = 0; i < count; i++) into[i] = strtod(text, &text);
}

static void print(const char *before, const double *values, long count) {
    fputs(before, stdout);
    for (long i = 0; i < count; i++) printf(" %.17g", values[i]);
}

/* One step in the format, between arrays of doubles that hold its numbers exactly: x, g, the states, and so many inputs. */
static void step_in(const Program *program, int single, long n, double *x, const double *g, double **s, int states, int inputs, long t, Hyper h, Memory *memory) {
    if (!single) {
        program->f64(n, x, g, s, t, h, memory);
        return;
    }
    float *narrow[7];
    for (int j = 0; j < states + inputs + 2; j++) {
        const double *wide = j == 0 ? x : j == 1 ? g : s[j - 2];
        narrow[j] = allocated(n, sizeof(float));
        for (long i = 0; i < n; i++) narrow[j][i] = (float)wide[i];
    }
    program->f32(n, narrow[0], narrow[1], narrow + 2, t, h, memory);
    for (int j = 0; j < states + inputs + 2; j++) {
        double *wide = j == 0 ? x : j == 1 || j >= states + 2 ? NULL : s[j - 2];
        for (long i = 0; wide && i < n; i++) wide[i] = narrow[j][i];
        free(narrow[j]);
    }
}

static void run(const Program *program, const Rule *rule, char *line) {
    char seq[64], name[64], dtype[64], *section[8];
    const int sections = 7 + rule->inputs;
    long n, steps, keeps, t0;
    for (int i = 0; i < sections; i++) {
        section[i] = line;
        line = strchr(line, ';');
        if (line) *line++ = 0;
        else if (i < sections - 1) { printf("err 0 %d sections, not %d\n", i + 1, sections); return; }
    }
    if (sscanf(section[0], "run %63s %63s %63s %ld %ld %ld %ld", seq, name, dtype, &n, &steps, &keeps, &t0) != 7) {
        printf("err 0 not a run\n");
        return;
    }
    Hyper h = rule->defaults;
    for (char *pair = strtok(section[1], " "); pair; pair = strtok(NULL, " ")) {
        char *value = strchr(pair, '=');
        if (!value) continue;
        *value++ = 0;
        double *found = slot(&h, pair);
        if (!found) { printf("skip %s no %s\n", seq, pair); return; }
        *found = strtod(value, NULL);
    }
    section[2] += strspn(section[2], " ");
    section[5] += strspn(section[5], " ");
    int changing = *section[2] != '-' || section[2][1] > ' ';
    int resumed = rule->states && (*section[5] != '-' || section[5][1] > ' ');
    double *rates = allocated(steps, sizeof(double)), *keep = allocated(keeps, sizeof(double)), *x = allocated(n, sizeof(double));
    double *given = allocated(n * rule->states, sizeof(double)), *grads = allocated(n * steps, sizeof(double));
    double *kept[6], *s[5] = {given, given + n, given + 2 * n, given + 3 * n, given + 4 * n};
    for (int j = 0; j <= rule->states; j++) kept[j] = allocated(n * keeps, sizeof(double));
    if (changing) numbers(section[2], steps, rates);
    numbers(section[3], keeps, keep);
    numbers(section[4], n, x);
    if (resumed) numbers(section[5], n * rule->states, given);
    else for (long i = 0; rule->states && i < n; i++) s[rule->states - 1][i] = rule->start + h.s0 + h.v0 + rule->rates * h.lr + rule->least * h.eps;
    if (!resumed && rule->from_theta) memcpy(given, x, n * sizeof(double));
    numbers(section[6], n * steps, grads);
    double *beside = allocated(n * steps, sizeof(double));
    if (rule->inputs) numbers(section[7], n * steps, beside);
    Memory memory = {0};
    for (long i = 0, k = 0; i < steps; i++) {
        if (changing) h.lr = rates[i];
        if (rule->inputs) s[rule->states] = beside + i * n;
        step_in(program, !strcmp(dtype, "float32"), n, x, grads + i * n, s, rule->states, rule->inputs, t0 + i, h, &memory);
        if (k < keeps && keep[k] == (double)(t0 + i)) {
            for (int j = 0; j <= rule->states; j++) memcpy(kept[j] + k * n, j ? s[j - 1] : x, n * sizeof(double));
            k++;
        }
    }
    printf("ok %s", seq);
    for (int j = 0; j <= rule->states; j++) print(j ? " ;" : "", kept[j], n * keeps);
    printf("\n");
    for (int j = 0; j <= rule->states; j++) free(kept[j]);
    free(rates); free(keep); free(x); free(given); free(grads); free(beside);
}

static int serve(int argc, char **argv, const Program *programs, size_t count) {
    const char *wanted = argc > 1 ? argv[1] : "";
    const Program *program = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(wanted, "--list")) printf("%s\t%s\t%s\n", programs[i].name, rule_of(&programs[i])->name, programs[i].note);
        else if (!strcmp(wanted, programs[i].name)) program = &programs[i];
    }
    if (!strcmp(wanted, "--list")) return 0;
    if (!program) return fprintf(stderr, "no program %s: --list shows them\n", wanted), 2;
    const Rule *rule = rule_of(program);
    char *line = NULL;
    size_t room = 0;
    for (ssize_t got; (got = getline(&line, &room, stdin)) > 0;) {
        if (!strncmp(line, "start", 5)) printf("ok %s ; %s %s / %s ; float64 float32 ; resume\n", program->name, rule->name, rule->hyper, rule->states_shown);
        else if (!strncmp(line, "stop", 4)) break;
        else run(program, rule, line);
        fflush(stdout);
    }
    free(line);
    return 0;
}

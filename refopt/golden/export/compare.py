"""Programs that hold an optimizer against an export, a text for each language: what reads the file comes before, an optimizer to replace is in it.

Each prints the name of a case and the largest error of theta in units of its bound in float64: more than 1 is wrong. The optimizer that stands
there is gradient descent, which is right for `sgd`; `state` is empty but where a case starts in the middle of a run.
"""

from __future__ import annotations

PYTHON = '''\


def step(theta, grad, state, t, hyper):
    """One update, in place: put yours here."""
    for j, g in enumerate(grad):
        theta[j] -= hyper["lr"] * g


def error(x, exact, bound):
    if bound == float("inf") or x == exact:
        return 0.0
    return abs(x - exact) / bound if bound > 0 and x == x else float("inf")


def row(values, rows, k):
    n = len(values) // rows if rows else 0
    return values[k % rows * n : k % rows * n + n] if rows else []


def worst(case):
    names = [n for n in arrays if n.startswith(case + "/hyper/")]
    hyper = {n.rpartition("/")[2]: arrays[n][0] for n in names}
    courses = {n.rpartition("/")[2]: arrays[n] for n in arrays if n.startswith(case + "/courses/")}
    t0, updates, keep = int(arrays[case + "/t0"][0]), int(arrays[case + "/updates"][0]), arrays[case + "/keep"]
    found, i = 0.0, 0
    while f"{case}/{i}/theta0" in arrays:
        at = f"{case}/{i}/"
        theta, present = list(arrays[at + "theta0"]), arrays[at + "present"]
        starts = [n for n in arrays if n.startswith(at) and n.endswith("0") and n != at + "theta0"]
        state = {n[len(at) : -1]: list(arrays[n]) for n in starts}
        for t in range(t0, t0 + updates):
            if case + "/lr" in arrays:
                hyper["lr"] = arrays[case + "/lr"][t - t0]
            hyper.update({n: values[t - t0] for n, values in courses.items()})
            if present[(t - t0) % len(present)]:
                step(theta, row(arrays[at + "grads"], len(present), t - t0), state, t, hyper)
            if t in keep and at + "bound/float64/theta" in arrays:
                k = keep.index(t)
                exact, bound = (row(arrays[at + n], len(keep), k) for n in ("theta", "bound/float64/theta"))
                found = max([found, *map(error, theta, exact, bound)])
        i += 1
    return found


for name in arrays:
    if name.endswith("/t0"):
        print(name[:-3], worst(name[:-3]))
'''

JAVASCRIPT = '''\

/* One update, in place: put yours here. */
function step(theta, grad, state, t, hyper) {
    grad.forEach((g, j) => { theta[j] -= hyper.lr * g; });
}

function error(x, exact, bound) {
    if (bound === Infinity || x === exact) return 0;
    return bound > 0 && !Number.isNaN(x) ? Math.abs(x - exact) / bound : Infinity;
}

function row(values, rows, k) {
    const n = values.length / rows;
    return values.slice((k % rows) * n, (k % rows) * n + n);
}

function worst(name) {
    const hyper = {};
    for (const key of found.keys()) if (key.startsWith(`${name}/hyper/`)) hyper[key.split("/").at(-1)] = found.get(key)[0];
    const [t0, updates, keep] = [found.get(`${name}/t0`)[0], found.get(`${name}/updates`)[0], found.get(`${name}/keep`)];
    const courses = [...found.keys()].filter((key) => key.startsWith(`${name}/courses/`));
    let most = 0;
    for (let i = 0; found.has(`${name}/${i}/theta0`); i++) {
        const at = `${name}/${i}/`, present = found.get(`${at}present`), theta = [...found.get(`${at}theta0`)], state = {};
        for (const key of found.keys()) {
            if (key.startsWith(at) && key.endsWith("0") && key !== `${at}theta0`) state[key.slice(at.length, -1)] = [...found.get(key)];
        }
        for (let t = t0; t < t0 + updates; t++) {
            if (found.has(`${name}/lr`)) hyper.lr = found.get(`${name}/lr`)[t - t0];
            for (const key of courses) hyper[key.split("/").at(-1)] = found.get(key)[t - t0];
            if (present[(t - t0) % present.length]) step(theta, row(found.get(`${at}grads`), present.length, t - t0), state, t, hyper);
            if (!keep.includes(t) || !found.has(`${at}bound/float64/theta`)) continue;
            const exact = row(found.get(`${at}theta`), keep.length, keep.indexOf(t));
            const bound = row(found.get(`${at}bound/float64/theta`), keep.length, keep.indexOf(t));
            theta.forEach((x, j) => { most = Math.max(most, error(x, exact[j], bound[j])); });
        }
    }
    return most;
}

for (const name of found.keys()) if (name.endsWith("/t0")) console.log(name.slice(0, -3), worst(name.slice(0, -3)));
'''

C = '''\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "FILE"

static const golden_array *find(const char *name, const char *rest)
{
    const size_t n = strlen(name);
    for (size_t i = 0; i < golden_count; i++) {
        if (!strncmp(golden_arrays[i].name, name, n) && !strcmp(golden_arrays[i].name + n, rest)) return &golden_arrays[i];
    }
    return NULL;
}

/* The value of a hyperparameter in update t. */
static double hyper(const char *name, const char *rest, double t)
{
    char key[64];
    snprintf(key, sizeof key, "/courses/%s", rest);
    const golden_array *x = find(name, key);
    if (x) return x->values[(size_t)(t - find(name, "/t0")->values[0])];
    snprintf(key, sizeof key, "/hyper/%s", rest);
    x = find(name, key);
    return x ? x->values[0] : 0.0;
}

/* One update of n elements, in place: put yours here. find(at, "m0") is its state where the case starts in the middle of a run. */
static void step(double *theta, const double *grad, size_t n, double t, double lr, const char *name)
{
    (void)t;
    (void)name; /* hyper(name, "beta1", t) */
    for (size_t j = 0; j < n; j++) theta[j] -= lr * grad[j];
}

static double error(double x, double exact, double bound)
{
    if (isinf(bound) || x == exact) return 0.0;
    return bound > 0 && !isnan(x) ? fabs(x - exact) / bound : INFINITY;
}

static double worst(const char *name)
{
    const golden_array *keep = find(name, "/keep"), *rates = find(name, "/lr");
    const size_t updates = (size_t)find(name, "/updates")->values[0];
    double most = 0.0;
    for (int i = 0;; i++) {
        char at[128];
        snprintf(at, sizeof at, "%s/%d/", name, i);
        const golden_array *theta0 = find(at, "theta0");
        if (!theta0) return most;
        const golden_array *grads = find(at, "grads"), *present = find(at, "present"), *exact = find(at, "theta");
        const golden_array *bound = find(at, "bound/float64/theta");
        const size_t n = theta0->size;
        double *theta = malloc((n + 1) * sizeof *theta);
        if (!theta) exit(1);
        for (size_t j = 0; j < n; j++) theta[j] = theta0->values[j];
        for (size_t k = 0; k < updates; k++) {
            const double t = find(name, "/t0")->values[0] + (double)k;
            const size_t r = k % present->size;
            if (present->values[r] != 0.0) step(theta, grads->values + r * n, n, t, rates ? rates->values[k] : hyper(name, "lr", t), name);
            for (size_t row = 0; bound && row < keep->size; row++) {
                for (size_t j = 0; j < n && keep->values[row] == t; j++) {
                    const double e = error(theta[j], exact->values[row * n + j], bound->values[row * n + j]);
                    if (e > most) most = e;
                }
            }
        }
        free(theta);
    }
}

int main(void)
{
    for (size_t i = 0; i < golden_count; i++) {
        const size_t n = strlen(golden_arrays[i].name);
        char name[128];
        if (n < 3 || n >= sizeof name || strcmp(golden_arrays[i].name + n - 3, "/t0")) continue;
        snprintf(name, sizeof name, "%.*s", (int)(n - 3), golden_arrays[i].name);
        printf("%s %.17g\\n", name, worst(name));
    }
    return 0;
}
'''

RUST = '''\
#[path = "FILE"]
mod golden;

fn find(name: &str, rest: &str) -> Option<&'static [f64]> {
    golden::ARRAYS.iter().find(|x| x.name.strip_prefix(name) == Some(rest)).map(|x| x.values)
}

/// The value of a hyperparameter in update t.
fn hyper(case: &str, name: &str, t: f64) -> f64 {
    let of_update = find(case, &format!("/courses/{name}")).map(|x| x[(t - find(case, "/t0").unwrap()[0]) as usize]);
    of_update.unwrap_or_else(|| find(case, &format!("/hyper/{name}")).map_or(0.0, |x| x[0]))
}

/// One update, in place: put yours here. `find(at, "m0")` is its state where the case starts in the middle of a run,
/// `hyper(case, "beta1", t)` a hyperparameter.
fn step(theta: &mut [f64], grad: &[f64], _t: f64, lr: f64, _case: &str) {
    for (x, g) in theta.iter_mut().zip(grad) {
        *x -= lr * g;
    }
}

fn error(x: f64, exact: f64, bound: f64) -> f64 {
    if bound.is_infinite() || x == exact {
        0.0
    } else if bound > 0.0 && !x.is_nan() {
        (x - exact).abs() / bound
    } else {
        f64::INFINITY
    }
}

fn worst(case: &str) -> f64 {
    let (t0, updates) = (find(case, "/t0").unwrap()[0], find(case, "/updates").unwrap()[0] as usize);
    let keep = find(case, "/keep").unwrap();
    let (mut most, mut i) = (0.0f64, 0);
    while let Some(theta0) = find(case, &format!("/{i}/theta0")) {
        let at = format!("{case}/{i}/");
        let (grads, present) = (find(&at, "grads").unwrap(), find(&at, "present").unwrap());
        let (mut theta, n) = (theta0.to_vec(), theta0.len());
        for k in 0..updates {
            let (t, r) = (t0 + k as f64, k % present.len());
            if present[r] != 0.0 {
                step(&mut theta, &grads[r * n..r * n + n], t, find(case, "/lr").map_or_else(|| hyper(case, "lr", t), |x| x[k]), case);
            }
            let (Some(row), Some(bound)) = (keep.iter().position(|&x| x == t), find(&at, "bound/float64/theta")) else {
                continue;
            };
            let exact = find(&at, "theta").unwrap();
            for j in 0..n {
                most = most.max(error(theta[j], exact[row * n + j], bound[row * n + j]));
            }
        }
        i += 1;
    }
    most
}

fn main() {
    for case in golden::ARRAYS.iter().filter_map(|x| x.name.strip_suffix("/t0")) {
        println!("{case} {:?}", worst(case));
    }
}
'''

GO = '''\
// A program of two files: go run read.go FILE
package main

import (
	"fmt"
	"math"
	"strings"
)

func find(name, rest string) []float64 {
	for _, x := range golden {
		if x.name == name+rest {
			return x.values
		}
	}
	return nil
}

// The value of a hyperparameter in update t.
func hyper(name, rest string, t float64) float64 {
	if x := find(name, "/courses/"+rest); x != nil {
		return x[int(t-find(name, "/t0")[0])]
	}
	if x := find(name, "/hyper/"+rest); x != nil {
		return x[0]
	}
	return 0
}

// One update, in place: put yours here. find(at, "m0") is its state where the case starts in the middle of a run,
// hyper(name, "beta1", t) a hyperparameter.
func step(theta, grad []float64, t, lr float64, name string) {
	for j, g := range grad {
		theta[j] -= lr * g
	}
}

func off(x, exact, bound float64) float64 {
	if math.IsInf(bound, 0) || x == exact {
		return 0
	}
	if bound > 0 && !math.IsNaN(x) {
		return math.Abs(x-exact) / bound
	}
	return math.Inf(1)
}

func worst(name string) float64 {
	t0, updates, keep := find(name, "/t0")[0], int(find(name, "/updates")[0]), find(name, "/keep")
	rates, most := find(name, "/lr"), 0.0
	for i := 0; ; i++ {
		at := fmt.Sprintf("%s/%d/", name, i)
		theta := append([]float64{}, find(at, "theta0")...)
		n, present, grads := len(theta), find(at, "present"), find(at, "grads")
		if present == nil {
			return most
		}
		exact, bound := find(at, "theta"), find(at, "bound/float64/theta")
		for k := 0; k < updates; k++ {
			t, r := t0+float64(k), k%len(present)
			lr := hyper(name, "lr", t)
			if rates != nil {
				lr = rates[k]
			}
			if present[r] != 0 {
				step(theta, grads[r*n:r*n+n], t, lr, name)
			}
			for row := range keep {
				for j := 0; bound != nil && keep[row] == t && j < n; j++ {
					most = math.Max(most, off(theta[j], exact[row*n+j], bound[row*n+j]))
				}
			}
		}
	}
}

func main() {
	for _, x := range golden {
		if strings.HasSuffix(x.name, "/t0") {
			name := strings.TrimSuffix(x.name, "/t0")
			fmt.Println(name, worst(name))
		}
	}
}
'''

JULIA = '''\
include("FILE")

const FOUND = Dict(x.name => x.values for x in GOLDEN)

# The value of a hyperparameter in update t.
function hyper(case, name, t)
    course = "$case/courses/$name"
    haskey(FOUND, course) && return FOUND[course][Int(t - FOUND[case * "/t0"][1]) + 1]
    return get(FOUND, "$case/hyper/$name", [0.0])[1]
end

# One update, in place: put yours here. FOUND[at * "m0"] is its state where the case starts in the middle of a run,
# hyper(case, "beta1", t) a hyperparameter.
function step!(theta, grad, t, lr, case)
    theta .-= lr .* grad
end

function off(x, exact, bound)
    (isinf(bound) || x == exact) && return 0.0
    return bound > 0 && !isnan(x) ? abs(x - exact) / bound : Inf
end

function worst(case)
    t0, updates, keep = FOUND[case * "/t0"][1], Int(FOUND[case * "/updates"][1]), FOUND[case * "/keep"]
    most, i = 0.0, 0
    while haskey(FOUND, "$case/$i/theta0")
        at = "$case/$i/"
        theta, present, grads = copy(FOUND[at * "theta0"]), FOUND[at * "present"], FOUND[at * "grads"]
        n = length(theta)
        for k in 0:updates - 1
            t, r = t0 + k, k % length(present)
            lr = haskey(FOUND, case * "/lr") ? FOUND[case * "/lr"][k + 1] : hyper(case, "lr", t)
            present[r + 1] == 0 || step!(theta, grads[r * n + 1:r * n + n], t, lr, case)
            row = findfirst(==(t), keep)
            (row === nothing || !haskey(FOUND, at * "bound/float64/theta")) && continue
            here = (row - 1) * n + 1:row * n
            most = maximum(off.(theta, FOUND[at * "theta"][here], FOUND[at * "bound/float64/theta"][here]); init = most)
        end
        i += 1
    end
    return most
end

for x in GOLDEN
    endswith(x.name, "/t0") && println(chopsuffix(x.name, "/t0"), " ", worst(chopsuffix(x.name, "/t0")))
end
'''

"""The parts of a skeleton that depend on the rule, by language: parameters, arguments, starting values, small functions."""

from __future__ import annotations

from collections.abc import Sequence

from refopt.conformance.programs.skeletons.formulas import CPP, GO, JAVASCRIPT, JULIA, PYTHON, RUST, C, Writing, start
from refopt.conformance.programs.skeletons.language import Parts
from refopt.language.rule import Rule


def _listed(words: Sequence[str], before: str = "", after: str = "") -> str:
    """Words that follow others: each with a comma before it."""
    return "".join(f", {before}{word}{after}" for word in words)


def _starts(rule: Rule, writing: Writing) -> list[tuple[int, str]]:
    """The states that do not start from 0: their places and values."""
    return [(j, value) for j in range(len(rule.state)) if (value := start(rule, j, writing)) is not None]


def _opened(rule: Rule, before: str, between: str, count: int = 0) -> list[str]:
    """Lines that name hyperparameters which starting values need."""
    used = _needed_at_the_start(rule)
    return [f"{before}{h.name}{between}hyper[{j + count}]" for j, h in enumerate(rule.hyper) if h.name in used]


def _opened_by_name(rule: Rule, own: Sequence[str]) -> list[str]:
    """Lines of Python that name them, where they stand in a dict by the formula's own names."""
    used = _needed_at_the_start(rule)
    return [f'{h.name} = hyper["{key}"]' for h, key in zip(rule.hyper, own[: len(rule.hyper)], strict=True) if h.name in used]


def _needed_at_the_start(rule: Rule) -> set[str]:
    """The hyperparameters in the starting values."""
    return {str(s.name) for state in rule.state for s in state.initial.symbols()} & set(rule.hyper_names)


def _rate(rule: Rule) -> int | None:
    """The place of the learning rate among the hyperparameters."""
    return next((rule.hyper_names.index(name) for name in rule.at_rate(None)), None)


def _c_like(rule: Rule, states: str) -> dict[str, str]:
    return {
        "STATE_PARAMETERS": _listed(rule.state_names, "real *"), "HYPER_PARAMETERS": _listed(rule.hyper_names, "double "),
        "STATE_NAMES": _listed(rule.state_names), "HYPER_NAMES": _listed(rule.hyper_names),
        "STATE_THERE": _listed([f"there[{j + 2}]" for j in range(len(rule.state))]),
        "STATE_ARGUMENTS": _listed([f"{states} + {j} * n" for j in range(len(rule.state))]),
        "HYPER_ARGUMENTS": _listed([f"hyper[{j}]" for j in range(len(rule.hyper))]),
    }  # fmt: skip


def _c_start(rule: Rule, writing: Writing) -> str:
    lines = [f"{line};" for line in _opened(rule, "const double ", " = ")]
    return "\n".join([*lines, *(f"for (long i = 0; i < n; i++) state[{j} * n + i] = {value};" for j, value in _starts(rule, writing))])


C_FUNCTIONS = {
    "maximum": "double maximum(double a, double b) { return a > b || a != a ? a : b; } /* nan where one is */",
    "minimum": "double minimum(double a, double b) { return a < b || a != a ? a : b; }",
    "square": "double square(double x) { return x * x; }",
    "signum": "double signum(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }",
}


def _quiet(rule: Rule, word: str) -> str:
    """Lines that name the scalars which an update does not take, so that no compiler warns of them: t, or what a state starts from alone."""
    used = {str(s.name) for let in rule.steps for s in let.value.symbols()}
    return "\n".join(f"{word}{name};" for name in ("t", *rule.hyper_names) if name not in used)


def c(rule: Rule, own: Sequence[str]) -> Parts:
    """C: pointers."""
    fields = _c_like(rule, "state") | {"INIT": _c_start(rule, C)}
    fields["NAMES"] = ", ".join(f'"{name}="' for name in own[: len(rule.hyper)])
    fields["TAKE_RATE"] = f"if (lr) hyper[{rate}] = lr[i];" if (rate := _rate(rule)) is not None else ""
    fields["QUIET"] = _quiet(rule, "(void)")
    return Parts(fields, {name: f"static {text}" for name, text in C_FUNCTIONS.items()})


def ctypes(rule: Rule, own: Sequence[str]) -> Parts:
    """A C function in a shared library, and Python around it."""
    hyper, states = own[: len(rule.hyper)], own[len(rule.hyper) :]
    starts = [f'state["{states[j]}"][...] = {value}' for j, value in _starts(rule, PYTHON)]
    fields = {
        "STATE_PARAMETERS": _listed(rule.state_names, "real *"), "HYPER_PARAMETERS": _listed(rule.hyper_names, "double "),
        "INIT": "\n".join([*_opened_by_name(rule, own), *starts]), "QUIET": _quiet(rule, "(void)"),
        "DEFAULTS": ", ".join(f'"{key}": {h.default}' for key, h in zip(hyper, rule.hyper, strict=True)),
        "SIGNATURE": ", ".join(f"{key}={h.default}" for key, h in zip(hyper, rule.hyper, strict=True)), "HYPER_NAMES": _listed(hyper),
    }  # fmt: skip
    return Parts(fields, {name: f"static {text}" for name, text in C_FUNCTIONS.items()})


def cpp(rule: Rule, own: Sequence[str]) -> Parts:
    """C++, and the host's side of CUDA and HIP: vectors, handed on as pointers."""
    fields = _c_like(rule, "state.data()") | {"INIT": _c_start(rule, CPP)}
    fields["TAKE_RATE"] = f"if (!lr.empty()) hyper[{rate}] = lr[i];" if (rate := _rate(rule)) is not None else ""
    fields["QUIET"] = _quiet(rule, "(void)")
    return Parts(fields, {name: f"static {text}" for name, text in C_FUNCTIONS.items()})


def gpu(rule: Rule, own: Sequence[str]) -> Parts:
    """CUDA and HIP: as C++, with functions that a kernel may call."""
    found = cpp(rule, own)
    return Parts(found.fields, {name: f"static __device__ {text}" for name, text in C_FUNCTIONS.items()})


def rust(rule: Rule, own: Sequence[str]) -> Parts:
    """Rust: slices."""
    count = len(rule.state)
    starts = [f"{line};" for line in _opened(rule, "let ", " = ")]
    starts += [f"for i in 0..n {{ state[{j} * n + i] = ({value}) as Real }}" for j, value in _starts(rule, RUST)]
    split = [f"let (s{j}, rest) = rest.split_at_mut(n);" for j in range(count)]
    rate = _rate(rule)
    taken = [f"if let Some(x) = lr.get((t - t0) as usize) {{ hyper[{rate}] = *x }}"] if rate is not None else ["let _ = &lr;"]
    if split:
        split = ["let rest = &mut state[..];", *split, "let _ = rest;"]
    fields = {
        "STATE_PARAMETERS": _listed(rule.state_names, after=": &mut [Real]"), "HYPER_PARAMETERS": _listed(rule.hyper_names, after=": f64"),
        "STATE_ARGUMENTS": _listed([f"s{j}" for j in range(count)]), "HYPER_ARGUMENTS": _listed([f"hyper[{j}]" for j in range(len(rule.hyper))]),
        "INIT": "\n".join(starts), "TAKE_RATE": "\n".join([*taken, *split]), "QUIET": _quiet(rule, "let _ = "),
        "STEP_ATTRIBUTE": "#[allow(clippy::too_many_arguments)] " if 4 + count + len(rule.hyper) > 7 else "",
    }  # fmt: skip
    head = "fn {0}(a: f64, b: f64) -> f64 {{ if a {1} b || a.is_nan() {{ a }} else {{ b }} }}"
    functions = {
        "maximum": head.format("maximum", ">"), "minimum": head.format("minimum", "<"), "square": "fn square(x: f64) -> f64 { x * x }",
        "signum": "fn signum(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x } }",
    }  # fmt: skip
    return Parts(fields, functions)


def go(rule: Rule, own: Sequence[str]) -> Parts:
    """Go: slices."""
    count = len(rule.state)
    starts = _opened(rule, "", " := ")
    starts += [f"for i := 0; i < n; i++ {{ state[{j} * n + i] = Real({value}) }}" for j, value in _starts(rule, GO)]
    rate = _rate(rule)
    fields = {
        "STATE_PARAMETERS": _listed(rule.state_names, after=" []Real"), "HYPER_PARAMETERS": _listed(rule.hyper_names, after=" float64"),
        "STATE_ARGUMENTS": _listed([f"state[{j} * n:{j + 1} * n]" for j in range(count)]),
        "HYPER_ARGUMENTS": _listed([f"hyper[{j}]" for j in range(len(rule.hyper))]),
        "INIT": "\n".join(starts), "TAKE_RATE": f"if len(lr) > 0 {{ hyper[{rate}] = lr[i] }}" if rate is not None else "_ = lr",
    }  # fmt: skip
    functions = {
        "square": "func square(x float64) float64 { return x * x }",
        "signum": "func signum(x float64) float64 { if x > 0 { return 1 } else if x < 0 { return -1 }; return x }",
        "choose": "func choose(which bool, a, b float64) float64 { if which { return a }; return b }",
    }
    return Parts(fields, functions)


def julia(rule: Rule, own: Sequence[str]) -> Parts:
    """Julia: views; places count from 1."""
    count = len(rule.state)
    starts = _opened(rule, "", " = ", count=1)
    starts += [f"for i in 1:n state[{j} * n + i] = {value} end" for j, value in _starts(rule, JULIA)]
    rate = _rate(rule)
    fields = {
        "STATE_PARAMETERS": _listed(rule.state_names), "HYPER_PARAMETERS": _listed(rule.hyper_names),
        "STATE_ARGUMENTS": _listed([f"view(state, {j} * n + 1:{j + 1} * n)" for j in range(count)]),
        "HYPER_ARGUMENTS": _listed([f"hyper[{j + 1}]" for j in range(len(rule.hyper))]),
        "INIT": "\n".join(starts), "TAKE_RATE": f"isempty(lr) || (hyper[{rate + 1}] = lr[i])" if rate is not None else "",
    }  # fmt: skip
    return Parts(fields, {})


def javascript(rule: Rule, own: Sequence[str]) -> Parts:
    """JavaScript and TypeScript: typed arrays by name."""

    def fields_of(names: Sequence[str], owned: Sequence[str]) -> str:
        return ", ".join(name if name == key else f"{key}: {name}" for name, key in zip(names, owned, strict=True))

    hyper, states = own[: len(rule.hyper)], own[len(rule.hyper) :]
    used = _needed_at_the_start(rule)
    opened = fields_of([h for h in rule.hyper_names if h in used], [k for h, k in zip(rule.hyper_names, hyper, strict=True) if h in used])
    starts = [f"if (!state0) for (let i = 0; i < theta.length; i++) state.{states[j]}[i] = {value};" for j, value in _starts(rule, JAVASCRIPT)]
    rate = _rate(rule)
    fields = {
        "STATE_NAMES": fields_of(rule.state_names, states), "HYPER_NAMES": fields_of(rule.hyper_names, hyper),
        "INIT": "\n".join([*([f"const {{ {opened} }} = hyper;"] if opened and starts else []), *starts]),
        "TAKE_RATE": f"if (q.lr) hyper.{hyper[rate]} = Number(q.lr[i]);" if rate is not None else "",
        "DEFAULTS": ", ".join(f"{key}: {h.default}" for key, h in zip(hyper, rule.hyper, strict=True)),
    }  # fmt: skip
    return Parts(fields, {"square": "const square = (x`: number`) => x * x;"})


def python(rule: Rule, own: Sequence[str]) -> Parts:
    """Python: NumPy arrays, changed in place."""
    hyper, states = own[: len(rule.hyper)], own[len(rule.hyper) :]
    starts = [f'if not given["state0"]:\n    state["{states[j]}"][:] = {value}' for j, value in _starts(rule, PYTHON)]
    rate = _rate(rule)
    fields = {
        "STATE_PARAMETERS": _listed(rule.state_names), "HYPER_PARAMETERS": _listed(rule.hyper_names), "INIT": "\n".join([*_opened_by_name(rule, own), *starts]),
        "TAKE_RATE": f'if q["lr"]:\n    hyper["{hyper[rate]}"] = float(q["lr"][i])' if rate is not None else "",
        "DEFAULTS": ", ".join(f'"{key}": {h.default}' for key, h in zip(hyper, rule.hyper, strict=True)),
    }  # fmt: skip
    return Parts(fields, {})

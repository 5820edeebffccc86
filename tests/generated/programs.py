"""The generated C, JavaScript and Rust files as programs that speak refopt-harness/1: compiled once, with a table of every rule.

`python -m tests.generated.programs FOLDER` makes them there and prints the commands that judge them.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from refopt.catalogue import rules, schedules
from refopt.conformance.programs.judge_program import Program
from refopt.golden.store import cases
from refopt.language.expression import Kind
from refopt.language.rule import Rule, State
from refopt.lowering import rust
from refopt.lowering.c import declarations
from refopt.lowering.generate import folder, path_of
from refopt.lowering.names import module_name, spelled

HERE = Path(__file__).parent / "drivers"
RULES = rules(variants=True)
SCHEDULES = tuple(s for s in schedules(variants=True) if not s.waits)
"""The schedules that every language has: one that waits for a metric is written by NumPy and JSON, and refused by the others in one line."""
C_FLAGS = ("-std=c99", "-pedantic", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wmissing-prototypes", "-Werror", "-ffp-contract=off", "-fno-math-errno")
"""How the generated files are compiled: every warning is an error."""


@cache
def scratch() -> Path:
    """A folder that lives as long as Python does."""
    found = tempfile.TemporaryDirectory(prefix="refopt-generated-")
    _KEPT.append(found)
    return Path(found.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def tool(*names: str) -> str:
    """The first of these programs that is here. Raises AssertionError where none is: these tests are not skipped."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found is not None, f"none of {', '.join(names)} is installed"
    return found


@cache
def c_program(into: Path | None = None) -> Program:
    """The C files behind the flat wire."""
    into = into or scratch()
    (into / "table.h").write_text(_c_table())
    target = into / "generated_c"
    compiler = tool("gcc", "cc", "clang")
    # the driver uses getline, which is POSIX
    subprocess.run([compiler, "-std=gnu11", "-O1", "-c", "-I", into, "-o", into / "flat.o", HERE / "flat.c"], check=True)
    subprocess.run([compiler, *C_FLAGS, "-o", target, into / "flat.o", *sorted(folder("c").glob("*.c")), "-lm"], check=True, cwd=into)
    return Program((str(target),), wire="flat", timeout=60)


@cache
def c_library() -> Path:
    """The C files as one shared library."""
    target = scratch() / "generated.so"
    subprocess.run([tool("gcc", "cc", "clang"), *C_FLAGS, "-shared", "-fPIC", "-o", target, *sorted(folder("c").glob("*.c")), "-lm"], check=True)
    return target


def _is_count(state: State) -> bool:
    """Whether a state is one integer."""
    return state.is_scalar and state.kind is Kind.INTEGER


def _c_table() -> str:
    lines = [declarations(r) for r in RULES]
    for r in RULES:
        name = module_name(r)
        states = "".join(f", s[{j}]" for j, s in enumerate(r.state) if not s.is_scalar)
        every = "".join(f", {'&i' if _is_count(s) else '&k'}[{j}]" if s.is_scalar else f", s[{j}]" for j, s in enumerate(r.state))
        ones = "".join(f", {'&i' if _is_count(s) else '&k'}[{j}]" for j, s in enumerate(r.state) if s.is_scalar)
        given = " ".join(f"i[{j}] = (int64_t)k[{j}];" for j, s in enumerate(r.state) if _is_count(s))
        back = " ".join(f"k[{j}] = (double)i[{j}];" for j, s in enumerate(r.state) if _is_count(s))
        hyper = "".join(f", {'(int64_t)' if h.symbol.kind is Kind.INTEGER else ''}h[{j}]" for j, h in enumerate(r.hyper))
        used = {str(s.name) for state in r.state for s in state.initial.symbols()}
        first = "".join(f", h[{j}]" for j, h in enumerate(r.hyper) if h.name in used)
        for dtype, number in (("64", "double"), ("32", "float")):
            full = f"float{dtype}"
            lines.append(f"static void init{dtype}_{name}(size_t n, const {number} *x, {number} **s, double *k, const double *h) {{ (void)s; (void)k; (void)h;")
            lines.append(f"    int64_t i[MOST] = {{0}}; (void)i; {name}_init_{full}(0, n, x{every}{first}); {back} }}")
            lines.append(f"static void step{dtype}_{name}(size_t n, {number} *x, const {number} *g, {number} **s, double *k, int64_t t, const double *h) {{")
            lines.append(f"    int64_t i[MOST] = {{0}}; (void)i; (void)s; (void)k; {given}")
            stored = " ".join(f"k[{j}] = (float)k[{j}];" for j, s in enumerate(r.state) if dtype == "32" and s.is_scalar and not _is_count(s))
            lines.append(f"    {name}_scalars_{full} c = {name}_form_{full}(t{ones}{hyper}); {back} {stored}")
            read = "".join(f", g + {j} * n" if j else ", g" for j in range(1 + len(r.inputs)))
            lines.append(f"    {name}_step_{full}(n / 3, n, x{read}{states}, &c); {name}_step_{full}(0, n / 3, x{read}{states}, &c); }}")
    lines.append("static const Rule TABLE[] = {")
    for r in RULES:
        hyper = ", ".join(f'"{h.name}"' for h in r.hyper)
        states = ", ".join(f'"{s}"' for s in r.state_names) or "0"
        defaults = ", ".join(h.default for h in r.hyper)
        functions = ", ".join(f"{f}_{module_name(r)}" for f in ("init64", "init32", "step64", "step32"))
        one = ", ".join(str(int(s.is_scalar)) for s in r.state) or "0"
        inputs = f"{len(r.inputs)}, {{{', '.join(f'{chr(34)}{n}{chr(34)}' for n in r.input_names) or '0'}}}"
        lines.append(f'    {{"{r.name}", {len(r.hyper)}, {len(r.state)}, {{{hyper}}}, {{{states}}}, {inputs}, {{{one}}}, {{{defaults}}}, {functions}}},')
    return "\n".join([*lines, "};", ""])


@cache
def javascript_program(into: Path | None = None) -> Program:
    """The JavaScript modules behind JSON lines."""
    paths = {kind: {c.name: str(path_of(c, "javascript")) for c in every} for kind, every in (("rules", RULES), ("schedules", SCHEDULES))}
    inputs = {r.name: r.input_names for r in RULES}
    into = into or scratch()
    (into / "modules.json").write_text(json.dumps({**paths, "inputs": inputs}))
    return Program((tool("node"), str(HERE / "json.mjs"), str(into / "modules.json")), timeout=60)


@cache
def rust_program(into: Path | None = None) -> Program:
    """The Rust files behind JSON lines."""
    into = into or scratch()
    (into / "table.rs").write_text(_rust_table())
    shutil.copy(HERE / "json.rs", into / "json.rs")
    target = into / "generated_rust"
    subprocess.run([tool("rustc"), "--edition=2021", "-O", "-D", "warnings", "-o", target, into / "json.rs"], check=True, cwd=into)
    return Program((str(target),), timeout=60)


def _rust_table() -> str:
    lists = any(h.is_list for s in SCHEDULES for h in s.hyper)
    lines = [f"use super::{{sent, {'sent_list, ' if lists else ''}Rate, Rule, Sent}};"]
    lines += [f'#[path = "{path_of(c, "rust")}"]\npub mod {module_name(c)};' for c in (*RULES, *SCHEDULES)]
    for c in (*RULES, *SCHEDULES):
        name = module_name(c)
        code = spelled(c, rust.RESERVED)
        declared = (code.rule if isinstance(c, Rule) else code.schedule).hyper
        fields = ", ".join(f'{h.name}: sent{"_list" if h.is_list else ""}(h, "{code.own(h.name)}", d.{h.name})' for h in declared)
        lent = "<'static>" if any(h.is_list for h in c.hyper) else ""
        lines.append(f"fn {name}_hyper(h: &Sent) -> {name}::Hyper{lent} {{ let d = {name}::Hyper::default(); {name}::Hyper {{ {fields} }} }}")
        if not isinstance(c, Rule):
            lines.append(f"fn {name}_rate(k: i64, h: &Sent) -> f64 {{ {name}::rate(k, &{name}_hyper(h)) }}")
            continue
        names = [f"s{j}" for j in range(len(c.state))]
        held = "".join(f" let mut {n}_k = {n}_one{' as i64' if _is_count(s) else ''};" for n, s in zip(names, c.state, strict=True) if s.is_scalar)
        ones = "".join(f" let {n}_one = ones[{j}];" for j, (n, s) in enumerate(zip(names, c.state, strict=True)) if s.is_scalar)
        back = "".join(f" ones[{j}] = {n}_k{' as f64' if _is_count(s) else ''};" for j, (n, s) in enumerate(zip(names, c.state, strict=True)) if s.is_scalar)
        passed = "".join(f", &mut {n}_k" if s.is_scalar else f", {n}" for n, s in zip(names, c.state, strict=True))
        taken = "".join(f", {'_' if s.is_scalar else ''}{n}" for n, s in zip(names, c.state, strict=True))
        used = {str(s.name) for state in c.state for s in state.initial.symbols()}
        first = ", &hyper" if used & set(c.hyper_names) else ""
        for number in ("f64", "f32"):
            read = "".join(f", &g[{j} * n..{j + 1} * n]" for j in range(1 + len(c.inputs))) if c.inputs else ", g"
            length = " let n = theta.len();" if c.inputs else ""
            lines += [
                f"fn {name}_{number}(a: &mut [Vec<{number}>], {'ones' if held else '_ones'}: &mut [f64], g: &[{number}], t: Option<i64>, h: &Sent) {{",
                f"    let hyper = {name}_hyper(h);{ones}{held}",
                f"    let [theta{taken}] = a else {{ panic!() }};{length}",
                f"    match t {{ None => {name}::init_{number}(theta{passed}{first}), Some(t) => {name}::step_{number}(theta{read}{passed}, t, &hyper) }}",
                f"    {back}}}",
            ]
    lines.append("pub const RULES: &[Rule] = &[")
    for r in RULES:
        name, hyper, states = module_name(r), json.dumps(r.hyper_names), json.dumps(r.state_names)
        one = json.dumps([s.is_scalar for s in r.state])
        given = f"inputs: &{json.dumps(r.input_names)}, one: &{one}"
        lines.append(f'    Rule {{ name: "{r.name}", hyper: &{hyper}, state: &{states}, {given}, f64: {name}_f64, f32: {name}_f32 }},')
    lines += ["];", "pub const RATES: &[Rate] = &["]
    lines += [f'    Rate {{ name: "{s.name}", hyper: &{json.dumps(s.hyper_names)}, rate: {module_name(s)}_rate }},' for s in SCHEDULES]
    return "\n".join([*lines, "];", ""])


def few(rule: str) -> list[str]:
    """One case of each sort that a file can get wrong by itself: the digits of every formula are compared with NumPy's elsewhere."""
    sorts = ("basic", "resume") if "/" in rule else ("basic", "scales", "defaults", "resume")
    found = [c.id for c in cases(rule) if any(f"-{sort}-" in c.id for sort in sorts)]
    assert len(found) >= 2
    return found


PROGRAMS = {"c": c_program, "javascript": javascript_program, "rust": rust_program}


def main(name: str) -> None:
    """Make the programs in a folder and print how each is judged. What has no compiler here is said and left out."""
    into = Path(name).resolve()
    into.mkdir(parents=True, exist_ok=True)
    for language, make in PROGRAMS.items():
        try:
            made = make(into)
        except AssertionError as error:
            print(f"not made: {language}: {error}")
            continue
        words = [Path(made.command[0]).name if language == "javascript" else made.command[0], *made.command[1:]]
        here = [str(Path(w).relative_to(Path.cwd())) if Path(w).is_relative_to(Path.cwd()) else w for w in words]
        print(f"refopt check --rule adam {'--wire flat ' if made.wire == 'flat' else ''}-- {shlex.join(here)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.generated.programs FOLDER")
    main(sys.argv[1])

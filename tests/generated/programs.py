"""The generated C, JavaScript and Rust files as programs that speak refopt-harness/1: compiled once, with a table of every rule."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from refopt.catalogue import rules, schedules
from refopt.conformance.harness.judge_program import Program
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.lowering.c import declarations
from refopt.lowering.generate import concepts, folder
from refopt.lowering.names import module_name

HERE = Path(__file__).parent / "drivers"
RULES = rules(variants=True)
SCHEDULES = schedules(variants=True)
C_FLAGS = ("-std=c99", "-pedantic", "-O2", "-Wall", "-Wextra", "-Wmissing-prototypes", "-Werror", "-ffp-contract=off", "-fno-math-errno")
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
def c_program() -> Program:
    """The C files behind the flat wire."""
    (scratch() / "table.h").write_text(_c_table())
    target = scratch() / "generated_c"
    compiler = tool("gcc", "cc", "clang")
    # the driver uses getline, which is POSIX
    subprocess.run([compiler, "-std=gnu11", "-O1", "-c", "-I", scratch(), "-o", scratch() / "flat.o", HERE / "flat.c"], check=True)
    subprocess.run([compiler, *C_FLAGS, "-o", target, scratch() / "flat.o", *sorted(folder("c").glob("*.c")), "-lm"], check=True, cwd=scratch())
    return Program((str(target),), wire="flat", timeout=60)


@cache
def c_library() -> Path:
    """The C files as one shared library."""
    target = scratch() / "generated.so"
    subprocess.run([tool("gcc", "cc", "clang"), *C_FLAGS, "-shared", "-fPIC", "-o", target, *sorted(folder("c").glob("*.c")), "-lm"], check=True)
    return target


def _c_table() -> str:
    lines = [declarations(r) for r in RULES]
    for r in RULES:
        name, count = module_name(r), len(r.state)
        states = "".join(f", s[{j}]" for j in range(count))
        hyper = "".join(f", {'(int64_t)' if h.symbol.kind is Kind.INTEGER else ''}h[{j}]" for j, h in enumerate(r.hyper))
        used = {str(s.name) for state in r.state for s in state.initial.symbols()}
        first = "".join(f", h[{j}]" for j, h in enumerate(r.hyper) if h.name in used)
        for dtype, number in (("64", "double"), ("32", "float")):
            full = f"float{dtype}"
            lines.append(f"static void init{dtype}_{name}(size_t n, const {number} *x, {number} **s, const double *h) {{ (void)s; (void)h; ")
            lines.append(f"    {name}_init_{full}(0, n, x{states}{first}); }}")
            lines.append(f"static void step{dtype}_{name}(size_t n, {number} *x, const {number} *g, {number} **s, int64_t t, const double *h) {{ (void)s;")
            lines.append(f"    {name}_scalars_{full} k = {name}_form_{full}(t{hyper});")
            lines.append(f"    {name}_step_{full}(n / 3, n, x, g{states}, &k); {name}_step_{full}(0, n / 3, x, g{states}, &k); }}")
    lines.append("static const Rule TABLE[] = {")
    for r in RULES:
        hyper = ", ".join(f'"{h.name}"' for h in r.hyper)
        states = ", ".join(f'"{s}"' for s in r.state_names) or "0"
        defaults = ", ".join(h.default for h in r.hyper)
        functions = ", ".join(f"{f}_{module_name(r)}" for f in ("init64", "init32", "step64", "step32"))
        lines.append(f'    {{"{r.name}", {len(r.hyper)}, {len(r.state)}, {{{hyper}}}, {{{states}}}, {{{defaults}}}, {functions}}},')
    return "\n".join([*lines, "};", ""])


def modules() -> list[str]:
    """The name of every generated module."""
    return [module_name(c) for c in concepts()]


def is_rule(name: str) -> bool:
    """Whether a name is a rule's."""
    return any(isinstance(c, Rule) and c.name == name for c in concepts())

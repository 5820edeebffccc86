"""The C engine: the generated C of a rule, compiled on first use, behind one interface for all rules.

Before it is used its bits are compared with those of the NumPy engine: a compiler that changes them is not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from refopt.optim.arrays import Array, Parameter
from refopt.optim.compiler import NotCompiled, library
from refopt.optim.numpy_engine import Further, NumpyEngine
from refopt.optim.plans import Plan, module_name, names_of_inputs, numbers_moved, one_value, plan
from refopt.optim.threads import cuts, share, together

FORMATS = {"float32": "float", "float64": "double"}
"""The formats that there is C for, and their types in C."""

STRUCTURE = "typedef struct {{ size_t size; void *theta; const void *g;{given} void *state[{states}];{kept} }} refopt_tensor;"
GIVEN = " const void *given[{count}];"
"""The further inputs of an update."""
KEPT = "kept_{}"
"""Name in it of a state of one value."""
PROTOTYPE = "void refopt_step_{format}(const refopt_tensor *tensors, size_t count, size_t begin, size_t end, int64_t t, const double *hyper)"


OTHER_BITS = re.compile(r"\b(cbrt|cos|exp|log|pow|sin|tanh)f\(")
"""Functions of C's library in the code of a float's elements: only + - * / and the square root are rounded alike everywhere."""


class CEngine:
    """Runs the compiled code of a rule on parameters in float32 and float64. Raises NotCompiled."""

    name = "c"

    def __init__(self, code: Plan, parameters: Sequence[Parameter], threads: int) -> None:
        self.threads = threads
        ffi, library_ = compiled(code.RULE)
        self.groups = []
        for name in FORMATS:
            chosen = [i for i, p in enumerate(parameters) if p.theta.dtype.name == name]
            if chosen:
                self.groups.append(_Group(ffi, getattr(library_, f"refopt_step_{name}"), code, parameters, chosen))

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], further: Further = ()) -> None:
        """Update number t of every parameter that has a gradient. `further`: what it is given beside that, one row an input."""
        for group in self.groups:
            group.step(t, hyper, gradients, self.threads, further)


class _Group:
    """The parameters of one format, in one table that C reads."""

    def __init__(self, ffi: Any, function: Any, code: Plan, parameters: Sequence[Parameter], chosen: Sequence[int]) -> None:
        self.ffi, self.function, self.code, self.chosen = ffi, function, code, chosen
        self.tensors = ffi.new("refopt_tensor[]", len(chosen))
        self.hyper = ffi.new("double[]", max(1, len(code.HYPER)))
        self.of_one_value = [parameters[i] for i in chosen] if one_value(code) else []
        self.sizes = [parameters[i].theta.size for i in chosen]
        self.moved = numbers_moved(code) * parameters[chosen[0]].theta.itemsize
        self.kept: list[Any] = []
        for tensor, i in zip(self.tensors, chosen, strict=True):
            p = parameters[i]
            tensor.theta = self._address(p.theta)
            for j, name in enumerate(code.STATE):
                tensor.state[j] = self._address(p.state[name])

    def _address(self, x: Array) -> Any:
        held = self.ffi.from_buffer(x)
        self.kept.append(held)
        return held

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None], threads: int, further: Further = ()) -> None:
        for i, value in enumerate(hyper.values()):
            self.hyper[i] = value
        if self.of_one_value:
            self._hand_in(t, hyper, gradients)
        self._run(t, gradients, threads, further)

    def _hand_in(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None]) -> None:
        """The states of one value into the table. They are moved here: the threads that share an update in C only read them."""
        for tensor, p, i in zip(self.tensors, self.of_one_value, self.chosen, strict=True):
            if gradients[i] is not None:
                for j, x in enumerate(p.kept.values()):
                    setattr(tensor, KEPT.format(j), x)
                after = self.code.scalars(t, float, *p.kept.values(), *hyper.values())[-1]
                p.kept = dict(zip(p.kept, after, strict=True))

    def _run(self, t: int, gradients: Sequence[Array | None], threads: int, further: Further) -> None:
        hyper, held, total = self.hyper, [], 0
        for tensor, i, size in zip(self.tensors, self.chosen, self.sizes, strict=True):
            g = gradients[i]
            if g is None:
                tensor.size = 0
                continue
            address = self.ffi.from_buffer(g)
            held.append(address)
            tensor.size, tensor.g = size, address
            for j, row in enumerate(further):
                held.append(self.ffi.from_buffer(row[i]))
                tensor.given[j] = held[-1]
            total += size
        workers = share(self.moved * total, threads)
        count = len(self.chosen)
        if workers == 1:
            self.function(self.tensors, count, 0, total, t, hyper)
            return
        together([partial(self.function, self.tensors, count, a, b, t, hyper) for a, b in cuts(total, workers)])


def compiled(rule: str) -> tuple[Any, Any]:
    """cffi's handle and the library of a rule, its bits compared. Raises NotCompiled; what failed is not tried again."""
    found = _once(rule)
    if isinstance(found, NotCompiled):
        raise NotCompiled(str(found))
    return found


@cache
def _once(rule: str) -> tuple[Any, Any] | NotCompiled:
    try:
        return _compiled(rule)
    except NotCompiled as error:
        return error


def _compiled(rule: str) -> tuple[Any, Any]:
    try:
        import cffi
    except ImportError:
        raise NotCompiled("cffi is not installed: pip install cffi") from None
    code = plan(rule)
    text = source(code)
    if others := sorted(set(OTHER_BITS.findall(text))):
        raise NotCompiled(f"C's library and NumPy round {' and '.join(others)} differently, and {rule} has it in every element")
    path = library(text)
    ffi = cffi.FFI()
    ffi.cdef("\n".join([_structure(code), *(f"{PROTOTYPE.format(format=name)};" for name in FORMATS)]))
    try:
        opened = ffi.dlopen(str(path))
        functions = [getattr(opened, f"refopt_step_{name}") for name in FORMATS]
    except (OSError, AttributeError) as error:
        said = str(error).replace(f"{path}", path.name).split("  ")[0]
        raise NotCompiled(f"the compiled library cannot be loaded: {said[:200]}") from None
    for name, function in zip(FORMATS, functions, strict=True):
        _refuse_other_bits(ffi, function, code, name, path)
    return ffi, opened


def source(code: Plan) -> str:
    """The generated C of a rule, and the functions that the engine calls."""
    name = module_name(code.RULE)
    generated = files("refopt.generated") / "c" / f"{name}.c"
    hyper = "".join(f", {'(int64_t)' if h in code.INTEGERS else ''}hyper[{i}]" for i, h in enumerate(code.HYPER))
    kept = _kept(code)
    parts = [generated.read_text(encoding="utf-8"), "// What the engine calls: elements begin to end - 1 of all tensors together.", _structure(code)]
    for number, c_type in FORMATS.items():
        states = "".join(f", (const {c_type} *)x.given[{i}]" for i in range(len(names_of_inputs(code))))
        states += "".join(f", ({c_type} *)x.state[{i}]" for i in range(len(code.STATE)))
        form = f"const {name}_scalars_{number} scalars = {name}_form_{number}(t{''.join(f', &{x}' for x in kept)}{hyper});"
        head = PROTOTYPE.format(format=number)
        parts += [
            f"{head};",
            head,
            "{",
            *([] if kept else [f"    {form}"]),
            "    size_t before = 0;",
            "    for (size_t i = 0; i < count && before < end; i++) {",
            "        const refopt_tensor x = tensors[i];",
            *([*(f"        {c} {x} = x.{x};" for x, c in kept.items()), f"        {form}"] if kept else []),
            "        const size_t first = begin > before ? begin - before : 0, last = end - before < x.size ? end - before : x.size;",
            f"        if (first < last) {name}_step_{number}(first, last, ({c_type} *)x.theta, (const {c_type} *)x.g{states}, &scalars);",
            "        before += x.size;",
            "    }",
            "}",
        ]
    return "\n".join([*parts, ""])


def _structure(code: Plan) -> str:
    given = GIVEN.format(count=len(names_of_inputs(code))) if names_of_inputs(code) else ""
    return STRUCTURE.format(given=given, states=max(1, len(code.STATE)), kept="".join(f" {c} {x};" for x, c in _kept(code).items()))


def _kept(code: Plan) -> dict[str, str]:
    """The states of one value in the structure, and their types in C."""
    return {KEPT.format(i): "int64_t" if isinstance(start, int) else "double" for i, start in enumerate(one_value(code).values())}


def _refuse_other_bits(ffi: Any, function: Any, code: Plan, number: str, path: Path) -> None:
    """Compare three updates of common and extreme values with the NumPy engine's. Raises NotCompiled."""
    ours, theirs = _trial(code, number), _trial(code, number)
    g, further = _values(number, 3), [[_values(number, 5 + i)] for i in range(len(names_of_inputs(code)))]
    engine, group = NumpyEngine(code, [ours], 1), _Group(ffi, function, code, [theirs], [0])
    for t in (1, 2, 1000):
        engine.step(t, code.HYPER, [g], further)
        group.step(t, code.HYPER, [g], 1, further)
    for x, y in zip((ours.theta, *ours.state.values()), (theirs.theta, *theirs.state.values()), strict=True):
        if not np.array_equal(x, y, equal_nan=True) or not np.array_equal(np.signbit(x[~np.isnan(x)]), np.signbit(y[~np.isnan(y)])):
            path.unlink(missing_ok=True)
            raise NotCompiled(f"the compiler changes the bits of {code.RULE} in {number}")


def _trial(code: Plan, number: str) -> Parameter:
    theta = _values(number, 1)
    state = {name: np.empty_like(theta) for name in code.STATE}
    code.init(theta, *state.values(), *(code.HYPER[h] for h in code.INITIAL))
    return Parameter(0, theta, theta, state, dict(one_value(code)))


def _values(number: str, seed: int) -> Array:
    """Blocks of numbers of many sizes; at the end zeros, infinities and NaN, which C meets on another way."""
    x = np.arange(1, 1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15 * seed % 2**64)
    spread = (x >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1
    info = np.finfo(number)
    odd = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, float(info.smallest_subnormal), -float(info.tiny), float(info.max), 1.0, -1.0])
    with np.errstate(all="ignore"):
        return np.concatenate([spread * 2.0 ** (x % np.uint64(40)).astype(np.float64) / 2**20, np.roll(odd, 3 * seed)]).astype(number)

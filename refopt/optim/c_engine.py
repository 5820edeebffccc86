"""The C engine: the generated C of a rule, compiled on first use, behind one interface for all rules.

Before it is used its bits are compared with those of the NumPy engine: a compiler that changes them is not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from refopt.optim.arrays import Array, Parameter
from refopt.optim.compiler import NotCompiled, library
from refopt.optim.numpy_engine import NumpyEngine
from refopt.optim.plans import Plan, module_name, numbers_moved, plan
from refopt.optim.threads import cuts, share, together

FORMATS = {"float32": "float", "float64": "double"}
"""The formats that there is C for, and their types in C."""

STRUCTURE = "typedef struct {{ size_t size; void *theta; const void *g; void *state[{states}]; }} refopt_tensor;"
PROTOTYPE = "void refopt_step_{format}(const refopt_tensor *tensors, size_t count, size_t begin, size_t end, int64_t t, const double *hyper)"


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
        self.hyper = ffi.new("double[]", max(1, len(code.HYPER)))

    def step(self, t: int, hyper: Mapping[str, float], gradients: Sequence[Array | None]) -> None:
        """Update number t of every parameter that has a gradient."""
        for i, value in enumerate(hyper.values()):
            self.hyper[i] = value
        for group in self.groups:
            group.step(t, self.hyper, gradients, self.threads)


class _Group:
    """The parameters of one format, in one table that C reads."""

    def __init__(self, ffi: Any, function: Any, code: Plan, parameters: Sequence[Parameter], chosen: Sequence[int]) -> None:
        self.ffi, self.function, self.chosen = ffi, function, chosen
        self.tensors = ffi.new("refopt_tensor[]", len(chosen))
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

    def step(self, t: int, hyper: Any, gradients: Sequence[Array | None], threads: int) -> None:
        held, total = [], 0
        for tensor, i, size in zip(self.tensors, self.chosen, self.sizes, strict=True):
            g = gradients[i]
            if g is None:
                tensor.size = 0
                continue
            address = self.ffi.from_buffer(g)
            held.append(address)
            tensor.size, tensor.g = size, address
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
    path = library(source(code))
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
    parts = [generated.read_text(encoding="utf-8"), "// What the engine calls: elements begin to end - 1 of all tensors together.", _structure(code)]
    for number, c_type in FORMATS.items():
        states = "".join(f", ({c_type} *)x.state[{i}]" for i in range(len(code.STATE)))
        head = PROTOTYPE.format(format=number)
        parts.append(f"""\
{head};
{head}
{{
    const {name}_scalars_{number} scalars = {name}_form_{number}(t{hyper});
    size_t before = 0;
    for (size_t i = 0; i < count && before < end; i++) {{
        const refopt_tensor x = tensors[i];
        const size_t first = begin > before ? begin - before : 0, last = end - before < x.size ? end - before : x.size;
        if (first < last) {name}_step_{number}(first, last, ({c_type} *)x.theta, (const {c_type} *)x.g{states}, &scalars);
        before += x.size;
    }}
}}""")
    return "\n".join([*parts, ""])


def _structure(code: Plan) -> str:
    return STRUCTURE.format(states=max(1, len(code.STATE)))


def _refuse_other_bits(ffi: Any, function: Any, code: Plan, number: str, path: Path) -> None:
    """Compare three updates of common and extreme values with the NumPy engine's. Raises NotCompiled."""
    ours, theirs = _trial(code, number), _trial(code, number)
    g = _values(number, 3)
    engine, group = NumpyEngine(code, [ours], 1), _Group(ffi, function, code, [theirs], [0])
    hyper = ffi.new("double[]", [float(x) for x in code.HYPER.values()])
    for t in (1, 2, 1000):
        engine.step(t, code.HYPER, [g])
        group.step(t, hyper, [g], 1)
    for x, y in zip((ours.theta, *ours.state.values()), (theirs.theta, *theirs.state.values()), strict=True):
        if not np.array_equal(x, y, equal_nan=True) or not np.array_equal(np.signbit(x[~np.isnan(x)]), np.signbit(y[~np.isnan(y)])):
            path.unlink(missing_ok=True)
            raise NotCompiled(f"the compiler changes the bits of {code.RULE} in {number}")


def _trial(code: Plan, number: str) -> Parameter:
    theta = _values(number, 1)
    state = {name: np.empty_like(theta) for name in code.STATE}
    code.init(theta, *state.values(), *(code.HYPER[h] for h in code.INITIAL))
    return Parameter(0, theta, theta, state)


def _values(number: str, seed: int) -> Array:
    """Blocks of numbers of many sizes; at the end zeros, infinities and NaN, which C meets on another way."""
    x = np.arange(1, 1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15 * seed % 2**64)
    spread = (x >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1
    info = np.finfo(number)
    odd = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, float(info.smallest_subnormal), -float(info.tiny), float(info.max), 1.0, -1.0])
    with np.errstate(all="ignore"):
        return np.concatenate([spread * 2.0 ** (x % np.uint64(40)).astype(np.float64) / 2**20, np.roll(odd, 3 * seed)]).astype(number)

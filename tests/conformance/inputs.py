"""Cases of shapes, times and values that tests make for themselves: no values are expected of them, so they are judged step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from refopt.golden.model import Case, Parameter
from refopt.language.rule import Rule

Shape = tuple[int, ...]
SHAPES: tuple[tuple[Shape, ...], ...] = (
    ((1,), (2,), (3,), (4,)), ((64,), (8, 8), (5, 5), (3, 4)), ((2, 3, 4), (2, 2, 3, 2)), ((4096,), (65536,), (131072,)),
    ((67,), (3, 5), ()), ((6,), (6,), (3, 5), (3, 5)), ((70001,),),
)  # fmt: skip
"""Shapes of the tensors of one run each."""
FORMATS = ("float64", "float32")


def tile(shape: Shape) -> int:
    """How many elements of a tensor are different ones."""
    size = int(np.prod(shape, dtype=int))
    return min(size, 11 if any(n % 7 == 1 for n in shape) else 7)


def case(
    rule: Rule, name: str, shapes: Sequence[Shape], steps: int, *, hyper: Mapping[str, str] | None = None, t0: int = 1, size: float = 1.0, seed: int = 1
) -> Case:
    """A run of some tensors; it starts from a state where it starts late."""
    rng = np.random.default_rng(seed)
    parameters = []
    for shape in shapes:
        n = tile(shape)
        state = {s.name: _numbers(rng, n, positive=s.symbol.sign == "nonnegative") for s in rule.state} if t0 > 1 else None
        parameters.append(Parameter(shape, n, _numbers(rng, n, size), state))
    rows = [tuple(_numbers(rng, tile(s)) for s in shapes) for _ in range(min(steps, 7))]
    grads = tuple(rows[i % len(rows)] for i in range(steps))
    values = {h.name: h.default for h in rule.hyper} | dict(hyper or {})
    return Case(f"{rule.name}-{name}", name, "open_loop", "must", (), FORMATS, values, params=tuple(parameters), t0=t0, grads=grads)


def _numbers(rng: np.random.Generator, n: int, size: float = 1.0, *, positive: bool = False) -> tuple[str, ...]:
    x = size * np.round(rng.uniform(0.25, 2, n) * 256) / 256
    return tuple(repr(float(v)) for v in (x if positive else x * rng.choice([-1, 1], n)))


def of_shapes(rule: Rule) -> list[Case]:
    """Runs of every shape."""
    return [case(rule, f"shapes-{i}", shapes, 3, seed=i) for i, shapes in enumerate(SHAPES)]


def of_times(rule: Rule, steps: int = 330) -> list[Case]:
    """A long run, and some that start late."""
    late = [case(rule, f"late-{t}", ((5,),), 3, t0=t, seed=t % 97) for t in (250, 2500, 4096, 65536, 2**24, 2**31 - 1)]
    return [case(rule, "long", ((3,),), steps), *late]


def of_values(rule: Rule) -> list[Case]:
    """Every hyperparameter at 0 once where it may be, a rate of 4, parameters of all sizes."""
    zero = [case(rule, f"zero-{h.name}", ((7,),), 4, hyper={h.name: "0"}, seed=3) for h in rule.hyper if _may_be_zero(h)]
    far = [case(rule, f"far-{size}", ((7,),), 3, size=size, hyper={"lr": "0.5"} if rule.hyper_names else {}, seed=5) for size in (10.0, 100.0, 1e4)]
    return [*zero, *far, case(rule, "fast", ((7,),), 4, hyper={"lr": "4"}, seed=7), case(rule, "slow", ((7,),), 4, hyper={"lr": "0.25"}, seed=8)]


def _may_be_zero(h: object) -> bool:
    try:
        h.value("0")  # type: ignore[attr-defined]
    except Exception:
        return False
    return True


def every(rule: Rule) -> list[Case]:
    """All of them."""
    return [*of_shapes(rule), *of_times(rule), *of_values(rule)]

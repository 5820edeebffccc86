"""Golden cases as named arrays: `case/hyper/lr`, `case/0/theta0`, `case/0/grads`, `case/0/theta`, `case/0/bound/float32/theta`.

Numbers of a tensor stand element by element, as they are sent (a tile is repeated); 0, 1 ... is the tensor's place. `t0` is the
number of the first update, `keep` are the updates whose values stand in `theta`, `m` and so on; `present` says whether a tensor has
a gradient in an update (its row is zero where it has none). A schedule has `steps`, `rates` and `bound/float64/rates`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from refopt.errors import unknown_name
from refopt.golden.model import Case, CaseKind, Parameter, Result
from refopt.golden.store import cases, packed_root, paths

KINDS = (CaseKind.OPEN_LOOP, CaseKind.RESUME, CaseKind.SCHEDULE)
"""The kinds whose inputs are all numbers. The others need a program: closed loops an objective, defaults and rejections a judge."""

OTHERS = {CaseKind.CLOSED_LOOP: "closed loops", CaseKind.DEFAULTS: "runs with defaults", CaseKind.REJECT: "rejections"}
"""Words for each of the other kinds. An edge case has more than one right answer."""


ELEMENTS = 100_000
"""A case of more elements than this repeats the numbers of another one, at a size that few formats carry."""


@dataclass(frozen=True)
class Named:
    """An array: its values in the order of rows."""

    name: str
    shape: tuple[int, ...]
    values: tuple[float, ...]


def exported(names: Sequence[str], base: Path | None) -> tuple[int, list[Named]]:
    """Number of cases, and their arrays. Raises UnknownName."""
    chosen = [c for c in _of(names, base) if _is_numbers(c)]
    return len(chosen), [array for case in chosen for array in arrays(case)]


def left_out(names: Sequence[str], base: Path | None) -> dict[str, int]:
    """Number of cases of these names that are not exported, by what they are."""
    return dict(Counter(_other(c) for c in _of(names, base) if not _is_numbers(c)))


def _other(case: Case) -> str:
    return "large cases" if _is_large(case) else "edge cases" if case.kind in KINDS else OTHERS[case.kind]


def _is_numbers(case: Case) -> bool:
    return case.kind in KINDS and case.result == Result.MUST and not _is_large(case)


def _is_large(case: Case) -> bool:
    return sum(math.prod(p.shape) for p in case.params) > ELEMENTS


def _of(names: Sequence[str], base: Path | None) -> list[Case]:
    root = base or packed_root()
    known = sorted({p.parent.relative_to(root).as_posix() for p in paths(root)})
    for name in names:
        if name not in known:
            raise unknown_name("golden file of", name, known, listing="refopt list cases")
    return [c for name in known if not names or name in names for c in cases(name, root)]


def arrays(case: Case) -> Iterator[Named]:
    """The arrays of one case."""
    for name, value in case.hyper.items():
        yield Named(f"{case.id}/hyper/{name}", (), (float(value),))
    if case.kind == CaseKind.SCHEDULE:
        yield _row(f"{case.id}/steps", [float(k) for k in case.steps])
        yield _row(f"{case.id}/rates", [float(x) for x in case.rates])
        yield _row(f"{case.id}/bound/float64/rates", [_widened(b, x) for b, x in zip(case.rate_bound, case.rates, strict=True)])
        return
    yield Named(f"{case.id}/t0", (), (float(case.t0),))
    yield _row(f"{case.id}/keep", [float(t) for t in case.keep])
    if case.lr is not None:
        yield _row(f"{case.id}/lr", [float(x) for x in case.lr])
    for i, p in enumerate(case.params):
        yield from _parameter(case, i, p)


def _parameter(case: Case, i: int, p: Parameter) -> Iterator[Named]:
    start = f"{case.id}/{i}"
    yield Named(f"{start}/theta0", p.shape, _elements(p, [float(x) for x in p.theta0]))
    for name, values in (p.state0 or {}).items():
        yield Named(f"{start}/{name}0", p.shape, _elements(p, [float(x) for x in values]))
    rows = [g[i] for g in case.grads]
    yield _row(f"{start}/present", [float(g is not None) for g in rows])
    yield _rows(f"{start}/grads", p, [[float(x) for x in g] if g is not None else [0.0] * p.tile for g in rows])
    expected = [e.params[i] for e in case.expect]
    for name in ("theta", *expected[0].state):
        exact = [e.theta if name == "theta" else e.state[name] for e in expected]
        yield _rows(f"{start}/{name}", p, [[float(Fraction(x)) for x in row] for row in exact])
        for dtype in expected[0].bound:
            bounds = [e.bound[dtype][name] for e in expected]
            widened = [[_widened(b, x) for b, x in zip(bs, row, strict=True)] for bs, row in zip(bounds, exact, strict=True)]
            yield _rows(f"{start}/bound/{dtype}/{name}", p, widened)


def _row(name: str, values: Sequence[float]) -> Named:
    return Named(name, (len(values),), tuple(values))


def _rows(name: str, p: Parameter, rows: Sequence[Sequence[float]]) -> Named:
    return Named(name, (len(rows), *p.shape), tuple(x for row in rows for x in _elements(p, row)))


def _elements(p: Parameter, distinct: Sequence[float]) -> tuple[float, ...]:
    return tuple(distinct[i % p.tile] for i in range(math.prod(p.shape)))


def _widened(bound: str, exact: str) -> float:
    """The bound around the exact value's nearest binary64 number, rounded up."""
    if bound == "inf":
        return math.inf
    value = Fraction(exact)
    needed = Fraction(bound) + abs(value - Fraction(float(value)))
    found = float(needed)
    return found if Fraction(found) >= needed else math.nextafter(found, math.inf)

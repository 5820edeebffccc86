"""Golden cases as named arrays: `case/hyper/lr`, `case/0/theta0`, `case/0/grads`, `case/0/theta`, `case/0/bound/float32/theta`.

0, 1 ... is the tensor's place, `case/0/shape` its shape. Elements that repeat stand once: element j of a tensor, in the order of rows, is
number j mod n of a row of n numbers; `whole` repeats them. `t0` is the number of the first update, `updates` how many there are, `keep` those
whose values stand in `theta`, `m` and so on; `courses/NAME` has the values of a hyperparameter, update by update, where it changes.
`0/inputs/NAME` has the further inputs. Rows of `grads` and `present` that repeat stand once too: update t0 + k has row k mod their number.
`present` says whether a tensor has a gradient in an update (its row is zero where it has none). A schedule has `steps`, `rates` and
`bound/float64/rates`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
"""A case of more elements than this is left out where they are written one by one: it repeats the numbers of another one."""


@dataclass(frozen=True)
class Named:
    """An array: its values in the order of rows."""

    name: str
    shape: tuple[int, ...]
    values: tuple[float, ...]


def exported(names: Sequence[str], base: Path | None, *, whole: bool = False) -> tuple[int, list[Named]]:
    """Number of cases, and their arrays. Raises UnknownName.

    whole  write every element and every row, also those that repeat
    """
    chosen = [c for c in _of(names, base) if _is_numbers(c, whole)]
    return len(chosen), [array for case in chosen for array in arrays(case, whole=whole)]


def left_out(names: Sequence[str], base: Path | None, *, whole: bool = False) -> dict[str, int]:
    """Number of cases of these names that are not exported, by what they are."""
    return dict(Counter(_other(c) for c in _of(names, base) if not _is_numbers(c, whole)))


def _other(case: Case) -> str:
    if case.kind not in KINDS:
        return OTHERS[case.kind]
    return "edge cases" if case.result != Result.MUST else "large cases"


def _is_numbers(case: Case, whole: bool) -> bool:
    return case.kind in KINDS and case.result == Result.MUST and not (whole and _is_large(case))


def _is_large(case: Case) -> bool:
    return sum(math.prod(p.shape) for p in case.params) > ELEMENTS


def _of(names: Sequence[str], base: Path | None) -> list[Case]:
    root = base or packed_root()
    known = sorted({p.parent.relative_to(root).as_posix() for p in paths(root)})
    for name in names:
        if name not in known:
            raise unknown_name("golden file of", name, known, listing="refopt list cases")
    return [c for name in known if not names or name in names for c in cases(name, root)]


def arrays(case: Case, *, whole: bool = False) -> Iterator[Named]:
    """The arrays of one case."""
    for name, value in case.hyper.items():
        yield Named(f"{case.id}/hyper/{name}", (), (float(value),))
    if case.kind == CaseKind.SCHEDULE:
        yield _row(f"{case.id}/steps", [float(k) for k in case.steps])
        yield _row(f"{case.id}/rates", [float(x) for x in case.rates])
        yield _row(f"{case.id}/bound/float64/rates", [_widened(b, x) for b, x in zip(case.rate_bound, case.rates, strict=True)])
        return
    yield Named(f"{case.id}/t0", (), (float(case.t0),))
    yield Named(f"{case.id}/updates", (), (float(len(case.grads)),))
    yield _row(f"{case.id}/keep", [float(t) for t in case.keep])
    if case.lr is not None:
        yield _row(f"{case.id}/lr", [float(x) for x in case.lr])
    for name, values in case.courses.items():
        yield _row(f"{case.id}/courses/{name}", [float(x) for x in values])
    for i, p in enumerate(case.params):
        yield from _parameter(case, i, replace(p, tile=max(1, math.prod(p.shape))) if whole else p, whole)


def _parameter(case: Case, i: int, p: Parameter, whole: bool) -> Iterator[Named]:
    """The arrays of one tensor; `p` has as many distinct elements as are to be written of a row."""
    start, distinct = f"{case.id}/{i}", case.params[i].tile
    size = math.prod(p.shape)
    extents = p.shape if p.tile >= size else (p.tile,)

    def rows(name: str, found: Sequence[Sequence[float]]) -> Named:
        picked = [row[j % distinct] for row in found for j in range(min(p.tile, size))]
        return Named(f"{start}/{name}", (len(found), *extents), tuple(picked))

    def row(name: str, found: Sequence[float]) -> Named:
        return Named(f"{start}/{name}", extents, rows(name, [found]).values)

    yield _row(f"{start}/shape", [float(n) for n in p.shape])
    yield row("theta0", [float(x) for x in p.theta0])
    for name, values in (p.state0 or {}).items():
        yield row(f"{name}0", [float(x) for x in values])
    grads = [g[i] for g in case.grads[: None if whole else case.period]]
    yield _row(f"{start}/present", [float(g is not None) for g in grads])
    yield rows("grads", [[float(x) for x in g] if g is not None else [0.0] * distinct for g in grads])
    for name, given in case.inputs.items():
        beside = [row[i] for row in given[: None if whole else case.period]]
        yield rows(f"inputs/{name}", [[float(x) for x in b] if b is not None else [0.0] * distinct for b in beside])
    expected = [e.params[i] for e in case.expect]
    for name in ("theta", *expected[0].state):
        exact = [e.theta if name == "theta" else e.state[name] for e in expected]
        yield rows(name, [[float(Fraction(x)) for x in values] for values in exact])
        for dtype in expected[0].bound:
            bounds = [e.bound[dtype][name] for e in expected]
            widened = [[_widened(b, x) for b, x in zip(bs, values, strict=True)] for bs, values in zip(bounds, exact, strict=True)]
            yield rows(f"bound/{dtype}/{name}", widened)


def _row(name: str, values: Sequence[float]) -> Named:
    return Named(name, (len(values),), tuple(values))


def _widened(bound: str, exact: str) -> float:
    """The bound around the exact value's nearest binary64 number, rounded up."""
    if bound == "inf":
        return math.inf
    value = Fraction(exact)
    needed = Fraction(bound) + abs(value - Fraction(float(value)))
    found = float(needed)
    return found if Fraction(found) >= needed else math.nextafter(found, math.inf)

"""The brief forms of a golden file: a case that is like another one, with tensors of other shapes; gradients that repeat.

A file holds only what is new in such a case. It is written out when it is read, and made brief again when it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

from refopt.errors import RefoptError
from refopt.golden.model import Case, Expected, ExpectedParameter, Parameter, Result, Row, Shape

LIKE = ("id", "comment", "probes", "like", "shapes", "keep")
"""All that a file holds of a case that is like another one."""
BY_BUILD = "files are written by refopt golden build only"


def like(base: Case, id: str, comment: str, probes: Row, shapes: Sequence[Shape], keep: tuple[int, ...]) -> Case:
    """The case with the elements of `base` in tensors of these shapes. Raises RefoptError where that cannot be."""
    if len(base.params) != 1 or base.like is not None or base.result != Result.MUST or base.period is not None:
        raise RefoptError(f"{id}: {base.id} has not one tensor with numbers of its own", help=BY_BUILD)
    if not shapes or not keep or not set(keep) <= set(base.keep):
        raise RefoptError(f"{id}: it needs tensors, and updates that {base.id} keeps", help=BY_BUILD)
    n = base.params[0].tile
    if any(not 1 <= s.tile <= n or not 0 <= s.first < n or prod(s.shape) < 1 for s in shapes):
        raise RefoptError(f"{id}: {base.id} has {n} distinct elements", help=BY_BUILD)
    picks = [[(s.first + i) % n for i in range(s.tile)] for s in shapes]
    (parameter,) = base.params
    updates = keep[-1] - base.t0 + 1
    return replace(
        base, id=id, comment=comment, probes=probes, like=base.id, shapes=tuple(shapes), keep=keep,
        lr=None if base.lr is None else base.lr[:updates],
        courses={n: row[:updates] for n, row in base.courses.items()},
        params=tuple(
            Parameter(s.shape, s.tile, _of(parameter.theta0, pick), None if parameter.state0 is None else _each(parameter.state0, pick))
            for s, pick in zip(shapes, picks, strict=True)
        ),
        grads=_rows(base.grads[:updates], picks),
        inputs={n: _rows(rows[:updates], picks) for n, rows in base.inputs.items()},
        expect=tuple(Expected(e.t, tuple(_expected(e.params[0], pick) for pick in picks)) for e in base.expect if e.t in keep),
    )  # fmt: skip


def _rows(rows: Sequence[Sequence[Row | None]], picks: Sequence[Sequence[int]]) -> tuple[tuple[Row | None, ...], ...]:
    return tuple(tuple(None if row[0] is None else _of(row[0], pick) for pick in picks) for row in rows)


def _expected(e: ExpectedParameter, pick: Sequence[int]) -> ExpectedParameter:
    return ExpectedParameter(_of(e.theta, pick), _each(e.state, pick), {d: _each(b, pick) for d, b in e.bound.items()})


def _each(rows: Mapping[str, Row], pick: Sequence[int]) -> dict[str, Row]:
    return {name: _of(row, pick) for name, row in rows.items()}


def _of(row: Row, pick: Sequence[int]) -> Row:
    return tuple(row[i] for i in pick)


def made_brief(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case's JSON as it stands in a file."""
    if "like" in case:
        return {key: case[key] for key in LIKE}
    if "period" in case:
        brief = {**case, "grads": case["grads"][: case["period"]]}
        return brief if "inputs" not in case else {**brief, "inputs": {n: rows[: case["period"]] for n, rows in case["inputs"].items()}}
    return dict(case)


def repeated(case: Case, name: str) -> Case:
    """The case with gradients for each of its updates. Raises RefoptError where they do not repeat as it says."""
    if case.period is None and case.updates is None:
        return case
    if case.period is None or case.updates is None or len(case.grads) != case.period or not 0 < case.period < case.updates:
        raise RefoptError(f"{name} {case.id}: `grads` needs `period` rows, and `updates` more than that", help=BY_BUILD)
    picked = [i % case.period for i in range(case.updates)]
    inputs = {n: tuple(rows[i] for i in picked) for n, rows in case.inputs.items()}
    return replace(case, grads=tuple(case.grads[i] for i in picked), inputs=inputs)


def split(cases: Any) -> tuple[Any, list[tuple[int, Mapping[str, Any]]]]:
    """The JSON of the cases that are written out, and by place that of those that are like another one."""
    if not isinstance(cases, list):
        return cases, []
    briefs: list[tuple[int, Mapping[str, Any]]] = [(i, c) for i, c in enumerate(cases) if isinstance(c, dict) and "like" in c]
    return [c for c in cases if not (isinstance(c, dict) and "like" in c)], briefs


def refuse_other_keys(case: Mapping[str, Any], name: str) -> None:
    """Raise RefoptError unless a brief case has its keys, and no other."""
    for key in case:
        if key not in LIKE:
            raise RefoptError(f"{name} {case.get('id')}: a case that is like another one has no key {key!r} of its own", help=BY_BUILD)
    for key in LIKE:
        if key not in case:
            raise RefoptError(f"{name} {case.get('id')}: the key {key!r} is missing", help=BY_BUILD)

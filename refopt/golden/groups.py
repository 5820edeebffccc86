"""The golden files of a rule, and the cases that each holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from refopt.golden.counts import absent, every_update, resumed
from refopt.golden.courses import courses
from refopt.golden.extremes import ends, far, zeros
from refopt.golden.inputs import defaults, edges, open_loop, rejected
from refopt.golden.model import Case
from refopt.golden.places import Likeness, likenesses, shapes
from refopt.language.rule import Rule


def _open_loop(rule: Rule) -> Iterator[Case]:
    yield from open_loop(rule)
    yield shapes(rule)
    yield from zeros(rule)
    yield from far(rule)
    yield every_update(rule)
    yield absent(rule)


GROUPS: Mapping[str, Callable[[Rule], Iterator[Case]]] = {
    "open_loop": _open_loop,
    "ends": ends,
    "courses": courses,
    "resume": resumed,
    "defaults": defaults,
    "reject": rejected,
    "edge": edges,
}
"""One golden file each, named after its group."""

LIKE: Mapping[str, Callable[[Rule], Iterator[Likeness]]] = {"open_loop": likenesses}
"""By group: the cases that are like others of it."""

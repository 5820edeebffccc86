"""Edits of a run: a tensor does not get the values of its own parameter group, but those that the constructor was given, or the first group's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeVar

from refopt.conformance.diagnose.run_change import NotOfItsGroup
from refopt.conformance.diagnose.run_edits import fed_alike
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import Observation

Row = TypeVar("Row")


@dataclass(frozen=True)
class GroupEdit:
    """Hyperparameters that are not taken from the parameter group."""

    change: NotOfItsGroup

    def of(self, observations: Sequence[Observation]) -> list[Observation]:
        """The observations, as if they had been asked to have the values that the constructor was given, from the first update to the last."""
        return [self._told(o) for o in observations]

    def _told(self, o: Observation) -> Observation:
        if o.request is None or not isinstance(o.answer, Ran):
            return o
        values = {n: x for n, x in o.answer.constructed.items() if n in self.change.names}
        names = self.change.names if self.change.kept else tuple(values)
        request = replace(o.request, hyper={**o.request.hyper, **values}, courses=_without(o.request.courses, names))
        case = replace(o.case, hyper={**o.case.hyper, **{n: repr(x) for n, x in values.items()}}, courses=_without(o.case.courses, names))
        if o.request.rate_name in names and o.request.lr is not None:
            request, case = replace(request, lr=None), replace(case, lr=None)
        return o if fed_alike(request, o.request) else replace(o, case=case, request=request)


def _without(courses: Mapping[str, Row], names: Sequence[str]) -> dict[str, Row]:
    return {n: row for n, row in courses.items() if n not in names}


def group_edits(observations: Sequence[Observation]) -> Iterator[GroupEdit]:
    """Any of the hyperparameters of which a constructor was given another value than the group; where it was not, nothing tells."""
    given = dict.fromkeys(n for o in observations if isinstance(o.answer, Ran) for n in o.answer.constructed)
    for size in range(1, len(given) + 1):
        for names in combinations(given, size):
            if any(_may_change(o, names) for o in observations):
                yield GroupEdit(NotOfItsGroup(names, kept=True))
            yield GroupEdit(NotOfItsGroup(names, kept=False))


def _may_change(o: Observation, names: Sequence[str]) -> bool:
    """True where one of the hyperparameters changes in a run: in it is seen whether the constructor's value is kept."""
    return o.request is not None and (not o.request.courses.keys().isdisjoint(names) or (o.request.lr is not None and o.request.rate_name in names))

"""The model of a golden file, format `refopt.golden/1`. All numbers in data are decimal strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from itertools import accumulate
from math import prod

FORMAT = "refopt.golden/1"
CLASSES = ("finite", "inf", "-inf", "nan")
PROBE_KINDS = (
    "BASIC", "FORMULA", "MISSING_STEP", "ORDER", "OFF_BY_ONE", "PARAMETER", "DEFAULTS", "STATE", "PRECISION", "EDGE_CASE", "KNOWN_BUG",
)  # fmt: skip

Row = tuple[str, ...]
"""Numbers of the distinct elements of one tensor."""


class CaseKind(StrEnum):
    """The kind of a golden case.

    OPEN_LOOP    given gradients
    CLOSED_LOOP  gradients of an objective at the implementation's own theta
    SCHEDULE     rates of a schedule
    DEFAULTS     given gradients, and no hyperparameter is sent
    RESUME       given gradients, from a given state
    REJECT       hyperparameters outside their domains
    """

    OPEN_LOOP = "open_loop"
    CLOSED_LOOP = "closed_loop"
    SCHEDULE = "schedule"
    DEFAULTS = "defaults"
    RESUME = "resume"
    REJECT = "reject"


class Result(StrEnum):
    """Result of a case for a correct program: it MUST come out as expected, it MAY go either way, it should REJECT the case."""

    MUST = "must"
    MAY = "may"
    REJECT = "reject"


KINDS = tuple(CaseKind)
RESULTS = tuple(Result)


class Counting(Enum):
    """The number of an update of a tensor whose gradient is absent in some: both are right.

    RUN  every update of the run counts
    OWN  only those count in which the tensor has a gradient
    """

    RUN = "run"
    OWN = "own"


@dataclass(frozen=True)
class Probe:
    """Purpose of a case, and its effect on the user whose code fails it."""

    kind: str
    description: str
    effect: str
    links: Row = ()


@dataclass(frozen=True)
class Parameter:
    """One tensor: its shape, its distinct elements before the first update, and the states if they are given.

    tile  element i of the tensor is distinct element i mod tile
    """

    shape: tuple[int, ...]
    tile: int
    theta0: Row
    state0: Mapping[str, Row] | None = None

    @property
    def repeats(self) -> tuple[int, ...]:
        """Numbers of elements that the distinct ones stand for."""
        whole, rest = divmod(prod(self.shape), max(self.tile, 1))
        return tuple(whole + (i < rest) for i in range(self.tile))


@dataclass(frozen=True)
class Shape:
    """A tensor of a case that is like another one: element i is the other's distinct element first + i mod tile, counted around its end."""

    shape: tuple[int, ...]
    tile: int
    first: int = 0


@dataclass(frozen=True)
class ExpectedParameter:
    """theta and every state of one tensor after an update, to 40 digits, and by format and variable the bound."""

    theta: Row
    state: Mapping[str, Row]
    bound: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """The values after update t."""

    t: int
    params: tuple[ExpectedParameter, ...]


@dataclass(frozen=True)
class Case:
    """A golden case. What a kind does not have is None or empty.

    lr              one rate an update in place of the hyperparameter, or None
    courses         by name: one value an update in place of any other hyperparameter
    grads           [update][tensor]: numbers, or None where the gradient is absent
    inputs          by name: what an update is given beside the gradient, [update][tensor], as `grads` are
    period          where the gradients repeat: after how many updates (a file holds only so many rows, and in `updates` the number of all)
    keep            update numbers whose values stand in `expect`
    expect_own      the same where a tensor's updates are counted by its own gradients, and that differs (see Counting)
    like, shapes    where the case is another one of the file with tensors of other shapes: that case's id, and the tensors. A file
                    holds no numbers of it but `keep`, whose last is the last update; all else is the other case's
    objective       of a closed loop: its name; `objective_hyper`, the sample numbers of each update (`samples`), `schedule`
                    and `schedule_hyper`
    steps, rates    of a schedule: step numbers, exact rates and their binary64 bounds
    hyper_expected  of a defaults case: the hyperparameters that must be in force
    outcome         of a `may` case: the class of theta after the last step, element by element of the first tensor: finite,
                    inf, -inf or nan; None where correct programs may differ; `reason` says why
    """

    id: str
    comment: str
    kind: CaseKind
    result: Result
    probes: Row
    dtypes: Row
    hyper: Mapping[str, str]
    lr: Row | None = None
    courses: Mapping[str, Row] = field(default_factory=dict)
    params: tuple[Parameter, ...] = ()
    t0: int = 1
    grads: tuple[tuple[Row | None, ...], ...] = ()
    inputs: Mapping[str, tuple[tuple[Row | None, ...], ...]] = field(default_factory=dict)
    period: int | None = None
    updates: int | None = None
    keep: tuple[int, ...] = ()
    expect: tuple[Expected, ...] = ()
    expect_own: tuple[Expected, ...] = ()
    like: str | None = None
    shapes: tuple[Shape, ...] = ()
    objective: str | None = None
    objective_hyper: Mapping[str, str] | None = None
    samples: tuple[tuple[int, ...], ...] = ()
    schedule: str | None = None
    schedule_hyper: Mapping[str, str] | None = None
    steps: tuple[int, ...] = ()
    rates: Row = ()
    rate_bound: Row = ()
    hyper_expected: Mapping[str, str] | None = None
    outcome: Row | None = None
    reason: str | None = None


@dataclass(frozen=True)
class GoldenFile:
    """A golden file: the cases of one rule or schedule, with what identifies the formula."""

    rule: str
    fingerprint: str
    latex: str
    source: str
    command: str
    probes: Mapping[str, Probe]
    cases: tuple[Case, ...]


def expected_of(case: Case, counting: Counting) -> tuple[Expected, ...]:
    """The expected values by a counting of updates."""
    return case.expect_own if counting is Counting.OWN and case.expect_own else case.expect


def followed(case: Case) -> int:
    """Number of updates of a case that are followed from its start: of a long one, those up to the last that is kept."""
    return len(case.grads) if case.period is None else max(case.keep) - case.t0 + 1


def numbers(case: Case, p: int, counting: Counting) -> tuple[int, ...]:
    """The number of each update of a tensor; of one without a gradient, that of the update before it by its own counting."""
    return numbered(case.t0, [row[p] is not None for row in case.grads], counting)


def numbered(t0: int, present: Sequence[bool], counting: Counting) -> tuple[int, ...]:
    """The same for the updates in which a gradient is present, or is not."""
    if counting is Counting.RUN:
        return tuple(range(t0, t0 + len(present)))
    return tuple(accumulate(present, initial=t0 - 1))[1:]

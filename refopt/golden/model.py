"""The model of a golden file, format `refopt.golden/1`. All numbers in data are decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FORMAT = "refopt.golden/1"
KINDS = ("open_loop", "closed_loop", "schedule", "defaults", "resume", "reject")
RESULTS = ("must", "may", "reject")
CLASSES = ("finite", "inf", "-inf", "nan")
PROBE_KINDS = (
    "BASIC", "FORMULA", "MISSING_STEP", "ORDER", "OFF_BY_ONE", "PARAMETER", "DEFAULTS", "STATE", "PRECISION", "EDGE_CASE", "KNOWN_BUG",
)  # fmt: skip

Row = tuple[str, ...]
"""Numbers of the distinct elements of one tensor."""


@dataclass(frozen=True)
class Probe:
    """What a case looks for, and what happens to the user whose code fails it."""

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
    grads           [update][tensor]: numbers, or None where the gradient is absent
    keep            update numbers whose values stand in `expect`
    objective       of a closed loop: its name; `objective_hyper`, the sample numbers of each update (`samples`), `schedule`
                    and `schedule_hyper`
    steps, rates    of a schedule: step numbers, exact rates and their binary64 bounds
    hyper_expected  of a defaults case: the hyperparameters that must be in force
    outcome         of a `may` case: the class of theta after the last step, element by element of the first tensor: finite,
                    inf, -inf or nan; None where correct programs may differ; `reason` says why
    """

    id: str
    comment: str
    kind: str
    result: str
    probes: Row
    dtypes: Row
    hyper: Mapping[str, str]
    lr: Row | None = None
    params: tuple[Parameter, ...] = ()
    t0: int = 1
    grads: tuple[tuple[Row | None, ...], ...] = ()
    keep: tuple[int, ...] = ()
    expect: tuple[Expected, ...] = ()
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

"""Running golden cases: a case and a format become a request, the implementation answers, the answer is kept."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import (
    Answer,
    Array,
    Implementation,
    NoAnswer,
    NoDefaults,
    Ran,
    Request,
    Skipped,
    View,
    follows_courses,
    taken,
)
from refopt.conformance.protocol.reason import Reason, Why
from refopt.golden.model import Case, CaseKind, Counting, Parameter, Result
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT64, Format


@dataclass(frozen=True)
class Observation:
    """A case, what was asked, and what came back. `request` is None where the case could not even be asked.

    counting  how the implementation counts the updates of a tensor whose gradient is absent in some (see `counting`)
    """

    case: Case
    request: Request | None
    answer: Answer
    elapsed: float
    counting: Counting = Counting.RUN


def observe(implementation: Implementation, rule: Rule, case: Case, f: Format) -> Observation:
    """Run one case in one format."""
    began = time.perf_counter()
    views = implementation.views(rule)
    request = request_of(case, rule, f, views)
    if isinstance(request, Skipped):
        return Observation(case, None, request, 0.0)
    if request.courses and (lacking := _unchangeable(implementation, request)) is not None:
        return Observation(case, request, Skipped(lacking), 0.0)
    request = replace(request, save=where_to_cut(request))
    answer = implementation.run(request)
    if case.kind == CaseKind.DEFAULTS and case.hyper_expected is not None and not _moves(answer):
        answer = _without_defaults(implementation, request, answer, _all_sent(rule, case.hyper_expected))
    if isinstance(answer, NoAnswer) and case.result == Result.MUST and _refuses(request, answer):
        answer = Skipped(Reason(Why.REFUSES, tuple(f"{n} = 0" for n in zeros_in(request)), answer.message))
    return Observation(case, request, answer, time.perf_counter() - began)


def _unchangeable(implementation: Implementation, request: Request) -> Reason | None:
    """The reason why the courses of a run cannot be followed; None where nothing speaks against it."""
    takes = taken(implementation)
    if takes is not None and (lacking := tuple(n for n in request.courses if n not in takes)):
        return Reason(Why.TAKES_NO, lacking)
    return None if follows_courses(implementation) else Reason(Why.HELD_IN_A_RUN, tuple(request.courses))


def _without_defaults(implementation: Implementation, request: Request, answer: Answer, sent: Mapping[str, float]) -> Answer:
    """The answer to a run in which nothing was sent. What needs its hyperparameters is told by that it answers when they are sent."""
    if not _moves(implementation.run(replace(request, hyper=sent))):
        return answer
    said = answer.message if isinstance(answer, NoAnswer) else answer.reason if isinstance(answer, Skipped) else Reason(Why.GIVES_NAN)
    return NoDefaults(Reason(Why.NO_DEFAULTS, of=said))


def _moves(answer: Answer) -> bool:
    """True where there is an answer that is not NaN everywhere: a program that reads what was not sent as NaN gives none."""
    return isinstance(answer, Ran) and any(not np.isnan(x.astype(np.float64)).all() for x in answer.after[-1].theta)


def _all_sent(rule: Rule, values: Mapping[str, str]) -> dict[str, float]:
    return {h.name: _sent(values[h.name], h.symbol.kind) for h in rule.hyper if h.name in values}


def zeros_in(request: Request) -> list[str]:
    """The hyperparameters that a run sends as 0."""
    return [n for n, x in request.hyper.items() if x == 0]


def _refuses(request: Request, answer: NoAnswer) -> bool:
    """True where a run was refused before its first update was done, with a hyperparameter at 0: some implementations have narrower domains."""
    return answer.refuses and bool(zeros_in(request)) and answer.t in (None, request.t0)


LARGEST, LONGEST = 1000, 16
"""Runs of tensors up to this size and of so many updates are cut in two; larger ones keep no other kind of state."""


def where_to_cut(request: Request) -> int | None:
    """After how many updates a run is saved and loaded; None where it is too short, too much to run again, or its hyperparameters change."""
    if request.courses:
        return None
    steps, size = len(request.grads), max((x.size for x in request.theta0), default=0)
    return steps // 2 if 2 <= steps <= LONGEST and size <= LARGEST else None


def comes_and_goes(request: Request) -> bool:
    """True where some gradient is absent in some updates only: the number of the run's next update is not each tensor's own then."""
    return any(len({g is None for g in column}) > 1 for column in zip(*request.grads, strict=True))


def request_of(case: Case, rule: Rule, f: Format, views: Mapping[str, View]) -> Request | Skipped:
    """The request of a case to an implementation, or why it cannot be asked."""
    rates = None if case.lr is None else tuple(float(x) for x in case.lr)
    first = rates[0] if rates else float(rule.rate_in(case.hyper, "1"))
    lr = Fraction(first) if isfinite(first) else Fraction(1)
    resumed = any(p.state0 is not None for p in case.params)
    if (resumed or case.t0 > 1) and (hidden := [s for s in rule.state_names if s not in views]):
        return Skipped(Reason(Why.STARTS_AND_UNSEEN, tuple(hidden)))
    one_value = [s.name for s in rule.scalar_state]
    rows = {id(row): row for row in case.grads}  # gradients that repeat are made once
    grads = {key: tuple(None if g is None else array(g, p, f) for g, p in zip(row, case.params, strict=True)) for key, row in rows.items()}
    inputs = {
        n: tuple(tuple(None if x is None else array(x, p, f) for x, p in zip(row, case.params, strict=True)) for row in rows) for n, rows in case.inputs.items()
    }
    return Request(
        rule=rule.name,
        state_names=rule.state_names,
        format=f,
        hyper={h.name: _sent(case.hyper[h.name], h.symbol.kind) for h in rule.hyper if h.name in case.hyper},
        lr=rates,
        rate_name=rule.learning_rate.name if rule.learning_rate is not None else "lr",
        theta0=tuple(array(p.theta0, p, f) for p in case.params),
        state0=tuple(_buffers(p, views, lr, f, one_value) for p in case.params) if resumed else None,
        t0=case.t0,
        grads=tuple(grads[id(row)] for row in case.grads),
        one_value=tuple(views[n].buffer for n in one_value if n in views),
        courses={h.name: tuple(_sent(x, h.symbol.kind) for x in case.courses[h.name]) for h in rule.hyper if h.name in case.courses},
        inputs=inputs,
    )


def _sent(written: str, kind: Kind) -> float:
    return int(written) if kind is Kind.INTEGER else float(written)


def array(values: Sequence[str], like: Parameter, f: Format) -> Array:
    """The numbers of a golden file as an array of the format: distinct elements repeated up to the shape."""
    return spread([float(x) for x in values], like, f)


def spread(values: Sequence[float], like: Parameter, f: Format) -> Array:
    """Distinct elements repeated up to a parameter's shape."""
    size = int(np.prod(like.shape, dtype=int))
    distinct = np.array(values, dtype=np.float64).astype(f.dtype)
    return distinct[np.arange(size) % max(len(distinct), 1)].reshape(like.shape)


def _buffers(p: Parameter, views: Mapping[str, View], lr: Fraction, f: Format, one_value: Sequence[str]) -> dict[str, Array]:
    """A given state under the implementation's own names. Where the scaled value is no number of the format, it is rounded:
    stepwise judging starts from what was really put in. A state of one value is given in binary64."""
    given: Mapping[str, Any] = p.state0 or {}
    buffers = {}
    for name, values in given.items():
        view = views[name]
        factor = view.factor(lr)
        scaled = [float(x) if factor == 1 else float(Fraction(x) / factor) for x in values]
        buffers[view.buffer] = spread(scaled, p, FLOAT64 if name in one_value else f)
    return buffers

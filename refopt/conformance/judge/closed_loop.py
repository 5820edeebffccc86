"""Closed loop: the gradient is taken at the implementation's own theta, exactly, and rounded once to the format.

A run is a chain of single updates, each from what the one before left; so it needs an implementation that can go on
from a saved state. The reference is compared with the golden file, any other formula with a run that is made here.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.catalogue import objective, schedule
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.open_loop import against_golden, compared, seen
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.implementation import Answer, Array, Implementation, Ran, Request, Skipped, Snapshot, View
from refopt.conformance.protocol.observe import Observation, array
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import Gradient, closed_loop, rates
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.rounding.closed_bound import closed_loop_radii
from refopt.rounding.formats import Format

DIGITS = 50


def observe_closed(implementation: Implementation, rule: Rule, case: Case, f: Format) -> Observation:
    """Run one closed-loop case: as many single updates as the case keeps values of."""
    began = time.perf_counter()
    (parameter,) = case.params
    views = implementation.views(rule) if rule.scalar_state else {}
    request = Request(
        rule=rule.name,
        state_names=rule.state_names,
        format=f,
        hyper={h.name: float(case.hyper[h.name]) for h in rule.hyper if h.name in case.hyper},
        lr=_rates(case),
        theta0=(array(parameter.theta0, parameter, f),),
        state0=None,
        t0=1,
        grads=(),
        one_value=tuple(views[s.name].buffer for s in rule.scalar_state if s.name in views),
    )
    if not implementation.resumes:
        asks = getattr(implementation, "asks", False)
        return Observation(case, request, Skipped(Reason(Why.GRADIENTS_ELSEWHERE if asks else Why.NO_STATE_GIVEN_BACK)), 0.0)
    request, answer = _chain(implementation, case, request)
    return Observation(case, request, answer, time.perf_counter() - began)


def _rates(case: Case) -> tuple[float, ...] | None:
    if case.schedule is None:
        return None
    s = schedule(case.schedule)
    return tuple(float(x) for x in rates(s, s.values(case.schedule_hyper), range(max(case.keep)), digits=DIGITS))


def _chain(implementation: Implementation, case: Case, request: Request) -> tuple[Request, Answer]:
    """Update after update, each a run of its own."""
    now = Snapshot(request.theta0, ({},))
    saved: Saved | None = None
    seen_so_far: list[Snapshot] = []
    grads: list[tuple[Array | None, ...]] = []
    for step in range(max(case.keep)):
        grads.append((gradient_at(case, now.theta[0], step, request.format),))
        one = replace(
            request,
            lr=None if request.lr is None else (request.lr[step],),
            theta0=now.theta,
            state0=now.state if step and saved is None else None,
            t0=step + 1,
            grads=(grads[-1],),
            load=saved,
            save=1,
        )
        answer = implementation.run(one)
        if not isinstance(answer, Ran):
            return request, answer
        now = answer.after[0]
        saved = answer.saved if isinstance(answer.saved, Saved) and answer.saved.names else None  # a dict may hold more than arrays
        seen_so_far.append(now)
    whole = replace(request, grads=tuple(grads))
    return whole, Ran(Snapshot(request.theta0, ({},)), tuple(seen_so_far))


def gradient_at(case: Case, theta: Array, step: int, f: Format) -> Array:
    """The objective's gradient at theta for the samples of a step, rounded once to the format; NaN where theta is not finite."""
    assert case.objective is not None
    o, numbers = objective(case.objective), mpmath_numbers()
    point = theta.astype(np.float64).ravel().tolist()
    if not all(np.isfinite(point)):
        return np.full(theta.shape, np.nan).astype(f.dtype)
    with numbers.precision(DIGITS):
        exact = Gradient(o, o.values(case.objective_hyper), numbers).at([numbers.number(Fraction(x)) for x in point], step)
        rounded = [f.round(to_fraction(x)) for x in exact]
    return np.array([np.inf if x is None else float(x) for x in rounded]).reshape(theta.shape).astype(f.dtype)


def judge_closed(
    model: Model,
    observations: Sequence[tuple[int, Observation]],
    hypers: Sequence[Hyper],
    views: Mapping[str, View],
    f: Format,
    *,
    golden: bool,
) -> list[Judged]:
    """Judge closed loops at the kept steps."""
    judged: list[Judged] = []
    for number, o in observations:
        found = (
            against_golden(model.rule, o, number, views, hypers[number], f)
            if golden and o.case.expect
            else _live(model.rule, o, number, hypers[number], views, f)
        )
        judged += found
    return judged


def _live(rule: Rule, o: Observation, number: int, hyper: Hyper, views: Mapping[str, View], f: Format) -> list[Judged]:
    case = o.case
    assert case.objective is not None and o.request is not None and isinstance(o.answer, Ran)
    loss = objective(case.objective)
    s = schedule(case.schedule) if case.schedule else None
    steps = closed_loop(
        rule, loss, hyper=hyper, objective_hyper=loss.values(case.objective_hyper), steps=max(case.keep), schedule=s,
        schedule_hyper=None if s is None else s.values(case.schedule_hyper), digits=DIGITS,
    )  # fmt: skip
    bounds = closed_loop_radii(rule, loss, steps, f=f, hyper=hyper, objective_hyper=loss.values(case.objective_hyper), keep=case.keep)
    judged = []
    for t in case.keep:
        update = seen(number, o, t - 1, 0)
        exact: dict[str, Sequence[Any]] = {"theta": steps[t - 1].theta, **steps[t - 1].state}
        judged.append(compared(rule, update, case.params[0], exact, bounds[t], views, hyper))
    return judged

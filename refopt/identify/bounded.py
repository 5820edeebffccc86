"""A rule run along a log, and how far the log may be from it if that rule made it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.identify.balls import Ball, Condition, Rounding
from refopt.identify.formula import Formula, Memory, formula_of
from refopt.identify.log import NORM, Log
from refopt.identify.memory import Recurrence
from refopt.identify.printed import Floats
from refopt.identify.replay import HEADLESS, followed, free_rates
from refopt.rounding.formats import FLOAT64

Given = dict[str, Any]


@dataclass(frozen=True)
class Bounded:
    """theta after each update, how far the log may be from it if the formula made it, and the rates: (T, n), (T, n), (T,)."""

    theta: Floats
    error: Floats
    rates: Floats


def bounded(formula: Formula, log: Log, hyper: Mapping[str, float], weight: Floats, wide: bool = False, given_rates: Floats | None = None) -> Bounded:
    """One setting, with the error that the log's digits and the rounding of the program that wrote it can make.

    formula  of the rule over balls (`balls_of`)
    wide     the program forms its scalars in binary64, and rounds each once
    given_rates  exact rates, in place of those of the log or of each step's best; they must be given where the state keeps free ones
    Digits: theta before and after the update and every gradient so far are off by what their printing leaves open, a logged
    rate too. A free rate is off by as much as the element that determines it best allows. Rounding: every operation rounds to
    the log's format, every scalar once more when it meets the arrays.
    """
    r = Rounding.of(log.number_format)
    scalar = Rounding.of(FLOAT64) if wide else r
    environment: Given = {name: Ball(np.float64(x), 0.0, scalar) for name, x in hyper.items()}
    environment["t"] = log.times[:, None]
    if log.norm is not None:
        environment[NORM] = Ball(log.norm.value[:, None], log.norm.error[:, None], scalar)
    own = formula.rule.at_rate(None)
    rates = np.full(log.updates, next((hyper[n] for n in own if n in hyper), np.nan)) if log.lr is None else log.lr.value.copy()
    if given_rates is not None:
        environment |= formula.rule.at_rate(Ball(given_rates[:, None], 0.0, scalar))
        rates = given_rates
    elif log.lr is not None:
        environment |= formula.rule.at_rate(Ball(log.lr.value[:, None], log.lr.error[:, None], scalar))
    with np.errstate(all="ignore"):
        given = {"theta": Ball(log.theta.value[:-1], log.theta.error[:-1], r), "g": Ball(log.grad.value, log.grad.error, r)}
        if log.headless and all(name in environment for name in own):  # at a free rate the first update is not known at all
            given["theta"] = _found_first(formula, log, environment, given)
        given |= _states(formula, log, environment, given)
        steps = formula.last_of(log)
        if any(name not in environment for name in own):
            found = _free(formula, log, environment, given, weight)
            environment |= formula.rule.at_rate(found)
            rates = found.value[:, 0]
        after = steps.run(given, _scalars(steps.scalars(environment), r))["theta"]
        error = np.broadcast_to(after.error, after.value.shape) + log.theta.error[1:]
    return Bounded(after.value, np.where(np.isnan(error), np.inf, error), rates)


def _scalars(values: Sequence[Any], r: Rounding) -> list[Any]:
    """Each rounded once more."""
    return [Ball(x.value, x.error + r.u * np.abs(x.value), r) if isinstance(x, Ball) else x for x in values]


def _states(formula: Formula, log: Log, environment: Given, given: Given) -> dict[str, Ball]:
    """The state before each update, (T, n); that after it of what theta needs so."""
    r, (updates, elements) = Rounding.of(log.number_format), log.grad.value.shape
    names = formula.rule.state_names
    kept = {name: Ball(np.empty((updates + 1, elements)), np.empty((updates + 1, elements)), r) for name in names}
    if not names:
        return kept
    for name, x in _start(formula, log, environment).items():
        kept[name].value[0], kept[name].error[0] = x.value, x.error
    memory = formula.memory
    factors = [None if p.factor is None else _scalars(p.factor.scalars(environment), r)[0] for p in memory.phases]
    phases = [(p, _scalars(p.steps.scalars(environment), r), factor) for p, factor in zip(memory.phases, factors, strict=True)]
    left = _scalars(memory.left.scalars(environment), r)
    for a, b in itertools.pairwise(sorted({0, updates, *(s for s in log.lost if s < updates)})):
        if a in log.lost:
            fresh = _start(formula, log, environment, a)
            for name in log.lost[a]:
                kept[name].value[a], kept[name].error[a] = fresh[name].value, fresh[name].error
        rows = slice(a, b)
        known: Given = {"theta": _part(given["theta"], rows), "g": _part(given["g"], rows)}
        for phase, scalars, factor in phases:
            known |= phase.steps.run(known, [_during(x, rows) for x in scalars])
            if phase.recurrence is not None:
                by = phase.recurrence
                known[by.after] = _followed(kept[by.state], known[by.rest], by, None if factor is None else _during(factor, rows), rows)
        if memory.last:
            _step_by_step(memory, kept, {n: x for n, x in known.items() if n in memory.inputs}, [_during(x, rows) for x in left], rows)
    after = formula.known_of(log)
    return {n: _part(x, slice(1, None) if n in after else slice(-1)) for n, x in kept.items()}


def _followed(kept: Ball, rest: Ball, by: Recurrence, factor: Any, rows: slice) -> Ball:
    """The values of a recurrence in some updates, put into `kept`, with their errors: each is that of a product and a sum, linear in the one before."""
    u, count, elements = kept.rounding.u, rows.stop - rows.start, kept.value.shape[1]
    added, off = (np.broadcast_to(x, (count, elements)) for x in (rest.value, rest.error))
    a = None if factor is None else factor if isinstance(factor, Ball) else Ball(factor, 0.0, kept.rounding)
    size = [] if a is None else list(itertools.islice(_each(np.asarray(a.value), count), count))
    values, errors = kept.value[rows.start : rows.stop + 1], kept.error[rows.start : rows.stop + 1]
    followed(values, added, by, size, 0)
    new = u * np.abs(values[1:])
    if a is None:
        share, own = np.asarray(1 + u), off * (1 + u) + new
    else:
        share = (np.abs(a.value) + a.error) * (1 + u) ** 2
        product = np.abs(values[:-1]) * a.error * (1 + u) + u * np.abs(a.value * values[:-1]) + kept.rounding.smallest
        own = (product + off) * (1 + u) + new
    for s, (by_step, more) in enumerate(zip(_each(share, count), own, strict=False)):
        np.multiply(by_step, errors[s], out=errors[s + 1])
        errors[s + 1] += more
    return _part(kept, slice(rows.start + 1, rows.stop + 1))


def _step_by_step(memory: Memory, kept: Mapping[str, Ball], known: Given, scalars: Sequence[Any], rows: slice) -> None:
    """The states that only go step by step."""
    count, names = rows.stop - rows.start, list(known)
    state: Given = {name: _at(kept[name], rows.start) for name in memory.last}
    for s, row in enumerate(itertools.islice(_rows([*known.values(), *scalars], count), count), start=rows.start + 1):
        state |= zip(names, row, strict=False)
        memory.left.follow(state, row[len(names) :])
        for name in memory.last:
            x = _ball(state[name], kept[name].rounding)
            kept[name].value[s], kept[name].error[s] = x.value, x.error


def _during(x: Any, rows: slice) -> Any:
    """Some updates of a scalar that may be the same for all."""
    if isinstance(x, Ball):
        return Ball(_during(x.value, rows), _during(x.error, rows), x.rounding)
    if isinstance(x, Condition):
        return Condition(_during(x.holds, rows), _during(x.certain, rows))
    return x[rows] if isinstance(x, np.ndarray) and x.ndim and len(x) > 1 else x


def _part(x: Ball, rows: slice) -> Ball:
    return Ball(x.value[rows], x.error[rows], x.rounding)


def _rows(values: Sequence[Any], updates: int) -> Iterator[tuple[Any, ...]]:
    """Balls, conditions and numbers, step by step; some are the same for all."""
    return zip(*(_each(x, updates) for x in values), strict=True) if values else itertools.repeat((), updates)


def _each(x: Any, updates: int) -> Iterable[Any]:
    if isinstance(x, Ball):
        if not any(isinstance(y, np.ndarray) and y.ndim for y in (x.value, x.error)):
            return itertools.repeat(x, updates)
        return (Ball(value, error, x.rounding) for value, error in zip(_each(x.value, updates), _each(x.error, updates), strict=True))
    if isinstance(x, Condition):
        return (Condition(*y) for y in zip(_each(x.holds, updates), _each(x.certain, updates), strict=True))
    return x if isinstance(x, np.ndarray) and x.ndim else itertools.repeat(x, updates)


def _start(formula: Formula, log: Log, environment: Given, s: int = 0) -> dict[str, Ball]:
    """The first values of the state, in a run that starts at an update."""
    r = Rounding.of(log.number_format)
    rate = {n: _at(environment[n], s) for n in formula.rule.at_rate(None) if n in environment}
    started = formula.start({**environment, **rate, "theta": Ball(log.theta.value[s], log.theta.error[s], r)})
    return {n: _ball(x, r) for n, x in started.items()}


def _ball(x: Any, r: Rounding) -> Ball:
    return x if isinstance(x, Ball) else Ball(x, 0.0, r)


def _at(x: Any, s: int) -> Any:
    """One step of a ball, a condition or a number that may be the same for all."""
    if isinstance(x, Ball):
        return Ball(_at(x.value, s), _at(x.error, s), x.rounding)
    if isinstance(x, Condition):
        return Condition(_at(x.holds, s), _at(x.certain, s))
    return x[s] if isinstance(x, np.ndarray) and x.ndim else x


def _found_first(formula: Formula, log: Log, environment: Given, given: Given) -> Ball:
    """theta before each update, where the first is unknown and found from the one after it."""
    r = Rounding.of(log.number_format)
    after, digits = log.theta.value[1], log.theta.error[1]
    scalars = [_at(x, 0) for x in _scalars(formula.whole.scalars(environment), r)]
    first = {**_start(formula, log, environment), "theta": Ball(after, digits, r), "g": _at(given["g"], 0)}
    for _ in range(HEADLESS):
        moved = first["theta"].value - formula.whole.run(first, scalars)["theta"].value
        first["theta"] = Ball(after + moved, digits, r)
    value, error = log.theta.value[:-1].copy(), log.theta.error[:-1].copy()
    value[0], error[0] = first["theta"].value, digits + formula.whole.run(first, scalars)["theta"].error
    return Ball(value, error, r)


def _free(formula: Formula, log: Log, environment: Given, given: Given, weight: Floats) -> Ball:
    """Free rates with their errors: the true one leaves no element further off than its bound."""
    r, after = Rounding.of(log.number_format), log.theta.value[1:]
    values = {n: x.value for n, x in given.items()}
    plain = {n: x.value if isinstance(x, Ball) else x for n, x in environment.items()}
    rates, slope = free_rates(formula_of(formula.rule), log, values, plain, weight)
    steps = formula.last_of(log)
    exact = steps.run(given, _scalars(steps.scalars({**environment, **formula.rule.at_rate(Ball(rates, 0.0, r))}), r))["theta"]
    size = np.abs(slope)
    off = (exact.error + log.theta.error[1:] + np.abs(exact.value - after)) / np.where(size > 0, size, np.nan)
    return Ball(rates, np.where(np.isfinite(off), off, np.inf).min(axis=1, keepdims=True), r)

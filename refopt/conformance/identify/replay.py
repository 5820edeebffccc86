"""A rule run along a log: each update starts from the logged theta, its state from the logged gradients.

The learning rate is logged, one unknown number (a hyperparameter like the others), or unknown and free at every step:
then each step's rate is the one that brings that update closest to the log, all its elements together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from refopt.conformance.identify.arrays import ARRAYS
from refopt.conformance.identify.balls import Ball, Rounding, arithmetic
from refopt.conformance.identify.log import Log
from refopt.conformance.identify.printed import Floats
from refopt.language.evaluate import Arithmetic
from refopt.language.program import program
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT64, FORMATS

HEADLESS = 3
"""Rounds in which an unknown theta before the first update is found from the one after it."""


@dataclass(frozen=True)
class Formula:
    """A rule made executable in one arithmetic: start, scalars of a step, update."""

    rule: Rule
    arithmetic: Arithmetic = field(repr=False)

    @cached_property
    def _programs(self) -> tuple[Any, ...]:
        update = program([(let.name, let.value) for let in self.rule.steps], self.arithmetic)
        prelude = program([(f"scalar {i}", tree) for i, tree in enumerate(update.scalars)], self.arithmetic, hoist=False)
        start = program([(s.name, s.initial) for s in self.rule.state], self.arithmetic, hoist=False)
        return update, prelude, prelude.prelude({}), start, start.prelude({})

    @cached_property
    def _rows(self) -> list[tuple[str, int | None]]:
        rows = {let.name: i for i, let in enumerate(self.rule.steps)}
        return [(n, rows.get(n)) for n in ("theta", *self.rule.state_names)]

    @cached_property
    def rate_is_kept(self) -> bool:
        """Whether the state depends on the learning rate."""
        touched = {"lr"}
        for let in self.rule.steps:
            if touched & {str(x.name) for x in let.value.symbols()}:
                touched.add(let.name)
        return bool(touched & set(self.rule.state_names))

    def scalars(self, environment: Mapping[str, Any]) -> list[Any]:
        """What is scalar, from hyperparameters, t and lr; they may be arrays over settings and steps."""
        _, prelude, literals, _, _ = self._programs
        return list(prelude.body(environment, literals))

    def start(self, environment: Mapping[str, Any]) -> dict[str, Any]:
        """The state before the first update."""
        *_, start, literals = self._programs
        return dict(zip(self.rule.state_names, start.body(environment, literals), strict=True))

    def update(self, given: Mapping[str, Any], scalars: list[Any]) -> dict[str, Any]:
        """theta and the state after an update."""
        values = self._programs[0].body(given, scalars)
        return {n: given[n] if row is None else values[row] for n, row in self._rows}


_MADE: dict[tuple[int, str], Formula] = {}


def formula_of(rule: Rule) -> Formula:
    """The rule over arrays."""
    return _made(rule, ARRAYS)


def balls_of(rule: Rule, log: Log) -> Formula:
    """The rule over balls in the log's format."""
    return _made(rule, _BALLS[log.number_format.name])


def _made(rule: Rule, numbers: Arithmetic) -> Formula:
    """Made once for each rule object; a formula holds its rule, so that its identity is not given to another."""
    key = (id(rule), numbers.name)
    if key not in _MADE:
        _MADE[key] = Formula(rule, numbers)
    return _MADE[key]


_BALLS = {f.name: arithmetic(Rounding.of(f), f.name) for f in FORMATS.values()}


@dataclass(frozen=True)
class Replayed:
    """theta after each update as the formula has it, (settings, T, n), and the rates, (settings, T)."""

    theta: Floats
    rates: Floats


def replay(formula: Formula, log: Log, hyper: Mapping[str, Floats], weight: Floats) -> Replayed:
    """Many settings at once: `hyper` holds one array of values for each hyperparameter.

    weight  (T, n): 1/error^2 of each update, by which a free rate is found; 0 where an update does not count
    A hyperparameter lr that is neither logged nor given is free.
    """
    count = len(next(iter(hyper.values()))) if hyper else 1
    setting = {name: np.asarray(x, np.float64).reshape(count, 1) for name, x in hyper.items()}
    with np.errstate(all="ignore"):
        if log.lr is None and "lr" in formula.rule.hyper_names and "lr" not in hyper:
            return _remembering(formula, log, setting, count, weight) if formula.rate_is_kept else _projected(formula, log, setting, count, weight)
        theta = _run(formula, log, setting, count)
    rates = np.empty((count, log.updates))
    rates[:] = log.lr.value if log.lr is not None else setting.get("lr", np.nan)
    return Replayed(theta, rates)


def at_rates(formula: Formula, log: Log, hyper: Mapping[str, Floats], rates: Floats) -> Floats:
    """theta after each update, (settings, T, n), at given rates, (settings, T)."""
    count = len(rates)
    with np.errstate(all="ignore"):
        setting = {name: np.asarray(x, np.float64).reshape(count, 1) for name, x in hyper.items()}
        return _run(formula, log, setting, count, rates.T[:, :, None])


def _run(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, rates: Floats | None = None) -> Floats:
    """theta after each update, at known rates: the log's, one for each setting, or those given, (T, settings, 1)."""
    theta = np.empty((count, log.updates, log.elements))
    tables = _tables(formula, log, setting, count, rates)
    state = formula.start({"theta": log.theta.value[0], **setting})
    for s in range(log.updates):
        scalars = [x[s] for x in tables]
        given = {**state, "theta": log.theta.value[s], "g": log.grad.value[s]}
        if log.headless and s == 0:
            given["theta"] = log.theta.value[1]
            for _ in range(HEADLESS):
                given["theta"] = log.theta.value[1] + (given["theta"] - formula.update(given, scalars)["theta"])
        state = formula.update(given, scalars)
        theta[:, s] = state.pop("theta")
    return theta


def _projected(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, weight: Floats) -> Replayed:
    """Free rates of a rule whose state does not depend on them: all steps at once, from a run at rate 0 and one at rate 1."""
    doubled = {name: np.concatenate([x, x]) for name, x in setting.items()}
    theta = _run(formula, log, {**doubled, "lr": np.repeat([0.0, 1.0], count)[:, None]}, 2 * count)
    none, slope = theta[:count], theta[count:] - theta[:count]
    rates = _rate(none, slope, log.theta.value[1:], weight)
    if np.any(rates > 1):  # steps at rate 1 are shorter than the logged ones: they have lost digits beside theta
        at = np.where(rates > 0, rates, 1.0)
        slope = (_run(formula, log, setting, count, np.swapaxes(at, 0, 1)) - none) / at
        rates = _rate(none, slope, log.theta.value[1:], weight)
    return Replayed(none + rates * slope, rates[..., 0])


def _remembering(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, weight: Floats) -> Replayed:
    """Free rates of a rule whose state remembers them: step by step."""
    theta, rates = np.empty((count, log.updates, log.elements)), np.empty((count, log.updates))
    none, one = (_tables(formula, log, {**setting, "lr": np.full((count, 1), x)}, count) for x in (0.0, 1.0))
    state = formula.start({"theta": log.theta.value[0], **setting})
    for s in range(log.updates):
        given = {**state, "theta": log.theta.value[s], "g": log.grad.value[s]}
        rate = _free_rate(formula, given, [x[s] for x in none], [x[s] for x in one], log.theta.value[s + 1], weight[s]).reshape(count, 1)
        state = formula.update(given, formula.scalars({**setting, "lr": rate, "t": s + 1.0}))
        theta[:, s], rates[:, s] = state.pop("theta"), rate[:, 0]
    return Replayed(theta, rates)


def _tables(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, rates: Floats | None = None) -> list[Floats]:
    """The scalars of all steps at once, (T, settings, 1)."""
    environment: dict[str, Any] = {name: x[None] for name, x in setting.items()}
    if log.lr is not None:
        environment["lr"] = log.lr.value.reshape(-1, 1, 1)
    if rates is not None:
        environment["lr"] = rates
    environment["t"] = np.arange(1.0, log.updates + 1).reshape(-1, 1, 1)
    return [np.broadcast_to(x, (log.updates, count, 1)) for x in formula.scalars(environment)]


def _free_rate(formula: Formula, given: Mapping[str, Any], at_none: list[Any], at_one: list[Any], after: Floats, weight: Floats) -> Floats:
    """The rate of one step by least squares: theta after an update is affine in the rate of that update.

    at_none, at_one  the step's scalars at the rates 0 and 1
    """
    none, one = (formula.update(given, scalars)["theta"] for scalars in (at_none, at_one))
    return _rate(none, one - none, after, weight)


def _rate(none: Floats, slope: Floats, after: Floats, weight: Floats) -> Floats:
    """The rate that brings none + rate * slope closest to `after`, elements along the last axis."""
    weighted = weight * slope
    size, found = (weighted * slope).sum(axis=-1, keepdims=True), (weighted * (after - none)).sum(axis=-1, keepdims=True)
    return np.asarray(np.where((size > 0) & (found > 0), found / size, 0.0))


def stands_still(formula: Formula, log: Log, hyper: Mapping[str, float]) -> bool:
    """Whether a state variable keeps its first value throughout, one that is not constant by its nature; at a known rate."""
    setting = {name: np.float64(x).reshape(1, 1) for name, x in hyper.items()}
    with np.errstate(all="ignore"):
        tables = _tables(formula, log, setting, 1)
        start = state = formula.start({"theta": log.theta.value[0], **setting})
        moving: set[str] = set()
        for s in range(log.updates):
            state = formula.update({**state, "theta": log.theta.value[s], "g": log.grad.value[s]}, [x[s] for x in tables])
            moving |= {name for name in start if np.any(state[name] != start[name])}
    return bool({x.name for x in formula.rule.state if not x.constant} - moving)


def forgetful(formula: Formula, log: Log, hyper: Mapping[str, float], rates: Floats) -> Floats:
    """theta after each update, (T, n), of a run whose state is at its first value before every update."""
    setting = {name: np.float64(x) for name, x in hyper.items()}
    theta = np.empty((log.updates, log.elements))
    with np.errstate(all="ignore"):
        start = formula.start({"theta": log.theta.value[0], **setting})
        for s in range(log.updates):
            given = {**start, "theta": log.theta.value[s], "g": log.grad.value[s]}
            theta[s] = formula.update(given, formula.scalars({**setting, "lr": rates[s], "t": s + 1.0}))["theta"]
    return theta


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
    given_rates  exact rates, in place of those of the log or of each step's best
    Digits: theta before and after the update and every gradient so far are off by what their printing leaves open, a logged
    rate too. A free rate is off by as much as the element that determines it best allows. Rounding: every operation rounds to
    the log's format, every scalar once more when it meets the arrays.
    """
    r = Rounding.of(log.number_format)
    scalar = Rounding.of(FLOAT64) if wide else r

    def ball(value: Any, error: Any) -> Ball:
        return Ball(value, error, r)

    def once_more(x: Any) -> Any:
        return ball(x.value, x.error + r.u * np.abs(x.value)) if isinstance(x, Ball) else x

    free = log.lr is None and "lr" in formula.rule.hyper_names and "lr" not in hyper
    plain = formula_of(formula.rule)
    setting = {name: Ball(np.float64(x), 0.0, scalar) for name, x in hyper.items()}
    theta, error = np.empty((log.updates, log.elements)), np.empty((log.updates, log.elements))
    rates = np.full(log.updates, hyper.get("lr", np.nan)) if log.lr is None else log.lr.value.copy()
    with np.errstate(all="ignore"):
        started = formula.start({**setting, "theta": ball(log.theta.value[0], log.theta.error[0])})
        state = {n: x if isinstance(x, Ball) else ball(x, 0.0) for n, x in started.items()}
        for s in range(log.updates):
            row = {name: ball(x.value[s], x.error[s]) for name, x in (("theta", log.theta), ("g", log.grad))}
            given: dict[str, Any] = {**state, **row}
            environment: dict[str, Any] = {**setting, "t": s + 1.0}
            if given_rates is not None:
                environment["lr"], rates[s] = Ball(np.float64(given_rates[s]), 0.0, scalar), given_rates[s]
            elif log.lr is not None:
                environment["lr"] = Ball(log.lr.value[s], log.lr.error[s], scalar)
            elif free:
                environment["lr"] = _free_ball(plain, formula, given, setting, s, log, weight, once_more)
                rates[s] = environment["lr"].value
            scalars = [once_more(x) for x in formula.scalars(environment)]
            if log.headless and s == 0:
                given["theta"] = row["theta"] = ball(log.theta.value[1], log.theta.error[1])
                for _ in range(HEADLESS):
                    moved = given["theta"].value - formula.update(given, scalars)["theta"].value
                    given["theta"] = ball(log.theta.value[1] + moved, log.theta.error[1])
                off = formula.update(given, scalars)["theta"].error
                given["theta"] = ball(given["theta"].value, log.theta.error[1] + off)
            state = {n: x if isinstance(x, Ball) else ball(x, 0.0) for n, x in formula.update(given, scalars).items()}
            after = state.pop("theta")
            theta[s], error[s] = after.value, after.error + log.theta.error[s + 1]
    return Bounded(theta, np.where(np.isnan(error), np.inf, error), rates)


def _free_ball(
    plain: Formula, formula: Formula, given: Mapping[str, Any], hyper: Mapping[str, Ball], s: int, log: Log, weight: Floats, once_more: Any
) -> Ball:
    """A free rate with its error: the true one leaves no element further off than its bound."""
    values = {n: x.value for n, x in given.items()}
    setting = {n: x.value.reshape(1, 1) for n, x in hyper.items()}
    trial = [plain.scalars({**setting, "lr": x, "t": s + 1.0}) for x in (0.0, 1.0)]
    rate = float(_free_rate(plain, values, trial[0], trial[1], log.theta.value[s + 1], weight[s]).ravel()[0])
    environment = {**hyper, "t": s + 1.0, "lr": Ball(np.float64(rate), 0.0, Rounding.of(log.number_format))}
    exact = formula.update(given, [once_more(x) for x in formula.scalars(environment)])["theta"]
    none, one = (plain.update(values, scalars)["theta"] for scalars in trial)
    slope = np.abs(one - none).ravel()
    off = (exact.error + log.theta.error[s + 1] + np.abs(exact.value - log.theta.value[s + 1])).ravel() / np.where(slope > 0, slope, np.nan)
    finite = off[np.isfinite(off)]
    return Ball(np.float64(rate), float(finite.min()) if finite.size else np.inf, Rounding.of(log.number_format))

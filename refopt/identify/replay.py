"""A rule run along a log: each update starts from the logged theta, its state from the logged gradients.

The learning rate is logged, one unknown number (a hyperparameter like the others), or unknown and free at every step:
then each step's rate is the one that brings that update closest to the log, all its elements together.

theta is known before every update, so that only the states go step by step; the updates are then made all at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.identify.formula import Formula, Memory, Phase
from refopt.identify.log import NORM, Log
from refopt.identify.memory import Recurrence
from refopt.identify.printed import Floats

HEADLESS = 3
"""Rounds in which an unknown theta before the first update is found from the one after it."""
AT_ONCE = 2**15
"""Numbers of one array where updates are made all at once: more fill no cache."""


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
        if log.lr is None and any(name not in hyper for name in formula.rule.at_rate(None)):
            return _remembering(formula, log, setting, count, weight) if formula.rate_is_kept else _projected(formula, log, setting, count, weight)
        theta = _run(formula, log, setting, count)
    rates = np.empty((count, log.updates))
    rates[:] = log.lr.value if log.lr is not None else next((setting[name] for name in formula.rule.at_rate(None)), np.nan)
    return Replayed(theta, rates)


def at_rates(formula: Formula, log: Log, hyper: Mapping[str, Floats], rates: Floats) -> Floats:
    """theta after each update, (settings, T, n), at given rates, (settings, T)."""
    count = len(rates)
    with np.errstate(all="ignore"):
        setting = {name: np.asarray(x, np.float64).reshape(count, 1) for name, x in hyper.items()}
        return _run(formula, log, setting, count, rates.T[:, :, None])


def _run(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, rates: Floats | None = None) -> Floats:
    """theta after each update, at known rates: the log's, one for each setting, or those given, (T, settings, 1)."""
    environment = _environment(formula, log, setting, rates)
    before = _before(formula, log, setting, environment)
    return _updates(formula, log, environment, before, _states(formula, log, setting, environment, count, before), count)


def _environment(formula: Formula, log: Log, setting: Mapping[str, Floats], rates: Floats | None = None) -> dict[str, Any]:
    """Hyperparameters, rates and t of all steps at once, (T or 1, settings or 1, 1)."""
    environment: dict[str, Any] = {name: x[None] for name, x in setting.items()}
    given = rates if rates is not None else None if log.lr is None else log.lr.value.reshape(-1, 1, 1)
    if given is not None:
        environment |= formula.rule.at_rate(given)
    for name, x in _given(log).items():
        environment[name] = x.reshape(-1, 1, 1)
    return environment


def _given(log: Log) -> dict[str, Floats]:
    """Inputs that a log gives for each update beside theta and gradient: t and the gradient's norm, (T,)."""
    return {"t": log.times} if log.norm is None else {"t": log.times, NORM: log.norm.value}


def _before(formula: Formula, log: Log, setting: Mapping[str, Floats], environment: Mapping[str, Any]) -> Floats:
    """theta before each update, (T, settings or 1, n): the log's; an unknown first one is found from the one after it."""
    before = log.theta.value[:-1, None, :]
    if not log.headless:
        return before
    scalars = [_at(x, slice(0, 1)) for x in formula.whole.scalars(environment)]
    after = log.theta.value[1]
    given = {**_start(formula, log, setting, environment), "theta": after, "g": log.grad.value[0]}
    for _ in range(HEADLESS):
        given["theta"] = after + (given["theta"] - formula.whole.run(given, scalars)["theta"])
    first = given["theta"].reshape(1, -1, log.elements)
    return np.concatenate([first, np.broadcast_to(before[1:], (log.updates - 1, first.shape[1], log.elements))])


def _states(formula: Formula, log: Log, setting: Mapping[str, Floats], environment: Mapping[str, Any], count: int, before: Floats) -> dict[str, Floats]:
    """The state before each update and after the last, (T + 1, settings, n)."""
    names = formula.rule.state_names
    kept = {name: np.empty((log.updates + 1, count, log.elements)) for name in names}
    if not names:
        return kept
    for name, x in _start(formula, log, setting, environment).items():
        kept[name][0] = x
    memory, length = formula.memory, max(1, AT_ONCE // (count * log.elements))
    phases = [(p, p.steps.scalars(environment), _factors(p, environment, log.updates)) for p in memory.phases]
    left = list(itertools.islice(_each(memory.left.scalars(environment), log.updates), log.updates))
    cuts = sorted({0, log.updates, *range(0, log.updates, length), *(s for s in log.lost if s < log.updates)})
    for a, b in itertools.pairwise(cuts):
        if a in log.lost:
            for name, x in _anew(formula, log, setting, environment, a).items():
                kept[name][a] = x
        known = {"theta": before[a:b], "g": log.grad.value[a:b, None, :]}
        for phase, scalars, factors in phases:
            known |= phase.steps.run(known, [_at(x, slice(a, b)) for x in scalars])
            if phase.recurrence is not None:
                known[phase.recurrence.after] = followed(kept[phase.recurrence.state], known[phase.recurrence.rest], phase.recurrence, factors, a)
        if memory.last:
            _step_by_step(memory, kept, {n: x for n, x in known.items() if n in memory.inputs}, left[a:b], a)
    return kept


def _factors(phase: Phase, environment: Mapping[str, Any], updates: int) -> list[Any]:
    """The factor of a recurrence, update by update; none where it has none."""
    return [] if phase.factor is None else [row[0] for row in itertools.islice(_each(phase.factor.scalars(environment), updates), updates)]


def followed(kept: Floats, rest: Floats, by: Recurrence, factors: Sequence[Any], start: int) -> Floats:
    """The values of a recurrence, put into `kept` from the one at `start` on, with each rest; those after the updates."""
    combined = np.subtract if by.taken else np.add
    for s, added in enumerate(rest, start=start):
        if factors:
            np.multiply(factors[s], kept[s], out=kept[s + 1])
            combined(kept[s + 1], added, out=kept[s + 1])
        else:
            combined(kept[s], added, out=kept[s + 1])
    return kept[start + 1 : start + 1 + len(rest)]


def _step_by_step(memory: Memory, kept: Mapping[str, Floats], known: Mapping[str, Any], scalars: Sequence[Sequence[Any]], start: int) -> None:
    """The states that only go step by step."""
    state: dict[str, Any] = {name: kept[name][start] for name in memory.last}
    for s, each in enumerate(scalars):
        state |= {n: x[s] for n, x in known.items()}
        memory.left.follow(state, each)
        for name in memory.last:
            kept[name][start + s + 1] = state[name]


def _start(formula: Formula, log: Log, setting: Mapping[str, Any], environment: Mapping[str, Any], s: int = 0) -> dict[str, Any]:
    """The first values of the state in a run that begins at an update, whose rate is that of `environment`, if it has one."""
    rate = {n: environment[n][min(s, len(environment[n]) - 1)] for n in formula.rule.at_rate(None) if n in environment}
    return formula.start({"theta": log.theta.value[s], **setting, **rate})


def _anew(formula: Formula, log: Log, setting: Mapping[str, Any], environment: Mapping[str, Any], s: int) -> dict[str, Any]:
    """The first values of what is lost before an update."""
    return {name: x for name, x in _start(formula, log, setting, environment, s).items() if name in log.lost[s]}


def _updates(formula: Formula, log: Log, environment: Mapping[str, Any], before: Floats, states: Mapping[str, Floats], count: int) -> Floats:
    """theta after each update, (settings, T, n), from the state before each and after the last."""
    theta = np.empty((count, log.updates, log.elements))
    steps, known = formula.last_of(log), formula.known_of(log)
    scalars = steps.scalars(environment)
    length = max(1, AT_ONCE // (count * log.elements))
    for a in range(0, log.updates, length):
        some = slice(a, min(a + length, log.updates))
        rows = {n: x[some.start + (n in known) : some.stop + (n in known)] for n, x in states.items()}
        given = {**rows, "theta": before[some], "g": log.grad.value[some, None, :]}
        after = steps.run(given, [_at(x, some) for x in scalars])["theta"]
        theta[:, some] = np.swapaxes(after, 0, 1)
    return theta


def _at(x: Any, some: slice) -> Any:
    """Some steps of a scalar that may be the same for all."""
    return x if np.ndim(x) == 0 or len(x) == 1 else x[some]


def _each(scalars: Sequence[Any], updates: int) -> Iterable[Sequence[Any]]:
    """The scalars step by step."""
    rows = [itertools.repeat(x, updates) if np.ndim(x) == 0 else itertools.repeat(x[0], updates) if len(x) == 1 else x for x in scalars]
    return zip(*rows, strict=False) if rows else itertools.repeat((), updates)


def _projected(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, weight: Floats) -> Replayed:
    """Free rates of a rule whose state does not depend on them: all steps at once, at rate 0 and at rate 1."""
    environment, before = _environment(formula, log, setting), log.theta.value[:-1, None, :]
    states = _states(formula, log, setting, environment, count, before)

    def at(rate: Any) -> Floats:
        return _updates(formula, log, {**environment, **formula.rule.at_rate(rate)}, before, states, count)

    none = at(0.0)
    slope = at(1.0) - none
    rates = _rate(none, slope, log.theta.value[1:], weight)
    if np.any(rates > 1):  # steps at rate 1 are shorter than the logged ones: they have lost digits beside theta
        known = np.where(rates > 0, rates, 1.0)
        slope = (at(np.swapaxes(known, 0, 1)) - none) / known
        rates = _rate(none, slope, log.theta.value[1:], weight)
    return Replayed(none + rates * slope, rates[..., 0])


def _remembering(formula: Formula, log: Log, setting: Mapping[str, Floats], count: int, weight: Floats) -> Replayed:
    """Free rates of a rule whose state remembers them: step by step."""
    theta, rates = np.empty((count, log.updates, log.elements)), np.empty((count, log.updates))
    environment, whole = _environment(formula, log, setting), formula.whole
    none, one = (_each(whole.scalars({**environment, **formula.rule.at_rate(rate)}), log.updates) for rate in (0.0, 1.0))
    state: dict[str, Any] = {}
    for s, (at_none, at_one) in enumerate(zip(none, one, strict=True)):

        def before(rate: Any, s: int = s, kept: Mapping[str, Any] = state) -> dict[str, Any]:
            """theta, the gradient and the state, which starts from the rate of the update before which it begins or begins anew."""
            anew = formula.start({"theta": log.theta.value[s], **setting, **formula.rule.at_rate(rate)}) if s == 0 or s in log.lost else {}
            anew = {n: x for n, x in anew.items() if s == 0 or n in log.lost[s]}
            return {**kept, **anew, "theta": log.theta.value[s], "g": log.grad.value[s]}

        still, moved = (whole.run(before(x), scalars)["theta"] for x, scalars in ((0.0, at_none), (1.0, at_one)))
        rate = _rate(still, moved - still, log.theta.value[s + 1], weight[s]).reshape(-1, 1)
        given = before(rate)
        state = whole.run(given, whole.scalars({**setting, **{n: x[s] for n, x in _given(log).items()}, **formula.rule.at_rate(rate)}))
        theta[:, s], rates[:, s] = state.pop("theta"), rate[:, 0]
    return Replayed(theta, rates)


def _rate(none: Floats, slope: Floats, after: Floats, weight: Floats) -> Floats:
    """The rate that brings none + rate * slope closest to `after`, elements along the last axis: theta after an update is affine in it."""
    weighted = weight * slope
    size, found = (weighted * slope).sum(axis=-1, keepdims=True), (weighted * (after - none)).sum(axis=-1, keepdims=True)
    return np.asarray(np.where((size > 0) & (found > 0), found / size, 0.0))


def free_rates(formula: Formula, log: Log, given: Mapping[str, Any], environment: Mapping[str, Any], weight: Floats) -> tuple[Floats, Floats]:
    """Of all updates at once, from states as `last_of` needs them: the rate of each, (T, 1), and how theta after it changes with the rate, (T, n)."""
    steps = formula.last_of(log)
    none, one = (steps.run(given, steps.scalars({**environment, **formula.rule.at_rate(rate)}))["theta"] for rate in (0.0, 1.0))
    return _rate(none, one - none, log.theta.value[1:], weight), np.asarray(one - none)


def stands_still(formula: Formula, log: Log, hyper: Mapping[str, float]) -> bool:
    """True where a state variable keeps its first value throughout, one that is not constant by its nature; at a known rate."""
    setting = {name: np.float64(x).reshape(1, 1) for name, x in hyper.items()}
    with np.errstate(all="ignore"):
        states = _states(formula, log, setting, _environment(formula, log, setting), 1, log.theta.value[:-1, None, :])
    moving = {name for name, x in states.items() if np.any(x[1:] != x[0])}
    return bool({x.name for x in formula.rule.state if not x.constant} - moving)


def forgetful(formula: Formula, log: Log, hyper: Mapping[str, float], rates: Floats) -> Floats:
    """theta after each update, (T, n), of a run whose state is at its first value before every update."""
    setting = {name: np.float64(x).reshape(1, 1) for name, x in hyper.items()}
    shape = (log.updates, 1, log.elements)
    with np.errstate(all="ignore"):
        environment = _environment(formula, log, setting, rates.reshape(-1, 1, 1))
        given = {**_start(formula, log, setting, environment), "theta": log.theta.value[:-1, None, :], "g": log.grad.value[:, None, :]}
        after = formula.whole.run(given, formula.whole.scalars(environment))["theta"]
        return np.array(np.broadcast_to(after, shape)[:, 0])

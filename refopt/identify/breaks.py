"""Breaks of a run: a formula that explains a log up to an update, the loss there, and how much of what follows it explains.

A run that is interrupted and resumed goes on with the formula; what it had not saved starts anew: a state variable, or the
count of updates. Both are read off the log by running the formula along it with that loss.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from refopt.identify.fit import Fit, judge, refine
from refopt.identify.log import Log
from refopt.language.rule import Rule

EVIDENCE = 6
"""Numbers that are known to 1 %, beyond one for each hyperparameter, that a part of a log must show before a formula is told from it:
each agrees by chance in one of 50 formulas, so that a million times a million would be needed for a false one."""
FOLLOWING = 4
"""The same for what follows a break, where every hyperparameter is known: one of some ten losses is told."""
MOST, SET = 8, 2
"""Breaks that are followed; those of them at which theta is set from outside, which explains nothing by itself."""
OFF = 8.0
"""Bounds by which a formula must be off where it is said to break: less may be an imprecise program."""
FOLLOWED = 1000.0
"""Bounds by which a loss may be off and still be followed: the hyperparameters explain all that comes before, and what they leave open is little."""
WINDOW = 6
"""Updates after a break by which what was lost is told."""
LATEST = 2
"""Updates before the first that is off that may be the true break: hyperparameters that are not yet well known hide it so long."""


@dataclass(frozen=True)
class Break:
    """A break before an update.

    update  its number in the log's updates; the first is 1
    lost    state variables that have their first value again
    anew    whether t is 1 again
    moved   theta after this update is not what the formula makes of it: it was set from outside
    """

    update: int
    lost: frozenset[str] = frozenset()
    anew: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Broken:
    """A formula that explains a log from its first update to `until`, over breaks; `fit` is its fit to all of that."""

    fit: Fit
    breaks: tuple[Break, ...]
    until: int


@dataclass(eq=False)
class Begun:
    """A formula that explains the first part of a log, and how far it goes on; each found when it is first asked for.

    fit  to the first part
    few  all updates of few elements, on which other rates are looked for first
    at_other_rates  the same with another rate after its end, where that explains all; None before that is sought
    """

    fit: Fit
    log: Log
    few: Log
    at_other_rates: tuple[Broken, ...] | None = None

    @cached_property
    def first(self) -> Broken | None:
        """The longest beginning of the log that the formula explains; None where that tells nothing."""
        found = Broken(*_longest(self.fit, self.log))
        return found if tells(found.fit) else None

    @cached_property
    def over_breaks(self) -> Broken | None:
        """The same followed past breaks."""
        return None if self.first is None else followed_on(self.first, self.log)


def followed_on(found: Broken, log: Log) -> Broken:
    """The formula followed past its end as far as it explains the log, break after break."""
    while found.until < log.updates and len(found.breaks) < MOST:
        after = _after(found, log)
        if after is None:
            break
        found = after
    return found


def interrupted(log: Log, breaks: Sequence[Break]) -> Log:
    """The log with its breaks."""
    counts = log.times.copy()
    for b in breaks:
        if b.anew:
            counts[b.update - 1 :] = np.arange(1.0, log.updates - b.update + 2)
    lost = {b.update - 1: b.lost for b in breaks if b.lost}
    return replace(log, counts=counts, lost=lost, unmoved=log.unmoved | {b.update - 1 for b in breaks if b.moved})


def losses(rule: Rule, update: int) -> Iterator[Break]:
    """Possible losses before an update: all of it first, then the state, the count, each part."""
    states = tuple(s.name for s in rule.state if not s.constant)
    counts = any(s.name == "t" for let in rule.steps for s in let.value.symbols())
    subsets = [frozenset(x) for n in range(len(states), -1, -1) for x in itertools.combinations(states, n)]
    for anew in (True, False) if counts else (False,):
        yield from (Break(update, lost, anew) for lost in subsets if lost or anew)


def _longest(fit: Fit, log: Log) -> tuple[Fit, tuple[Break, ...], int]:
    """The longest beginning of a log that a formula explains, with the fit to it, from a fit to a shorter one."""
    length = fit.log.updates
    while length < log.updates:
        off = _first_off(fit, log, length)
        if off > length:
            fit = refine(fit, log.part(off))
            length = off
        if off == log.updates:
            break
        longer = refine(fit, log.part(off + 1))
        if longer.worst > 1:
            break
        fit, length = longer, off + 1
    return fit, (), length


def _first_off(fit: Fit, log: Log, known: int) -> int:
    """Number of updates that a fit explains before the first, of those after `known`, that it does not."""
    length = known
    while length < log.updates:
        length = min(2 * length + WINDOW, log.updates)
        part = log.part(length)
        now = judge(fit.rule, part, fit.coordinates, fit.hyper, np.ones(part.grad.value.shape), fit.free)
        off = np.flatnonzero(now.by_update[known:] > 1)
        if off.size:
            return known + int(off[0])
    return log.updates


def _after(found: Broken, log: Log) -> Broken | None:
    """One break more, where one explains what follows."""
    first = found.breaks[-1].update + 1 if found.breaks else 2
    if not is_broken(found, log):
        return None
    for update in range(found.until + 1, max(found.until - LATEST, first) - 1, -1):
        explained = _explained(found, log, update)
        if explained is not None:
            return explained
    return None


def is_broken(found: Broken, log: Log) -> bool:
    """True where the formula is clearly off after what it explains."""
    fit, run = found.fit, interrupted(log, found.breaks).part(min(found.until + WINDOW, log.updates))
    now = judge(fit.rule, run, fit.coordinates, fit.hyper, np.ones(run.grad.value.shape), fit.free)
    return bool(np.max(now.by_update[found.until :], initial=0.0) >= OFF)


def _explained(found: Broken, log: Log, update: int) -> Broken | None:
    fit, length = found.fit, min(update - 1 + WINDOW, log.updates)
    tried = []
    outside = [Break(update, moved=True)] if sum(b.moved for b in found.breaks) < SET else []
    for b in (*losses(fit.rule, update), *outside):
        cut = interrupted(log, (*found.breaks, b)).part(length)
        now = judge(fit.rule, cut, fit.coordinates, fit.hyper, np.ones(cut.grad.value.shape), fit.free)
        tried.append((float(np.max(now.by_update[update - 1 :], initial=0.0)), b, cut))
    for off, b, cut in sorted(tried, key=lambda x: x[0])[:3]:
        if off > FOLLOWED:
            break
        refined = refine(fit, cut)
        if refined.worst <= 1 and tells(refined, update - 1):
            longest, _, until = _longest(refined, interrupted(log, (*found.breaks, b)))
            return Broken(longest, (*found.breaks, b), until)
    return None


def tells(fit: Fit, since: int = 0) -> bool:
    """True where a fit explains its log, and enough numbers from an update on are known to 1 %: of the beginning beyond one for each hyperparameter."""
    seen = (np.abs(fit.log.moved) > 100 * fit.error) & fit.log.judged
    numbers = int(seen[since:].sum()) - (seen.shape[0] - since if fit.free else 0)
    return fit.fits and numbers >= (EVIDENCE + len(fit.coordinates) if since == 0 else FOLLOWING)

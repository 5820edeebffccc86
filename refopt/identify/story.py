"""Explains a run that no formula alone explains: rows skipped or accumulated, a break, a gradient clipped by norm."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from refopt.identify.breaks import WINDOW, Begun, Break, Broken, interrupted, is_broken, losses, tells
from refopt.identify.candidates import Levels
from refopt.identify.candidates import clipped_by_norm as clipping
from refopt.identify.coordinates import sought
from refopt.identify.explain import Found, Tried, answered, explaining, followed, found_of, is_whole, shows_no_state
from refopt.identify.fit import freed
from refopt.identify.formula import formula_of
from refopt.identify.log import FEWEST, Log
from refopt.identify.replay import forgetful
from refopt.identify.rows import Meaning, Rows, meanings, summed

BEGUN = 4
"""Formulas that explain the beginning of a log and are followed past a break: those that explain most of it."""
STARTS = 3
"""Places at which a run that starts late is looked for."""
LIKE_A_START = 1e-2
"""By which an update may differ from a first update with default hyperparameters, in norm, to be looked at as one."""


@dataclass(frozen=True)
class Story:
    """A formula, and what happened to its run.

    found    the formula, fitted to what it explains
    log      all updates, in the meaning that `rows` gives to the rows of the file
    rows     skipped or accumulated, where some are
    breaks   where the run was interrupted
    since    updates that come before what is explained
    until    the last update that is explained
    clipped  whether the gradient is clipped by norm
    also     other formulas that explain as much in the same way
    instead  rows of another meaning with which the same formula explains the log as well
    then     a formula that explains what follows `until`, as a run that starts there
    """

    found: Found
    log: Log
    rows: Rows | None = None
    breaks: tuple[Break, ...] = ()
    since: int = 0
    until: int = 0
    clipped: bool = False
    also: tuple[Found, ...] = ()
    instead: tuple[tuple[Rows, Found], ...] = ()
    then: Found | None = None

    @property
    def whole(self) -> bool:
        """True where every update is explained."""
        return self.since == 0 and self.until == self.log.updates


def accumulated_or_skipped(logs: Sequence[Log], levels: Levels, tried: Tried) -> Story | None:
    """Rows of which theta stands still as what they can mean, with every formula; then with breaks."""
    read = [meaning for log in logs for meaning in meanings(log)]
    for free in (False, True):
        for level in levels.plain:
            for meaning in read:
                if not free or can_be_free(meaning.log):
                    found = explaining(level, meaning.log, tried, free)
                    if found:
                        return _summed(found, meaning, tried)
    story = interrupted_once_more(tried) if read else None
    return None if story is None else replace(story, rows=next(m.rows for m in read if m.log is story.log))


def can_be_free(log: Log) -> bool:
    """True where a rate of its own for each step leaves something to compare: only where there are several elements."""
    return log.lr is None and log.elements > 1


def interrupted_once_more(tried: Tried) -> Story | None:
    """The formulas that explain the beginning of a log, followed past breaks: the first that explains all of it, else the one that explains most."""
    begun = sorted((b for b in tried.begun if b.first is not None and not shows_no_state(b.first.fit)), key=lambda b: _rank(b.first))[:BEGUN]
    known: list[tuple[Broken, Begun]] = []
    for one in begun:
        b, log = one.over_breaks, one.log
        assert b is not None
        story = _broken_story(b, log, tried) if b.until == log.updates and b.breaks else None
        if story is not None:
            return story
        if b.until < log.updates and is_broken(b, log):
            known.append((b, one))
    known.sort(key=lambda x: (-x[0].until, len(x[0].breaks), len(x[0].fit.coordinates)))
    changed = [(other, one) for b, one in known for other in _with_other_rates(b, one)]
    return next((story for b, one in (*changed, *known) if (story := _broken_story(b, one.log, tried)) is not None), None)


def _rank(b: Broken | None) -> tuple[int, int]:
    """Place among formulas that explain the beginning of a log: those that explain most of it first, of these the ones with fewest hyperparameters."""
    return (0, 0) if b is None else (-b.until, len(b.fit.coordinates))


def _broken_story(b: Broken, log: Log, tried: Tried) -> Story | None:
    found = found_of(followed(b.fit, interrupted(log, b.breaks).part(b.until)), Tried(tried.tell))
    return None if found is None or shows_no_state(found.fit) else Story(found, log, breaks=b.breaks, until=b.until)


def _with_other_rates(b: Broken, begun: Begun) -> tuple[Broken, ...]:
    """The same with a loss at the first update that is not explained, and another rate from there on; one at most."""
    if begun.at_other_rates is None:
        begun.at_other_rates = tuple(itertools.islice(_at_other_rates(b, begun), 1))
    return begun.at_other_rates


def _at_other_rates(b: Broken, begun: Begun) -> Iterator[Broken]:
    log, few = begun.log, begun.few
    if not can_be_free(log) or log.headless or b.fit.free or not any(name in b.fit.hyper for name in b.fit.rule.at_rate(None)):
        return
    until = min(log.updates, b.until + WINDOW)
    for loss in losses(b.fit.rule, b.until + 1):
        breaks = (*b.breaks, loss)
        if can_be_free(few) and freed(b.fit, interrupted(few, breaks).part(until)).worst > 1:
            continue
        changed = interrupted(log, breaks)
        fit = followed(freed(b.fit, changed.part(until)), changed)
        if is_whole(fit.log, changed) and tells(fit):
            yield Broken(fit, breaks, log.updates)


def clipped_by_norm(logs: Sequence[Log], levels: Levels, tried: Tried) -> Story | None:
    """Every formula with its gradient clipped by norm: at one rate, then at one for each step."""
    for free in (False, True):
        for log in (x for x in logs if x.norm is not None and (not free or can_be_free(x))):
            found = explaining(levels.by_norm, log, tried, free)
            if found:
                answer, also = answered(found)
                return Story(answer, log, until=log.updates, clipped=True, also=also)
    return None


def clipped_instead(free: Sequence[Found], log: Log, tried: Tried) -> Story | None:
    """One rate and a clip by norm in place of rates that were found freely at each step: far fewer numbers that explain as much."""
    rules = [clipping(f.fit.rule) for f in free]
    found = explaining(rules, log, Tried(tried.tell)) if log.norm is not None else []
    if not found:
        return None
    answer, also = answered(found)
    return Story(answer, log, until=log.updates, clipped=True, also=also)


def in_part(logs: Sequence[Log], levels: Levels, tried: Tried) -> Story | None:
    """A formula that explains the end of a log, as a run that starts there."""
    for log in logs:
        for s in _starts(log, levels)[:STARTS]:
            later = log.since(s)
            found = explaining(levels.named, later, Tried(tried.tell))
            found = [f for f in found if tells(f.fit) and not shows_no_state(f.fit)]
            if found:
                answer, also = answered(found)
                return Story(answer, log, since=s, until=log.updates, also=also)
    return None


def followed_by_another(story: Story, levels: Levels, tried: Tried) -> Story:
    """The story with the formula of a run that starts where it ends, where there is one."""
    if story.since or story.until > story.log.updates - FEWEST:
        return story
    found = [f for f in explaining(levels.named, story.log.since(story.until), Tried(tried.tell)) if tells(f.fit) and not shows_no_state(f.fit)]
    return replace(story, then=answered(found)[0]) if found else story


def _summed(found: Sequence[Found], meaning: Meaning, tried: Tried) -> Story:
    """The mean or the sum of accumulated gradients, whichever leaves more hyperparameters at their defaults, or shorter ones; the other beside it."""
    answer, also = answered(found)
    by_mean = Story(answer, meaning.log, meaning.rows, until=meaning.log.updates, also=also)
    other = summed(meaning)
    others = explaining([answer.fit.rule], other.log, Tried(tried.tell), answer.fit.free) if other is not None else []
    if other is None or not others:
        return by_mean
    by_sum = Story(others[0], other.log, other.rows, until=other.log.updates)
    first, second = (by_mean, by_sum) if _plain(by_mean.found) <= _plain(by_sum.found) else (by_sum, by_mean)
    assert second.rows is not None
    return replace(first, instead=((second.rows, second.found),))


def _plain(found: Found) -> tuple[int, int]:
    """Distance of hyperparameters from those that people write: how many are not the rule's defaults, and the digits of all."""
    defaults = {c.name: c.default for c in found.fit.coordinates}
    told = [o for o in found.hyper if o.recovered]
    return sum(not o.low <= defaults[o.name] <= o.high for o in told), sum(len(o.shortest.replace(".", "").strip("0")) for o in told)


def _starts(log: Log, levels: Levels) -> list[int]:
    """Updates, from the second on, that look like the first of a run for some rule with its default hyperparameters and a rate of its own."""
    if log.elements < 3 or log.updates < 2 * FEWEST:
        return []
    again, likeness = replace(log, counts=np.ones(log.updates), headless=False), np.full(log.updates, np.inf)
    size = np.linalg.norm(log.moved, axis=1)
    with np.errstate(all="ignore"):
        for rule in levels.named:
            hyper = {c.name: c.default for c in sought(rule, log, True)}
            step = forgetful(formula_of(rule), again, hyper, np.ones(log.updates)) - log.theta.value[:-1]
            rate = np.sum(step * log.moved, axis=1, keepdims=True) / np.sum(step * step, axis=1, keepdims=True)
            likeness = np.fmin(likeness, np.linalg.norm(rate * step - log.moved, axis=1) / size)
    at = [int(s) for s in np.argsort(likeness, kind="stable") if likeness[s] <= LIKE_A_START and 0 < s <= log.updates - FEWEST]
    return sorted(at)

"""The answer: which formula made a log, with which hyperparameters, what else this log could come from, and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from refopt.identify.candidates import Levels, levels
from refopt.identify.explain import Found, Tell, Tried, answered, closest, explaining
from refopt.identify.fit import Fit
from refopt.identify.log import Log
from refopt.identify.rows import begins_still, stops
from refopt.identify.sisters import sisters
from refopt.identify.story import (
    Story,
    accumulated_or_skipped,
    can_be_free,
    clipped_by_norm,
    clipped_instead,
    followed_by_another,
    in_part,
    interrupted_once_more,
)
from refopt.language.extent import ELEMENT
from refopt.language.rule import Rule


class Outcome(Enum):
    """The answer in one word.

    IDENTIFIED  a formula of the catalogue made the log, as its rows say
    ALTERED     one made all of it, though not as its rows say: interrupted, skipped, accumulated, clipped by norm
    PART        one made a part of it
    NONE        none
    """

    IDENTIFIED = "identified"
    ALTERED = "altered"
    PART = "part"
    NONE = "none"


class RateKind(Enum):
    """Source of the learning rate: the log, one number that was sought, or one for each step."""

    LOGGED = "logged"
    CONSTANT = "constant"
    FREE = "free"


@dataclass(frozen=True)
class Rates:
    """The learning rate of the first update and of the last; `changes` are its values, with the first update of each, where there are few."""

    kind: RateKind
    first: float
    last: float
    changes: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Identification:
    """Result of identifying a log.

    answer     the formula with the fewest hyperparameters that explains the log, in catalogue order; None where none does
    also       the others that explain it
    story      what else explains the log, or a part of it, where no formula alone explains all
    runner_up  the closest of those that do not
    limits     names of rules of which only a limit explains the log (rho = 1, eps infinite, a state that is forgotten at once):
               that is another formula
    tried      how many formulas were tried
    log        the log in the reading of the answer
    """

    answer: Found | None
    also: tuple[Found, ...]
    story: Story | None
    runner_up: Fit | None
    limits: tuple[str, ...]
    tried: int
    log: Log

    @property
    def outcome(self) -> Outcome:
        """The answer in one word."""
        if self.answer is not None:
            return Outcome.IDENTIFIED
        if self.story is None:
            return Outcome.NONE
        return Outcome.ALTERED if self.story.whole else Outcome.PART

    @property
    def formula(self) -> Found | None:
        """Of the answer, or of the story."""
        return self.answer or (self.story.found if self.story is not None else None)

    @property
    def rates(self) -> Rates | None:
        """The learning rate."""
        return None if self.formula is None else rates_of(self.formula.fit)

    @property
    def ratio(self) -> float | None:
        """Factor by which the runner-up's largest error is larger."""
        if self.answer is None or self.runner_up is None or self.answer.fit.worst == 0:
            return None
        return self.runner_up.worst / self.answer.fit.worst


FEW = 4
"""Values of a rate that are listed."""
ALIKE = 1e-3
"""By which rates that were found one by one may part and still count as one: what is asked of a hyperparameter is ten times that."""


def rates_of(fit: Fit) -> Rates | None:
    """The learning rates of a fit; None where its rule has none."""
    if fit.rule.learning_rate is None:
        return None
    kind = RateKind.LOGGED if fit.log.lr is not None else RateKind.FREE if fit.free else RateKind.CONSTANT
    rates = fit.rates[1:] if fit.log.headless else fit.rates
    changes = [(1 + fit.log.headless, float(rates[0]))]
    for i, rate in enumerate(rates[1:], start=2 + fit.log.headless):
        if abs(rate - changes[-1][1]) > ALIKE * changes[-1][1]:
            changes.append((i, float(rate)))
    return Rates(kind, float(rates[0]), float(rates[-1]), tuple(changes) if 1 < len(changes) <= FEW else ())


def identify(logs: Sequence[Log], only: Rule | None = None, tell: Tell = lambda _: None) -> Identification:
    """Compare a log, in each of its readings, with every formula: the rules, with decay, both at a free rate, with clipping; then
    with what happens to a run: updates skipped or accumulated, a break, a gradient clipped by norm.

    tell  is told the name of each formula that is tried, for a progress line
    """
    tried, level = Tried(tell), levels(only)
    for constant in level.plain:
        for log in (x for x in logs if begins_still(x)):  # a formula may move nothing at first: then no update was skipped
            found = explaining(constant, log, tried)
            if found:
                return _identified(found, constant, log, tried)
        choosing = [r for r in constant if chooses(r)]
        for log in (x for x in logs if stops(x) and not begins_still(x)):  # nor was one where the formula itself takes no step
            found = explaining(choosing, log, tried)
            if found:
                return _identified(found, constant, log, tried)
    story = accumulated_or_skipped(logs, level, tried)
    if story is not None:
        return _told(story, level, tried)
    for constant in level.plain:
        for log in (x for x in logs if not begins_still(x)):
            found = explaining(constant, log, tried)
            if found:
                return _identified(found, constant, log, tried)
        story = interrupted_once_more(tried)
        if story is not None and story.whole:
            return _told(story, level, tried)
    begun = story  # explains a part, and is told where nothing explains more
    for free in level.plain:
        for log in logs:
            found = explaining(free, log, tried, free=True) if can_be_free(log) else []
            story = clipped_instead(found, log, tried) if found else None
            if story is not None:
                return _told(story, level, tried)
            if found:
                return _identified(found, free, log, tried)
    for by_step in (False, True):
        for log in (x for x in logs if not by_step or can_be_free(x)):
            found = explaining(level.by_value, log, tried, by_step)
            if found:
                return _identified(found, level.by_value, log, tried)
    story = clipped_by_norm(logs, level, tried) or begun or in_part(logs, level, tried)
    if story is not None:
        return _told(story, level, tried)
    return Identification(None, (), None, closest(tried.ruled_out, None), _limits(tried), len(tried.names), logs[0])


def _identified(found: Sequence[Found], level: Sequence[Rule], log: Log, tried: Tried) -> Identification:
    answer, also = answered([*found, *sisters(found, level, log, tried)])
    return Identification(answer, also, None, closest(tried.ruled_out, log), _limits(tried), len(tried.names), log)


def _told(story: Story, level: Levels, tried: Tried) -> Identification:
    story = story if story.whole else followed_by_another(story, level, tried)
    return Identification(None, (), story, None, _limits(tried), len(tried.names), story.log)


def _limits(tried: Tried) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tried.limits))


def chooses(rule: Rule) -> bool:
    """True where a sign or a condition on elements decides on a step, so that an update with a gradient may move nothing."""
    return any(node.op in ("sign", "where") and node.extent == ELEMENT for let in rule.steps for node in let.value.walk())

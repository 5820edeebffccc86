"""The answer: which formula made a log, with which hyperparameters, what else this log could come from, and what is next."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from refopt.conformance.identify.candidates import levels
from refopt.conformance.identify.fit import Fit, conditioned, refine, search
from refopt.conformance.identify.formula import formula_of
from refopt.conformance.identify.interval import Open, left_open
from refopt.conformance.identify.joint import LONGEST, jointly
from refopt.conformance.identify.log import Log
from refopt.conformance.identify.replay import forgetful, replay
from refopt.language.rule import Rule

PARTS = ((12, 8), (40, 16))
"""Updates and elements of the parts of a log on which formulas are ruled out, one after the other: what no setting explains
there, none explains on the whole."""
REFINED = 3
"""Formulas ruled out that are fitted to the whole log, to say how far the next best one is."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Rates:
    """The learning rate: `logged`, `constant` (then it stands among the hyperparameters), or `free`, found step by step."""

    kind: str
    first: float
    last: float


@dataclass(frozen=True)
class Found:
    """A formula that explains the log.

    hyper  what the log tells of each hyperparameter
    same   whether its updates are the answer's own numbers on this log, as far as binary64 tells
    """

    fit: Fit
    hyper: tuple[Open, ...]
    same: bool = False

    @property
    def name(self) -> str:
        """Of the rule."""
        return self.fit.rule.name


@dataclass(frozen=True)
class Identification:
    """What a log tells.

    answer     the formula with the fewest hyperparameters that explains the log, in catalogue order; None where none does
    also       the others that explain it
    runner_up  the closest of those that do not
    limits     names of rules of which only a limit explains the log (rho = 1, eps infinite, a state that is forgotten at once):
               that is another formula
    tried      how many formulas were tried
    log        the log in the reading of the answer
    """

    answer: Found | None
    also: tuple[Found, ...]
    runner_up: Fit | None
    limits: tuple[str, ...]
    tried: int
    log: Log

    @property
    def rates(self) -> Rates | None:
        """The learning rate of the answer."""
        if self.answer is None or "lr" not in self.answer.fit.rule.hyper_names:
            return None
        fit = self.answer.fit
        kind = "logged" if self.log.lr is not None else "free" if fit.free else "constant"
        rates = fit.rates[1:] if self.log.headless else fit.rates
        return Rates(kind, float(rates[0]), float(rates[-1]))

    @property
    def ratio(self) -> float | None:
        """How many times worse the runner-up's largest error is."""
        if self.answer is None or self.runner_up is None or self.answer.fit.worst == 0:
            return None
        return self.runner_up.worst / self.answer.fit.worst


def identify(logs: Sequence[Log], only: Rule | None = None, tell: Tell = lambda _: None) -> Identification:
    """Compare a log, in each of its readings, with every formula: the rules, with decay, both at a free rate, with clipping.

    tell  is told the name of each formula that is tried, for a progress line
    """
    ruled_out: list[Fit] = []
    limits: list[str] = []
    tried: set[str] = set()
    named, decaying, clipped = levels(only)
    for free, level, log in (*_each(False, (named, decaying), logs), *_each(True, (named, decaying), logs), *_each(False, (clipped,), logs)):
        rules = [r for r in level if (not free or "lr" in r.hyper_names) and r.name.partition("+")[0] not in limits]
        tried |= {r.name for r in rules}
        fits = list(_explaining(rules, log, free, ruled_out, limits, tell))
        if fits and all(_shows_no_state(f.fit) for f in fits):
            limits += [f.name for f in fits]
        elif fits:
            return _answered(fits, _closest(ruled_out, log), limits, len(tried), log)
    return Identification(None, (), _closest(ruled_out, None), tuple(dict.fromkeys(limits)), len(tried), logs[0])


def _each(free: bool, of: Iterable[tuple[Rule, ...]], logs: Sequence[Log]) -> Iterator[tuple[bool, tuple[Rule, ...], Log]]:
    """What to try: each level of formulas on each reading of the log.

    A rate of its own for each step leaves something to compare only where there are several elements, and a start.
    """
    for level, log in itertools.product(of, logs):
        if not free or (log.lr is None and log.elements > 1 and not log.headless):
            yield free, level, log


def _explaining(rules: Iterable[Rule], log: Log, free: bool, ruled_out: list[Fit], limits: list[str], tell: Tell) -> Iterable[Found]:
    parts = [log.part(min(log.updates, updates), log.spread(elements)) for updates, elements in PARTS]
    for rule in rules:
        tell(rule.name)
        fit = jointly(search(rule, parts[0], free))
        if fit.worst <= 1:
            fit = jointly(search(rule, parts[1], free, fit.hyper))
            if fit.worst <= 1 and not _is_whole(fit.log, log):
                fit = _refined(fit, log)
        if not fit.fits or not conditioned(fit):
            ruled_out.append(fit)
            continue
        hyper, away = left_open(fit)
        if away:
            limits.append(rule.name)
        else:
            yield Found(fit, hyper)


def _shows_no_state(fit: Fit) -> bool:
    """Whether a rule that keeps a state explains the log also without: then what made it is a formula that keeps none."""
    if not fit.rule.state or fit.log.headless:
        return False
    off = np.abs(forgetful(formula_of(fit.rule), fit.log, fit.hyper, fit.rates) - fit.log.theta.value[1:])
    known = fit.weight > 0
    return bool(np.all(off[known] <= fit.error[known]))


def _refined(fit: Fit, log: Log) -> Fit:
    return jointly(refine(fit, log.part(min(log.updates, LONGEST)) if fit.remembers else log))


def _is_whole(part: Log, log: Log) -> bool:
    return (part.updates, part.elements) == (log.updates, log.elements)


def _answered(fits: list[Found], runner_up: Fit | None, limits: list[str], tried: int, log: Log) -> Identification:
    answer = min(fits, key=lambda f: len(f.fit.rule.hyper))
    others = tuple(Found(f.fit, f.hyper, _same_numbers(answer.fit, f.fit)) for f in fits if f is not answer)
    return Identification(answer, others, runner_up, tuple(dict.fromkeys(limits)), tried, log)


def _same_numbers(a: Fit, b: Fit) -> bool:
    """Whether b, with a's hyperparameters and the lower end of those that only it has, gives a's updates."""
    ends = {c.name: c.low for c in b.coordinates}
    hyper = {name: np.array([a.hyper.get(name, ends[name])]) for name in ends}
    if any(np.isinf(x[0]) for x in hyper.values()):
        return False
    own = {name: np.array([x]) for name, x in a.hyper.items()}
    first, second = (replay(formula_of(f.rule), a.log, h, a.weight).theta[0] for f, h in ((a, own), (b, hyper)))
    step = np.abs(first - a.log.theta.value[:-1]) + np.abs(a.log.theta.value[:-1])
    return bool(np.all(np.abs(first - second)[a.log.judged[:, 0]] <= a.log.updates * 2.0**-46 * step[a.log.judged[:, 0]]))


def _closest(ruled_out: Sequence[Fit], log: Log | None) -> Fit | None:
    """Of the formulas that were ruled out, the one whose largest error on the whole log is smallest."""
    known = sorted((f for f in ruled_out if f.worst > 1 and f.sees), key=lambda f: f.worst)
    if log is not None:
        whole = [f if _is_whole(f.log, log) else _refined(f, log) for f in known[:REFINED]]
        known = [f for f in whole if f.worst > 1] or known
    return min(known, key=lambda f: f.worst, default=None)

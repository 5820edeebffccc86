"""Formulas of a level that explain a log, tried on a small part first, since what no setting explains there, none explains on the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from refopt.identify.breaks import Begun
from refopt.identify.coordinates import steps_alone
from refopt.identify.fit import NEARLY, Fit, conditioned, has_valleys, over_norms, refine, search
from refopt.identify.formula import formula_of
from refopt.identify.interval import Open, left_open
from refopt.identify.joint import LONGEST, jointly
from refopt.identify.log import Log
from refopt.identify.replay import forgetful, replay
from refopt.language.rule import Rule

PARTS = ((12, 8), (40, 16))
"""Updates and elements of the parts of a log on which formulas are ruled out, one after the other, after the first one."""
FEW = 16
"""Elements of the last part, which has all updates: what fits a part of the updates is mostly ruled out by later ones, and few elements show that."""
NUMBERS = 16
"""Numbers that the first part has, about: several for each hyperparameter."""
REFINED = 3
"""Formulas ruled out that are fitted to the whole log, to say how far the next best one is."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Found:
    """A formula that explains a log.

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


@dataclass
class Tried:
    """State of the search: the formulas tried so far.

    names      of formulas
    ruled_out  fits that do not explain the log
    begun      fits that explain the first part of it only
    limits     names of rules of which only a limit explains the log
    tell       is told the name of each formula that is tried
    """

    tell: Tell
    names: set[str] = field(default_factory=set)
    ruled_out: list[Fit] = field(default_factory=list)
    begun: list[Begun] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)


def explaining(rules: Sequence[Rule], log: Log, tried: Tried, free: bool = False) -> list[Found]:
    """The formulas that explain a log; none where all of them could do without the state that they keep."""
    chosen = [r for r in rules if (not free or can_be_freed(r, log)) and r.name.partition("+")[0] not in tried.limits]
    tried.names |= {r.name for r in chosen}
    found = list(_explaining(chosen, log, free, tried))
    if found and all(shows_no_state(f.fit) for f in found):
        tried.limits += [f.name for f in found]
        return []
    return found


def can_be_freed(rule: Rule, log: Log) -> bool:
    """True of a rule that can have a rate of its own for each step; where theta before the first update is unknown, its state must not need it."""
    return rule.learning_rate is not None and (not log.headless or formula_of(rule).starts_alike)


def stages(log: Log) -> list[Log]:
    """The parts of a log on which formulas are ruled out, smallest first."""
    elements = max(1, min(log.elements, PARTS[0][1]))
    first = min(PARTS[0][0], max(4, -(-NUMBERS // elements)) + log.headless)
    return [log.part(min(log.updates, updates), log.spread(width)) for updates, width in ((first, elements), *PARTS, (log.updates, FEW))]


def answered(found: Sequence[Found]) -> tuple[Found, tuple[Found, ...]]:
    """The one with the fewest hyperparameters, in catalogue order; and the others."""
    answer = min(found, key=lambda f: len(f.fit.coordinates))
    return answer, tuple(Found(f.fit, f.hyper, same_numbers(answer.fit, f.fit)) for f in found if f is not answer)


def same_numbers(a: Fit, b: Fit) -> bool:
    """True where b, with a's hyperparameters and the lower end of those that only it has, gives a's updates."""
    ends = {c.name: c.low for c in b.coordinates}
    hyper = {name: np.array([a.hyper.get(name, ends[name])]) for name in ends}
    if any(np.isinf(x[0]) for x in hyper.values()):
        return False
    own = {name: np.array([x]) for name, x in a.hyper.items()}
    first, second = (replay(formula_of(f.rule), a.log, h, a.weight).theta[0] for f, h in ((a, own), (b, hyper)))
    step = np.abs(first - a.log.theta.value[:-1]) + np.abs(a.log.theta.value[:-1])
    return bool(np.all(np.abs(first - second)[a.log.judged[:, 0]] <= a.log.updates * 2.0**-46 * step[a.log.judged[:, 0]]))


def closest(ruled_out: Sequence[Fit], log: Log | None) -> Fit | None:
    """Of the formulas that were ruled out, the one whose largest error on the whole log is smallest."""
    known = sorted((f for f in ruled_out if f.worst > 1 and f.sees), key=lambda f: f.worst)
    if log is not None:
        whole = [f if is_whole(f.log, log) else refined(f, log) for f in known[:REFINED]]
        known = [f for f in whole if f.worst > 1] or known
    return min(known, key=lambda f: f.worst, default=None)


def is_whole(part: Log, log: Log) -> bool:
    """True where a part is all of a log."""
    return (part.updates, part.elements) == (log.updates, log.elements)


def refined(fit: Fit, log: Log) -> Fit:
    """The formula fitted to a longer log, of which free rates that are remembered are found for so many updates only."""
    return jointly(refine(fit, log.part(min(log.updates, LONGEST)) if fit.remembers else log))


def followed(fit: Fit, log: Log) -> Fit:
    """A fit to a part of a log that explains the part, fitted to more and more of it as long as it explains that."""
    fit = jointly(fit)
    for longer in (*stages(log)[1:], log):
        if fit.worst > 1:
            break
        if not is_whole(fit.log, longer):
            fit = refined(fit, longer)
    return fit


def found_of(fit: Fit, tried: Tried) -> Found | None:
    """The answer that a fit gives, if it explains its log; None where only a limit of the rule does, or nothing can be claimed."""
    if not fit.fits or not conditioned(fit):
        return None
    hyper, away = left_open(fit)
    if away:
        tried.limits.append(fit.rule.name)
        return None
    return Found(fit, hyper)


def _explaining(rules: Iterable[Rule], log: Log, free: bool, tried: Tried) -> Iterator[Found]:
    parts = stages(log)
    for rule in rules:
        tried.tell(rule.name)
        fit = jointly(search(rule, parts[0], free))
        if fit.worst <= 1 and not fit.remembers:
            tried.begun.append(Begun(fit, log, parts[-1]))
        if fit.worst <= NEARLY and not is_whole(parts[0], parts[1]):
            fit = _searched(fit, parts[1])
        if fit.worst <= 1 and not is_whole(parts[1], parts[2]):
            fit = _searched(fit, parts[2])
        for longer in (parts[3], log):
            if fit.worst <= 1 and not is_whole(fit.log, longer) and not (fit.log is parts[3] and fit.is_blind):
                fit = _searched(fit, longer) if steps_alone(rule) else _among_norms(fit, refined(fit, longer), longer)
        before = len(tried.limits)
        found = found_of(fit, tried)
        if found is not None:
            yield found
        elif len(tried.limits) == before:
            tried.ruled_out.append(fit)


def _searched(fit: Fit, part: Log) -> Fit:
    """The formula on a longer part: from where it stands if that explains the shorter one, else, or in vain, from the starts of a grid as well."""
    near = jointly(refine(fit, part)) if fit.worst <= 1 else None
    if near is not None and near.worst <= 1:
        return near
    return _among_norms(fit, jointly(search(fit.rule, part, fit.free, fit.hyper)), part)


def _among_norms(shorter: Fit, fit: Fit, part: Log) -> Fit:
    """The fit to a longer part, or one in another valley between two norms, where that leaves less."""
    if fit.worst <= 1 or shorter.worst > 1 or not has_valleys(fit.coordinates):
        return fit
    few = part.part(part.updates, part.spread(PARTS[0][1]))
    other = over_norms(shorter, few)
    return min(fit, refined(other, part), key=lambda f: f.worst) if other is not shorter and other.worst <= 1 else fit


def shows_no_state(fit: Fit) -> bool:
    """True where a rule that keeps a state explains the log also without: then what made it is a formula that keeps none."""
    if not formula_of(fit.rule).takes_state or fit.log.headless:
        return False
    off = np.abs(forgetful(formula_of(fit.rule), fit.log, fit.hyper, fit.rates) - fit.log.theta.value[1:])
    known = fit.weight > 0
    return bool(np.all(off[known] <= fit.error[known]))

"""Training code moved from one framework's optimizer to another's: the call to write, exact or nearest, and how far off it is.

Both implementations' own code is read as formulas (proof/); what is exact is proved. A rule of the target is tried with every
setting and switch that the source's features ask for, then the target framework's other classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.errors import RefoptError
from refopt.exact.numbers import mpmath_numbers
from refopt.frameworks import load
from refopt.language.compose import substitute
from refopt.language.evaluate import evaluate, rational
from refopt.language.expression import Expression, scalar
from refopt.language.rule import Rule
from refopt.language.text import infix
from refopt.lifting.lifted import Lifted
from refopt.lifting.unreadable import CannotRead
from refopt.proof.compare import is_rule, relate, without
from refopt.proof.formula import Line, parted, rule_lines, written
from refopt.proof.one_update import OneUpdate
from refopt.proof.related import Same
from refopt.proof.replacement import replacement, scaled
from refopt.proving.lift import lift
from refopt.proving.prove import loaded_from, matching
from refopt.report import words
from refopt.report.call import Call, Value, call
from refopt.report.commands import named
from refopt.report.step_error import StepError, same_steps, worst_error
from refopt.report.target import OPTIONAL, Made, argument_names, configurations, other_classes

SCHEDULES = "refopt translate torch.optim.lr_scheduler.StepLR optax.exponential_decay"
ROUNDED = Fraction(1, 10**13)
"""More than what the rounding of a setting to binary64 does to steps; that the formulas are the same is proved."""
LATE = 10**6
"""The update at which a setting that would have to change from update to update is taken as a fixed one: beta^t is gone by then."""


class Fit(Enum):
    """The grade of a call: how well it does what the source does."""

    EXACT = "exact"
    AT_CONSTANT_RATE = "exact while the learning rate does not change"
    NEAREST = "nearest"


@dataclass(frozen=True)
class Setting:
    """A hyperparameter: what each of the two calls it, and its value in force in each ("" where it has none)."""

    first: str
    second: str
    first_value: str
    second_value: str


@dataclass(frozen=True)
class Port:
    """A call of the target, and how well it does what the source does.

    rate      the learning rate in the call, and `rate_name` what the target calls it
    settings  the hyperparameters of either, with their values in force
    replaced  where a setting is not the source's own: which, and what it is in the source's letters
    worst     where it is not exact: the largest relative error of a step over the usual range
    lines     of each formula, what the other does not have
    """

    fit: Fit
    call: Call
    rate_name: str
    rate: Value
    version: str
    settings: tuple[Setting, ...]
    replaced: Mapping[str, str]
    worst: StepError | None = None
    lines: tuple[tuple[Line, ...], tuple[Line, ...]] = ((), ())
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Translation:
    """The answer to a person who moves from the first implementation to the second.

    port   of the class that was asked for
    other  of another class of the same framework, where that one is exact as it is, and the one asked for is not, or only with a switch turned
    """

    first: str
    version: str
    port: Port
    other: Port | None = None

    @property
    def exit(self) -> int:
        """0 where the class that was asked for can be exact; else 1."""
        return 0 if self.port.fit is Fit.EXACT else 1


@dataclass(frozen=True)
class _Source:
    """The implementation that is moved, its formula, its values in force, and the hyperparameters whose values only the person knows."""

    made: Any
    lifted: Lifted
    rule: Rule
    values: Mapping[str, Fraction]
    unknown: Mapping[str, str]


@dataclass(frozen=True)
class _Found:
    """A fit of one configuration: the values of its hyperparameters, the trees of those that are not the source's own, and whether those change with t."""

    fit: Fit
    made: Made
    values: Mapping[str, Value]
    trees: Mapping[str, Expression]
    worst: StepError | None = None
    changes: bool = False


def translation(first: str, second: str) -> Translation:
    """Move an optimizer. Raises RefoptError where one of the two is a schedule or cannot be read."""
    loaded = [loaded_from(name, None) for name in (first, second)]
    for one in loaded:
        if hasattr(one, "rates"):
            raise RefoptError(f"{one.name} is a schedule, and the other an optimizer", help=f"for example {SCHEDULES}")
    source = _source(loaded[0])
    made = list(configurations(loaded[1], source.rule, loaded[0].settings))
    tried = list(_first_exact(f for one in made if (f := _same(source, one)) is not None))
    if not any(f.fit is Fit.EXACT for f in tried):
        tried += [f for one in made if not one.turned for f in _others(source, one)]
    if not tried:
        read(loaded[1])  # says why
        raise RefoptError(f"{loaded[1].name} cannot be compared with {loaded[0].name}", help=f"refopt prove {named(loaded[1].name)}")
    best = min(tried, key=_rank)
    other = None if best.fit is Fit.EXACT and not best.made.turned else next(_exact_elsewhere(source, loaded[1]), None)
    return Translation(loaded[0].name, loaded[0].version, _port(source, best), None if other is None else _port(source, other))


def _rank(found: _Found) -> tuple[int, Fraction]:
    return list(Fit).index(found.fit), found.worst.size if found.worst is not None else Fraction(0)


def _source(made: Any) -> _Source:
    lifted = read(made)
    names = argument_names(made)
    rule = without(lifted.rule(), {h.name: Fraction(0) for h in lifted.rule().hyper if h.name in OPTIONAL and made.settings.get(h.name) == 0})
    values = {h.name: Fraction(repr(made.settings[h.name])) if h.name in made.settings else h.value(h.default) for h in rule.hyper}
    return _Source(made, lifted, rule, values, {h.name: names.get(h.name, h.name) for h in rule.hyper if h.name not in made.settings})


def _exact_elsewhere(source: _Source, target: Any) -> Iterator[_Found]:
    """Fits of other classes of the target's framework, exact ones only."""
    for name in other_classes(target):
        try:
            made = load(name)
        except RefoptError:
            continue
        for one in configurations(made, source.rule, source.made.settings):
            if not one.turned and (found := _same(source, one)) is not None and found.fit is Fit.EXACT:
                yield found


def _first_exact(found: Iterator[_Found]) -> Iterator[_Found]:
    """Fits up to the first that is exact."""
    for f in found:
        yield f
        if f.fit is Fit.EXACT:
            return


def _formula_of(source: _Source, made: Made) -> Rule | None:
    """The formula of a configuration, with what the source does not have at its value in force; None where it cannot be read."""
    try:
        rule = lift(made.implementation, catalogue.rule(made.implementation.rule)).rule()
    except (CannotRead, RefoptError):
        return None
    own = {h.name for h in source.rule.hyper}
    fixed = {n: Fraction(repr(x)) for n, x in made.implementation.settings.items()} | _constants(source)
    return without(rule, {h.name: fixed.get(h.name, Fraction(h.default)) for h in rule.hyper if h.name not in own})


def _given(source: _Source, rule: Rule) -> dict[str, Value]:
    return {**_constants(source), **{h.name: source.unknown.get(h.name, source.values[h.name]) for h in rule.hyper}}


def _constants(source: _Source) -> dict[str, Fraction]:
    """The hyperparameters that stand in the source's code as numbers: they are arguments of the target, where it has them."""
    return {n: Fraction(x) for n, x in getattr(source.made, "constants", {}).items()}


def _same(source: _Source, made: Made) -> _Found | None:
    """The fit of one configuration with the source's own values; None where it does not."""
    rule = _formula_of(source, made)
    if rule is None or not same_steps(source.rule, rule, source.values, source.values, constant_rate=True):
        return None
    if same_steps(source.rule, rule, source.values, source.values) and is_rule(source.rule, rule):
        return _Found(Fit.EXACT, made, _given(source, rule), {})
    if relate(source.rule, rule).same is Same.AT_CONSTANT_RATE:
        return _Found(Fit.AT_CONSTANT_RATE, made, _given(source, rule), {})
    return None


def _others(source: _Source, made: Made) -> Iterator[_Found]:
    """The fit of one configuration with other values, which are proved, or else with the nearest ones."""
    rule = _formula_of(source, made)
    if rule is None:
        return
    trees, constant = _replaced(rule, source.rule)
    changes = any(s.name == "t" for x in trees.values() for s in x.symbols())
    numbers = {n: _value(x, source.values) for n, x in trees.items()}
    changed = {**source.values, **{n: x for n, x in numbers.items() if x is not None}}
    if not all(h.allows(changed[h.name]) for h in rule.hyper):
        trees, changed = {}, dict(source.values)
    words: dict[str, Value] = {n: _words(x, source) if _needs_words(x, source) and not changes else changed[n] for n, x in trees.items()}
    fits = bool(trees) and not changes and same_steps(source.rule, rule, source.values, changed, constant_rate=constant, within=ROUNDED)
    fit = Fit.NEAREST if not fits else Fit.AT_CONSTANT_RATE if constant else Fit.EXACT
    worst = worst_error(source.rule, rule, source.values, changed) if fit is Fit.NEAREST else None
    yield _Found(fit, made, {**_given(source, rule), **words}, trees, worst, changes)


def _replaced(target: Rule, source: Rule) -> tuple[Mapping[str, Expression], bool]:
    """Each of the target's hyperparameters, in the source's letters, so that it is the source (proved); and whether only at a constant rate."""
    pair = OneUpdate(target, source)
    found = replacement(pair)
    if found is not None:
        return found, False
    multiple = scaled(pair)
    return ({}, False) if multiple is None else (multiple[0], any(s.name in source.at_rate(None) for s in multiple[1][1].symbols()))


def _value(tree: Expression, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a setting, late in a run where it changes; to 17 digits where it is irrational."""
    given = {**values, "t": Fraction(LATE)}
    if all(node.op in ("literal", "symbol", "add", "sub", "mul", "div", "neg") for node in tree.walk()):
        return Fraction(rational(tree, given))
    numbers = mpmath_numbers()
    with numbers.precision(30):
        found = evaluate(tree, {n: int(x) if n == "t" else numbers.number(x) for n, x in given.items()}, numbers.arithmetic)
        return Fraction(repr(float(found))) if hasattr(found, "_mpf_") else None


def _needs_words(tree: Expression, source: _Source) -> bool:
    return any(s.name in source.unknown for s in tree.symbols())


def _words(tree: Expression, source: _Source) -> str:
    """A setting in the words of the person's own code."""
    names = {**argument_names(source.made), **source.unknown}
    return infix(substitute(tree, {s.name: scalar(names[s.name].partition("[")[0]) for s in tree.symbols() if s.name in names}))


def _port(source: _Source, found: _Found) -> Port:
    target = found.made.implementation
    names = argument_names(target)
    wanted = {n: x for n, x in found.values.items() if n in names and (x != 0 or target.settings.get(n) != 0)}
    made = call(target, names, wanted)
    lines = parted(_lines(source.made, source.lifted), _lines(target, read(target))) if found.fit is not Fit.EXACT or found.trees else ((), ())
    settings = tuple(_settings(source.made, target, found.values))
    changing = ", which changes from update to update" if found.changes else ""
    told = {names[n]: _in_words(tree, source) + changing for n, tree in found.trees.items() if n in names}
    assumed = tuple(sorted({words.told(a) for x in (source.lifted, read(target)) for a in x.assumed}))
    rate = source.rule.rate_in(names, ""), source.rule.rate_in(found.values, Fraction(0))
    return Port(found.fit, made, *rate, target.version, settings, told, found.worst, lines, assumed)


def _in_words(tree: Expression, source: _Source) -> str:
    names = argument_names(source.made)
    return infix(substitute(tree, {s.name: scalar(names[s.name]) for s in tree.symbols() if s.name in names}))


def read(implementation: Any) -> Lifted:
    """The implementation's own code as a formula. Raises RefoptError where it cannot be read."""
    try:
        return lift(implementation, catalogue.rule(implementation.rule))
    except CannotRead as reason:
        raise RefoptError(
            f"{implementation.name} cannot be read as a formula: {words.told(reason.reason)}",
            help=f"compare it with the formulas at many points instead: refopt check {named(implementation.name)}",
        ) from None


def _lines(implementation: Any, lifted: Lifted) -> tuple[Line, ...]:
    """The formula as a named rule writes it, where it is one; else in the letters of the rule it is judged by."""
    rule = catalogue.rule(implementation.rule)
    read = lifted.rule()
    if is_rule(rule, read):
        return rule_lines(rule)
    named = next(iter(matching(implementation, rule, lifted, read)), None)
    return rule_lines(named) if named is not None else written(lifted, rule)


def _settings(first: Any, second: Any, values: Mapping[str, Value]) -> Iterator[Setting]:
    names = [argument_names(x) for x in (first, second)]
    for ours in dict.fromkeys((*names[0], *names[1])):
        before, after = first.settings.get(ours), values.get(ours, second.settings.get(ours))
        if before or after or all(ours in n for n in names):
            yield Setting(names[0].get(ours, ""), names[1].get(ours, ""), _shown(before), _shown(after))


def _shown(x: float | Value | None) -> str:
    return "" if x is None else x if isinstance(x, str) else f"{float(x):g}"

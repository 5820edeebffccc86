"""Training code moved from one implementation to another: which settings match, or that none do, and how far apart they are.

Both implementations' own code is read as formulas (proof/); the rest is what `refopt diff` says of two formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from refopt import catalogue
from refopt.errors import RefoptError
from refopt.language.rule import Rule
from refopt.proof.compare import is_rule
from refopt.proof.equality import Equality, compare_rules
from refopt.proof.formula import Line, parted, rule_lines, written
from refopt.proof.lift import lift
from refopt.proof.lifted import Lifted
from refopt.proof.prove import loaded_from, matching
from refopt.proof.remedy import remedy
from refopt.proof.unreadable import CannotRead
from refopt.report.commands import named
from refopt.report.step_ratio import Ratios, step_ratios


@dataclass(frozen=True)
class Setting:
    """A hyperparameter: what each of the two calls it, and what each sets it to where nothing is said ("" where it has none)."""

    first: str
    second: str
    first_default: str
    second_default: str


@dataclass(frozen=True)
class Translation:
    """What there is to say to a person who moves from the first implementation to the second.

    settings  the hyperparameters of either
    equality  of the formulas that they compute, with the same values of hyperparameters of one name
    lines     of each formula, what the other does not have
    spelling  how the second is spelled so that it is proved to be the first, or ""
    ratios    how their steps compare at the first one's default settings, None where they are the same
    assumed   what the proofs take for granted
    """

    first: str
    second: str
    versions: tuple[str, str]
    settings: tuple[Setting, ...]
    equality: Equality
    lines: tuple[tuple[Line, ...], tuple[Line, ...]]
    spelling: str = ""
    ratios: Ratios | None = None
    assumed: tuple[str, ...] = ()

    @property
    def exit(self) -> int:
        """0 where fixed settings match at any rate, or the second can be spelled so; else 1."""
        return 0 if self.equality.same_everywhere or self.spelling or self.fixed else 1

    @property
    def fixed(self) -> bool:
        """Whether settings that do not change from update to update match."""
        e = self.equality
        if e.replaced is None or (e.multiple and "lr" in e.multiple[1]):
            return False
        return not any(s.name == "t" for x in e.replaced.values() for s in x.symbols())


def translation(first: str, second: str) -> Translation:
    """Compare two optimizers' own code. Raises RefoptError where one of them is a schedule or cannot be read."""
    loaded = [loaded_from(name, None) for name in (first, second)]
    for one in loaded:
        if hasattr(one, "rates"):
            raise RefoptError(f"{one.name} is a schedule", help="translate compares optimizers; schedules: refopt prove")
    lifted = [_read(one) for one in loaded]
    defaults = {**loaded[1].settings, **loaded[0].settings}
    rules = [_at(x.rule(), defaults) for x in lifted]
    equality = compare_rules(*rules)
    lines = parted(*(_lines(one, x) for one, x in zip(loaded, lifted, strict=True)))
    same = equality.same_everywhere
    spelling = "" if same else remedy(loaded[1], lambda other: is_rule(rules[0], _read(other).rule()))
    return Translation(
        loaded[0].name, loaded[1].name, (loaded[0].version, loaded[1].version), tuple(_settings(*loaded)), equality, lines, spelling,
        None if same else step_ratios(rules[0], rules[1], equality), tuple(sorted({a for x in lifted for a in x.assumed})),
    )  # fmt: skip


def _read(implementation: Any) -> Lifted:
    try:
        return lift(implementation, catalogue.rule(implementation.rule))
    except CannotRead as reason:
        raise RefoptError(
            f"{implementation.name} cannot be read as a formula: {reason}",
            help=f"compare it with the formulas at many points instead: refopt check {named(implementation.name)}",
        ) from None


def _at(rule: Rule, settings: Mapping[str, float]) -> Rule:
    """The rule with these values as its defaults, where they are inside the domain."""
    hyper = []
    for h in rule.hyper:
        changed = replace(h, default=repr(settings[h.name])) if h.name in settings else h
        try:
            changed.value(changed.default)
        except RefoptError:
            changed = h
        hyper.append(changed)
    return replace(rule, hyper=tuple(hyper))


def _lines(implementation: Any, lifted: Lifted) -> tuple[Line, ...]:
    """The formula as a named rule writes it, where it is one; else in the letters of the rule it is judged by."""
    rule = catalogue.rule(implementation.rule)
    read = lifted.rule()
    if is_rule(rule, read):
        return rule_lines(rule)
    named = next(iter(matching(rule, lifted, read)), None)
    return rule_lines(named) if named is not None else written(lifted, rule)


def argument_names(implementation: Any) -> dict[str, str]:
    """By the glossary's name of a hyperparameter, the implementation's own."""
    if hasattr(implementation, "framework"):
        return {ours: theirs for theirs, ours in implementation.framework.kinds[implementation.kind].items()}
    if hasattr(implementation, "kind"):
        from refopt.conformance.adapters.torch_tables import ARGUMENTS, GLOSSARY

        return {GLOSSARY.get(a, a): {"beta1": "betas[0]", "beta2": "betas[1]"}.get(a, a) for a in ARGUMENTS[implementation.kind]}
    return {name: name for name in implementation.settings}


def _settings(first: Any, second: Any) -> Iterator[Setting]:
    names = [argument_names(x) for x in (first, second)]
    for ours in dict.fromkeys((*names[0], *names[1])):
        values = [one.settings.get(ours) for one in (first, second)]
        if any(values) or all(ours in n for n in names):
            yield Setting(names[0].get(ours, ""), names[1].get(ours, ""), *("" if v is None else f"{v:g}" for v in values))

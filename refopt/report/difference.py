"""Two rules or two schedules side by side: where their formulas part, whether they are the same all the same, by how much
they differ. Everything is generic: it is found from the trees, nothing is said about a pair by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from refopt.errors import RefoptError
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.proof.equality import Equality, agreements, compare_rules, compare_schedules
from refopt.proof.formula import Line, parted, rule_lines
from refopt.report.step_ratio import Ratios, rate_ratios, step_ratios


@dataclass(frozen=True)
class Difference:
    """Difference between two rules or two schedules.

    first, second   their names
    lines           assignments of each that the other does not have
    equality        what is proved, or where they differ
    ratios          how their steps (or rates) compare, None where they are the same
    used_by         for each, who means it
    seen_by         golden cases that tell them apart, the one that does it best first
    """

    first: str
    second: str
    lines: tuple[tuple[Line, ...], tuple[Line, ...]]
    equality: Equality
    ratios: Ratios | None = None
    used_by: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    seen_by: tuple[str, ...] = ()


def difference(first: Rule | Schedule, second: Rule | Schedule) -> Difference:
    """Compare two rules or two schedules. Raises RefoptError where one is a rule and the other a schedule."""
    used_by = (first.used_by, second.used_by)
    if isinstance(first, Rule) and isinstance(second, Rule):
        rule_equality = compare_rules(first, second)
        ratios = step_ratios(first, second, rule_equality) if not rule_equality.same_everywhere else None
        return Difference(first.name, second.name, parted(rule_lines(first), rule_lines(second)), rule_equality, ratios, used_by)
    if isinstance(first, Schedule) and isinstance(second, Schedule):
        equality = compare_schedules(first, second)
        if not equality.same_everywhere:
            equality = replace(equality, agree_when=tuple(agreements(first, second)))
        both = parted(rule_lines(first), rule_lines(second))
        return Difference(first.name, second.name, both, equality, None if equality.same_everywhere else rate_ratios(first, second), used_by)
    rule, schedule = (first, second) if isinstance(first, Rule) else (second, first)
    raise RefoptError(f"{rule.name} is a rule and {schedule.name} a schedule", help="compare two rules or two schedules: refopt list")

"""Additions to a verdict in the headline: hyperparameters that are not taken, and defaults that differ."""

from __future__ import annotations

from collections.abc import Sequence

from refopt.conformance.diagnose.defaults import Beside, Defaults
from refopt.conformance.diagnose.held import Effect, Held
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.words import fixed


def beside(verdict: Verdict) -> str:
    """`; eps fixed at 1e-8` after what the verdict says; "" where there is nothing to say."""
    said = [fixed(verdict.held)] if verdict.held else []
    if verdict.defaults is not None and verdict.defaults.beside is Beside.DIFFER:
        said.append(f"defaults {defaults_told(verdict.defaults)}")
    return "".join(f"; {x}" for x in said)


def defaults_told(defaults: Defaults) -> str:
    """`same`, `differ (beta2 0.95, the rule's 0.999)` or `none`."""
    differing = "; ".join(f"{n} {theirs}, the rule's {ours}" for n, (theirs, ours) in defaults.differing.items())
    return f"{defaults.beside.value} ({differing})" if differing else defaults.beside.value


def is_smaller(finding: Finding) -> bool:
    """True where the formula is a named one that the rule becomes without what is not taken."""
    return finding.verdict == Conformance.VARIANT and any(x.effect is Effect.SMALLER for x in finding.hyperparameters.held)


def lacks(held: Sequence[Held]) -> str:
    """`it has no weight decay, eps fixed at 1e-8`."""
    gone = [x.name.replace("_", " ") for x in held if x.effect is Effect.SMALLER]
    rest = [x for x in held if x.effect is not Effect.SMALLER]
    return f"it has no {' and no '.join(gone)}" + (f"; {fixed(rest)}" if rest else "")

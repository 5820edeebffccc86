"""Terms that are left out: edits that come before any cause of reduced precision that would excuse them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from refopt.conformance.diagnose.edits import Edit, edits
from refopt.language.expression import Expression
from refopt.language.rule import Rule
from refopt.rounding.formats import Format


def dropped_terms(rule: Rule, hyper: Mapping[str, Fraction], f: Format) -> Iterator[Edit]:
    """The edits of a rule that leave out one term of a sum, but for hyperparameters that are zero in the format anyway."""
    for edit in edits(rule):
        term = _left_out(rule, edit.rule)
        if term is not None and not (term.op == "symbol" and _vanishes(hyper.get(str(term.name)), f)):
            yield edit


def _vanishes(x: Fraction | None, f: Format) -> bool:
    return x is not None and f.round(x) == 0


def _left_out(rule: Rule, edited: Rule) -> Expression | None:
    """The term that an edit leaves out; None where it does something else."""
    if [s.name for s in rule.steps] != [s.name for s in edited.steps]:
        return None
    changed = [(a.value, b.value) for a, b in zip(rule.steps, edited.steps, strict=True) if a.value != b.value]
    if len(changed) != 1:
        return None
    old, new = changed[0]
    while True:
        if old.op in ("add", "sub") and new in old.args:
            return old.args[1 - old.args.index(new)]
        differing = [i for i, (x, y) in enumerate(zip(old.args, new.args, strict=False)) if x != y]
        if old.op != new.op or len(old.args) != len(new.args) or len(differing) != 1:
            return None
        old, new = old.args[differing[0]], new.args[differing[0]]

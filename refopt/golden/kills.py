"""Which golden case sees which mutant, in which format.

A mutant is killed in a format where exact mutant and exact rule differ by more than 4 bounds at a kept step: no
simulated arithmetic, the same on every machine. What is not killed is proved equivalent, or listed with the largest
gap found.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import open_loop
from refopt.golden.document import hash_of
from refopt.golden.loops import exact_hyper
from refopt.golden.model import Case
from refopt.golden.mutants import Mutant, mutants
from refopt.language.decimal_text import decimal_exponent, decimal_text
from refopt.language.evaluate import binary64
from refopt.language.rule import Rule
from refopt.rounding.formats import FORMATS

KILLS = "KILLS.json"
FORMAT = "refopt.kills/1"
MARGIN = 4
"""Bounds by which a mutant must be off: one for the implementation, one for the mutant's own rounding, and twice that."""
DIGITS = 60


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: by format the case that kills it; or proved equivalent; or the largest gap in bounds."""

    mutant: Mutant
    killed: dict[str, str]
    is_equivalent: bool
    gap: dict[str, str]


@dataclass(frozen=True)
class Kills:
    """The text of a KILLS.json, and one line about it."""

    text: str
    summary: str


def kills_text(rule: Rule, cases: Sequence[Case]) -> Kills:
    """The kills of a rule's cases, as the file and as a line."""
    found = fates(rule, cases)
    document: dict[str, Any] = {
        "format": FORMAT,
        "rule": rule.name,
        "fingerprint": rule.fingerprint,
        "killed": {f.mutant.id: {"edit": f.mutant.edit, **f.killed} for f in found if f.killed},
        "equivalent": {f.mutant.id: f.mutant.edit for f in found if f.is_equivalent},
        "listed": {
            f.mutant.id: {"edit": f.mutant.edit, "gap": f.gap, "reason": REASON} for f in found if f.gap and not f.is_equivalent
        },
    }  # fmt: skip
    document["hash"] = hash_of(document)
    lines = [f' "{k}": ' + (_block(v) if isinstance(v, dict) else json.dumps(v)) for k, v in document.items()]
    seen = sum(len(f.killed) == len(FORMATS) for f in found if not f.is_equivalent)
    return Kills("{\n" + ",\n".join(lines) + "\n}\n", f"sees {seen} of {sum(not f.is_equivalent for f in found)} edits")


REASON = "the largest difference over all cases, in bounds; at least 4 are needed for a kill"


def _block(entries: dict[str, Any]) -> str:
    if not entries:
        return "{}"
    return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in entries.items()) + "\n }"


def fates(rule: Rule, cases: Sequence[Case]) -> list[Fate]:
    """What becomes of every mutant of a rule, in the order of its mutants."""
    judged = sorted((c for c in cases if c.kind in ("open_loop", "resume") and len(c.params) == 1 and c.params[0].shape == (67,)), key=_first)
    return [_fate(m, rule, judged) for m in mutants(rule)]


def _first(case: Case) -> tuple[int, str]:
    """Cases that see most come first, so that most mutants need few runs."""
    order = ("low", "rate", "eps", "ramp", "zeros", "decay", "resume")
    return next((i for i, word in enumerate(order) if word in case.id), len(order)), case.id


def _fate(mutant: Mutant, rule: Rule, cases: Sequence[Case]) -> Fate:
    killed: dict[str, str] = {}
    largest: dict[str, Fraction] = dict.fromkeys(FORMATS, Fraction(0))
    if is_equivalent(mutant, rule):
        return Fate(mutant, {}, True, {})
    for case in cases:
        open_formats = [d for d in case.dtypes if d not in killed]
        if not open_formats:
            continue
        for d, gap in _gaps(mutant, rule, case, open_formats).items():
            if gap is None or gap > MARGIN:
                killed[d] = case.id
            else:
                largest[d] = max(largest[d], gap)
    gap_texts = {d: _rounded(largest[d]) for d in FORMATS if d not in killed}
    return Fate(mutant, {d: killed[d] for d in FORMATS if d in killed}, False, gap_texts)


def _rounded(x: Fraction) -> str:
    """Three digits, rounded down."""
    if x == 0:
        return "0"
    e = decimal_exponent(x)
    return decimal_text(int(x / Fraction(10) ** (e - 2)), e - 2)


def _gaps(mutant: Mutant, rule: Rule, case: Case, dtypes: Sequence[str]) -> dict[str, Fraction | None]:
    """By format: the largest difference between mutant and rule in bounds; None where the mutant's values are not finite."""
    numbers = mpmath_numbers()
    parameter = case.params[0]
    state0 = None if parameter.state0 is None else {n: [binary64(x) for x in v] for n, v in parameter.state0.items()}
    try:
        steps = open_loop(
            mutant.rule, hyper=exact_hyper(case, rule), theta0=[binary64(x) for x in parameter.theta0],
            gradients=[[binary64(x) for x in row[0] or ()] for row in case.grads[: max(case.keep) - case.t0 + 1]],
            lr=None if case.lr is None else [binary64(x) for x in case.lr[: max(case.keep) - case.t0 + 1]],
            state0=state0, t0=case.t0, digits=DIGITS,
        )  # fmt: skip
        by_step = {s.t: {n: [numbers.interval(x)[0] for x in v] for n, v in {"theta": s.theta, **s.state}.items()} for s in steps}
    except (ArithmeticError, TypeError, ValueError, AttributeError):
        return dict.fromkeys(dtypes)
    found: dict[str, Fraction | None] = dict.fromkeys(dtypes, Fraction(0))
    for e in case.expect:
        golden = e.params[0]
        for name in ("theta", *rule.state_names):
            exact = golden.theta if name == "theta" else golden.state[name]
            for i, (x, text) in enumerate(zip(by_step[e.t][name], exact, strict=True)):
                distance = abs(x - Fraction(text))
                if not distance:
                    continue
                for d in dtypes:
                    bound = golden.bound[d][name][i]
                    if bound != "inf" and found[d] is not None:
                        found[d] = max(found[d] or Fraction(0), distance / Fraction(bound)) if bound != "0" else None
    return found


def is_equivalent(mutant: Mutant, rule: Rule) -> bool:
    """Whether a mutant is the same formula: equal at random rational points, and then proved so by SymPy."""
    if any(a.initial != b.initial for a, b in zip(mutant.rule.state, rule.state, strict=True)):
        return False
    import sympy as sp

    ours, theirs = rule.closed_form(), mutant.rule.closed_form()
    rng = random.Random(f"equivalent {mutant.id}")
    for name in ours:
        difference = ours[name] - theirs[name]
        if difference == 0:
            continue
        point = {s: sp.Integer(rng.randint(2, 5)) if s.is_integer else sp.Rational(rng.randint(1, 99), 100) for s in difference.free_symbols}
        value = difference.subs(point)
        if value.is_finite is False or abs(sp.N(value, 40)) > sp.Rational(1, 10**30):
            return False
        if sp.simplify(difference) != 0:
            return False
    return True

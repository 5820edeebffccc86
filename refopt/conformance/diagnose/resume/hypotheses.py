"""Hypotheses about what loading loses: each is replayed, the plainest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from refopt.conformance.judge.resume.cut import Cut
from refopt.conformance.judge.resume.loss import Exchanged, Forgotten, Miscounted, Narrowed, Reset, What
from refopt.language.rule import Rule
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, Format

NARROW = (FLOAT32, BFLOAT16, FLOAT16)


def hypotheses(rule: Rule, f: Format, formats: Mapping[str, Format], settings: Mapping[str, float], cuts: Sequence[Cut]) -> Iterator[What]:
    """Variables that start anew; the count; formats; hyperparameters; variables in each other's place."""
    states = tuple(s.name for s in rule.state if not s.constant)
    counts = counts_updates(rule)
    subsets = [c for n in range(1, len(states) + 1) for c in combinations(states, n)]
    for chosen in subsets:
        yield Reset(chosen, whole=chosen == states and not counts)
    if counts:
        yield Reset((), count=True, whole=not states)
        for chosen in subsets:
            yield Reset(chosen, count=True, whole=chosen == states)
        yield from (Miscounted(by) for by in (1, -1))
    widest = {s: formats.get(s, f) for s in states}
    for narrow in NARROW:
        for chosen in subsets:
            if all(narrow.u > widest[s].u for s in chosen):
                yield from (Narrowed(chosen, narrow, kept) for kept in (False, True))
    yield from forgotten(rule, settings, cuts)
    yield from (Exchanged(a, b) for a, b in combinations(states, 2))


def counts_updates(rule: Rule) -> bool:
    """True where the number of the update stands in the formula."""
    return any(str(s.name) == "t" for let in rule.steps for s in let.value.symbols())


def forgotten(rule: Rule, settings: Mapping[str, float], cuts: Sequence[Cut]) -> Iterator[What]:
    """Hyperparameters at a default again; the rate also at what it was at the start of the run."""
    for h in rule.hyper:
        for value in dict.fromkeys((float(settings[h.name]) if h.name in settings else None, float(h.value(h.default)))):
            if value is not None:
                yield Forgotten(h.name, repr(value))
    starts = {x for c in cuts for x in (rule.rate_in(c.request.hyper, None), c.request.lr[0] if c.request.lr else None) if x is not None}
    yield from (Forgotten(name, repr(x)) for name in rule.at_rate(None) for x in sorted(starts))

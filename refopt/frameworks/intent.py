"""The rule that a name says: of a class, of its base classes, of a function. What something happens to compute says nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
"""The words of an identifier: `MyAdamW` is My, Adam, W."""
OTHERS = frozenset(
    ("belief", "cautious", "centralized", "diff", "factor", "free", "grams", "hyper", "lookahead", "max", "mini", "optimistic", "quasi", "rectified",
     "restarts", "sam", "sign", "sparse")
)  # fmt: skip
"""Words that make another algorithm of a rule that they stand beside: AdaFactor, CautiousAdam, ScheduleFreeAdam."""
CURVES = frozenset(
    ("exponential", "exp", "poly", "polynomial", "inverse", "inv", "sqrt", "rsqrt", "decay", "annealing", "cosine", "constant", "restarts", "stable", "wsd",
     "cyclic", "cycle", "triangular", "noam", "multi")
)  # fmt: skip
"""Words of schedules' shapes."""
SHORT = {"cosine": "cosine_annealing", "cosinedecay": "cosine_annealing", "exponentialdecay": "exponential", "exponentiallr": "exponential"}
"""Shorter names of schedules, meant where a name says nothing else but that it is a schedule."""
OF_SCHEDULES = frozenset(
    ("lr", "learning", "rate", "schedule", "scheduler", "decay", "get", "make", "my", "fn", "func", "custom", "simple", "own", "new", "wrong", "buggy", "bad")
)
"""Words beside such a name, or beside a schedule's name of one word, that say nothing else."""
SCHEDULES = frozenset({"schedule", "scheduler"})
"""Words that say that a schedule is meant, whatever else is named."""
PREFIXES = frozenset({"my", "tf", "np", "pt", "cs", "hf", "sk"})
"""Words of two letters that are no algorithm's."""
NESTEROV, MOMENTA = "nesterov", frozenset({"momentum", "sgd"})


def rule_in(name: str) -> str | None:
    """The rule or schedule that an identifier names in whole words, the longest; None where it names none, or another algorithm.

    `MyAdamW` names adamw, `AdamWithLinearDecay` adam and `linear_decay` the schedule; `QHAdam`, `AdamP`, `Adafactor` and `CautiousAdam` are
    algorithms of their own.
    """
    words = [w.lower() for w in WORDS.findall(name)]
    if "warmup" in words or ("warm" in words and "up" in words):
        return _with_warmup(words)
    spans = ((start, stop) for start in range(len(words)) for stop in range(start + 1, len(words) + 1))
    found = [(known, words[:start], words[stop:]) for start, stop in spans if (known := _names().get("".join(words[start:stop]))) is not None]
    if NESTEROV in words:
        found = [x for x in found if x[0] not in MOMENTA]
        if len({x[0] for x in found}) > 1:  # NesterovAdam is NAdam
            return None
    found = _of_one_sort(found, words)
    best = max(found, key=lambda x: len(x[0]), default=None)
    if best is None:
        said = [w for w in words if w not in OF_SCHEDULES]
        return None if set(words) & OTHERS else SHORT.get("".join(said)) if said else None
    rule, before, after = best
    if rule in _schedules():
        before, after = ([w for w in x if w not in OF_SCHEDULES] for x in (before, after))
    return None if {*before, *after} & OTHERS or any(_another(w) for w in before[-1:]) or _another_after(after) else rule


def _is_another(name: str) -> bool:
    """True for a name that says a rule or an algorithm, and is none of those here."""
    words = [w.lower() for w in WORDS.findall(name)]
    spans = ((start, stop) for start in range(len(words)) for stop in range(start + 1, len(words) + 1))
    said = {_names().get("".join(words[start:stop]), "") for start, stop in spans} - {""}
    return bool(set(words) & OTHERS) or any(n not in _schedules() or "_" in n for n in said)


Found = tuple[str, list[str], list[str]]
"""The name of a rule or schedule, and the words before and after it."""


def _of_one_sort(found: list[Found], words: list[str]) -> list[Found]:
    """Rules, where any is named, or schedules; the other way round where the name says that it is a schedule.

    A schedule's name of one word is an ordinary word, `linear`: it is meant where nothing else is said. Beside another rule, momentum is a part of it.
    """
    is_said = bool(SCHEDULES & set(words))
    curves = [x for x in found if x[0] in _schedules() and (is_said or "_" in x[0] or {*x[1], *x[2]} <= OF_SCHEDULES)]
    rules = [x for x in found if x[0] not in _schedules()]
    rules = [x for x in rules if x[0] not in MOMENTA] or rules
    return (curves or rules) if is_said else (rules or curves)


def _with_warmup(words: list[str]) -> str | None:
    """The schedule of a name that has a warm-up: that alone, or with the one shape that has a name here. A line down has none."""
    shapes = {w for w in words if w in CURVES}
    last = max(i for i, w in enumerate(words) if w in ("warmup", "up"))
    if {"restarts", "hard"} & set(words) or ("linear" in words and words[last - 1 : last] != ["linear"]):
        return None
    if "cosine" in shapes:
        return "warmup+cosine_annealing" if shapes <= {"cosine", "decay", "annealing"} else None
    return "warmup" if shapes <= {"constant"} else None


def _another(word: str) -> bool:
    """True where a word beside a rule's name is so short that it makes another name: N, Q, QH."""
    return word.isalpha() and len(word) <= 2 and word not in PREFIXES


def _another_after(words: list[str]) -> bool:
    """The same of the words after the name; a version (`V2`) is none."""
    return bool(words) and _another(words[0]) and not (words[0] == "v" and words[1:2] and words[1].isdigit())


@cache
def _schedules() -> frozenset[str]:
    """The names of all schedules."""
    from refopt.catalogue import schedules

    return frozenset(s.name for s in schedules())


@cache
def _names() -> dict[str, str]:
    """By the plain letters of its name, every rule and schedule."""
    from refopt.catalogue import rules, schedules

    return {n.replace("_", "").replace("+", ""): n for n in (*(r.name for r in rules()), *(s.name for s in schedules()))}


def intent(made: Any) -> str | None:
    """The rule or schedule that the name of a class, an instance's class, a base class or a function says; None where none does.

    A name that is another algorithm's says so of what its base classes are: LookaheadAdam is no Adam, whatever it is made from.
    """
    if isinstance(made, type):
        saying = next((base.__name__ for base in made.__mro__ if rule_in(base.__name__) is not None or _is_another(base.__name__)), "")
        return rule_in(saying)
    named = getattr(made, "__name__", None)
    return rule_in(named) if isinstance(named, str) else intent(type(made))

"""Screen of `refopt identify`: the answer first, then what it rests on, then what this log cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from refopt.identify.explain import Found
from refopt.identify.interval import Open
from refopt.identify.log import Log, Recorded
from refopt.identify.verdict import Identification, Outcome, RateKind, Rates
from refopt.report import run_story
from refopt.report.wrap import folded

READINGS = {"at": "each row's gradient was taken at its theta", "to": "each row's gradient led to its theta", "": "one row more of theta than of gradients"}


LAST = {
    Outcome.ALTERED: "a formula explains this log, but not as its rows say",
    Outcome.PART: "a formula explains a part of this log only",
    Outcome.NONE: "no formula of the catalogue explains this log",
}
CLOSE = 1000.0
"""Units beyond which nobody is told which formula is the closest."""


def screen(found: Identification, recorded: Recorded, file: str) -> list[str]:
    """The screen of an identification, at most 80 columns."""
    parts = [_answer(found, file), _hyper(found), _distance(found), _indistinguishable(found), _limits(found), _read_as(found, recorded), _next(found)]
    lines = [line for part in parts if part for line in (*part, "")][:-1]
    return lines if found.answer else [*lines, "", f"exit 1: {LAST[found.outcome]}"]


def as_json(found: Identification, recorded: Recorded, file: str) -> dict[str, Any]:
    """The identification as one JSON object."""
    answer, next_best, rates = found.formula, found.runner_up, found.rates
    return {
        "kind": "footer", "complete": True, "file": file, "verdict": found.outcome.value,
        "rule": run_story.rule_name(found.story) if found.story else answer.name if answer else None,
        "hyper": {o.name: _open_json(o) for o in answer.hyper} if answer else {},
        "story": None if found.story is None else run_story.as_json(found.story),
        "rate": None if rates is None else _rate_json(rates),
        "worst_ratio": answer.fit.worst if answer else None,
        "runner_up": None if next_best is None else {"rule": next_best.rule.name, "worst_ratio": _finite(next_best.worst)},
        "ratio_to_runner_up": _finite(found.ratio),
        "indistinguishable_from": [
            {"rule": f.name, "same_numbers": f.same, "worst_ratio": f.fit.worst, "hyper": {o.name: _open_json(o) for o in f.hyper}} for f in found.also
        ],
        "limits": list(found.limits), "tried": found.tried, "reading": found.log.reading or "given", "updates": found.log.updates,
        "elements": found.log.elements, "elements_in_file": len(recorded.names), "number_format": recorded.number_format.name,
        "printed": recorded.printed, "ignored": list(recorded.ignored), "exit": 0 if found.answer else 1,
    }  # fmt: skip


def _rate_json(rates: Rates) -> dict[str, Any]:
    changes = [{"update": update, "rate": rate} for update, rate in rates.changes]
    return {"kind": rates.kind.value, "first": rates.first, "last": rates.last, "changes": changes}


def _open_json(o: Open) -> dict[str, Any]:
    return {"value": float(o.shortest), "fitted": o.value, "low": o.low, "high": _finite(o.high), "recovered": o.recovered}


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None


def _answer(found: Identification, file: str) -> list[str]:
    name = file if len(file) <= 40 else f"...{file[-37:]}"
    if found.formula is None:
        text = f"None of {found.tried} formulas explains these {_count(found.log)}, whatever their hyperparameters."
        if found.log.lr is None and found.log.elements == 1:
            text += " That is at one rate for all updates: of a rate that changes, log it, or more than one element."
        return [f"{name:<30} none", "", *folded(text, 0)]
    fit = found.formula.fit
    if found.story is not None:
        how = f"{_count(fit.log)} are explained so, within what digits and rounding allow; the largest error is {_short(fit.worst)} of that."
        return [f"{name:<30} {run_story.headline(found.story)}", "", *(line for x in (*run_story.sentences(found.story), how) for line in folded(x, 2))]
    text = f"Every one of {_count(fit.log)} is within what the log's digits and rounding allow; the largest error is {_short(fit.worst)} of that."
    return [f"{name:<30} {found.formula.name}", "", *folded(text, 0)]


def _count(log: Log) -> str:
    updates = log.updates - log.headless
    return f"{updates} updates of {log.elements} elements" if log.elements > 1 else f"{updates} updates"


def _hyper(found: Identification) -> list[str]:
    answer, rates = found.formula, found.rates
    if answer is None:
        return []
    rows = [(o.name, o.shortest, _ends(o)) if o.recovered else (o.name, *_unknown(o)) for o in answer.hyper]
    if rates is not None and rates.kind is RateKind.LOGGED:
        rows.insert(0, ("lr", *_rate_texts(rates, "as logged")))
    if rates is not None and rates.kind is RateKind.FREE:
        rows.insert(0, ("lr", *_rate_texts(rates, "not logged: found step by step")))
    widths = [max(len(row[i]) for row in rows) for i in range(2)] if rows else []
    return [line for row in rows for line in folded(f"  {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}", 2 + sum(widths))]


def _rate_texts(rates: Rates, how: str) -> tuple[str, str]:
    if rates.first == rates.last and not rates.changes:
        return f"{rates.first:.4g}", how
    if not rates.changes:
        return f"{rates.first:.4g} .. {rates.last:.4g}", f"{how}, first and last"
    return ", ".join(f"{rate:.4g}" for _, rate in rates.changes), f"{how}; changes at update {', '.join(str(at) for at, _ in rates.changes[1:])}"


def _ends(o: Open) -> str:
    if o.low == o.high:
        return ""
    digits = max(3, 2 - math.floor(math.log10(max(o.high - o.low, 1e-300))) + math.floor(math.log10(max(o.high, 1e-300))))
    return f"between {o.low:.{min(digits, 12)}g} and {o.high:.{min(digits, 12)}g}"


def _unknown(o: Open) -> tuple[str, str]:
    """Of a hyperparameter that is not known to 1 %: its value, "?" where it is open from zero on, and what fits."""
    if o.low <= 0:
        return "?", "this log does not tell" if math.isinf(o.high) else f"anything up to {o.high:.3g} fits"
    return f"about {o.value:.2g}", f"anything between {o.low:.3g} and {o.high:.3g} fits"


def _distance(found: Identification) -> list[str]:
    rows = [(f.name, _short(f.fit.worst)) for f in (found.answer,) if f is not None]
    if found.runner_up is not None and (found.answer is not None or found.runner_up.worst <= CLOSE):
        times = f"   ({_short(found.ratio)} times as far)" if found.ratio is not None else ""
        label = "next best: " if found.answer else "closest: "
        rows.append((f"{label}{found.runner_up.rule.name}", f"{_short(found.runner_up.worst)}{times}"))
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {'formula':<{width}}   error/bound", *(f"  {name:<{width}}   {text}" for name, text in rows)] if rows else []


def _indistinguishable(found: Identification) -> list[str]:
    """Other explanations of the log. That there is none is said of what was tried only, and not of rates that were found one by one."""
    also = found.also if found.story is None else found.story.also
    if not also:
        if found.rates is not None and found.rates.kind is RateKind.FREE:
            return folded("The rate was found freely at each step: a clip by norm, a schedule or any factor on the whole update would hide in it.", 0)
        if found.answer is None:
            return []
        return folded(f"No other of the {found.tried} formulas that were tried explains it.", 0)
    lines = ["This log cannot tell it from:"]
    same, other = ([f for f in also if f.same is s] for s in (True, False))
    lines += folded(f"  the same numbers here   {_names(same)}", 24) if same else []
    lines += folded(f"  within its digits       {_names(other)}", 24) if other else []
    if found.rates is not None and found.rates.kind is RateKind.FREE:
        lines += folded("and the rate was found freely at each step: a clip by norm or any factor on the whole update would hide in it.", 0)
    return lines


def _names(formulas: Sequence[Found]) -> str:
    return ", ".join(f.name.removesuffix("+clip_norm") for f in formulas)


def _limits(found: Identification) -> list[str]:
    if not found.limits or found.formula is not None:
        return []
    return folded(f"A limit (a share of 0 or 1, eps without end) would explain it, which is another formula than the rule: {', '.join(found.limits)}", 0)


def _read_as(found: Identification, recorded: Recorded) -> list[str]:
    text = f"Read as: {recorded.printed}; {READINGS[found.log.reading]}"
    if found.log.elements < len(recorded.names):
        text += f"; {found.log.elements} of {len(recorded.names)} elements looked at"
    if recorded.ignored:
        text += f"; not used: {', '.join(recorded.ignored[:6])}"
    return folded(f"{text}.", 0)


def _next(found: Identification) -> list[str]:
    if found.formula is None:
        return ["What there is:  refopt list rules"]
    plain = found.formula.name.partition("+")[0]
    lines = [f"The formula:    refopt show {plain}"]
    other = next((f.name for f in found.also if not f.same and "+" not in f.name), None)
    return [*lines, f"What differs:   refopt diff {plain} {other}"] if other else lines


def _short(x: float | None) -> str:
    return "-" if x is None else f"{x:.3g}"

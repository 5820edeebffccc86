"""The answer of `prove` as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from refopt.proof.formula import Line
from refopt.proving.answer import Answer, Differs, Unreadable
from refopt.report import opinion_words
from refopt.report.words import told


def lines(answer: Answer) -> Iterator[dict[str, Any]]:
    """The answer as JSON lines; the last one holds the verdict."""
    asked = answer.asked
    formula, witness, matches, reason = None, None, None, None
    if isinstance(answer, Differs):
        formula = "; ".join(f"{x.name} <- {x.value}" for x in answer.yours)
        witness = dict(answer.witness.point)
        matches = list(answer.matches) if len(answer.matches) > 1 else (answer.matches or (None,))[0]
        yield {"kind": "formula", "yours": _pairs(answer.yours), "reference": _pairs(answer.reference)}
        yield {"kind": "witness", "point": witness, "yours": answer.witness.second, "reference": answer.witness.first,
               "multiple": None if answer.multiple is None else [answer.multiple.state, answer.multiple.factor], "remedy": answer.remedy or None}  # fmt: skip
    elif isinstance(answer, Unreadable):
        reason = told(answer.reason)
    by = None if isinstance(answer, Unreadable) else answer.checked_by
    yield {
        "kind": "footer", "complete": True, "implementation": asked.implementation, "rule": asked.rule, "verdict": answer.verdict,
        "matches": matches, "formula": formula, "witness": witness, "reason": reason, "route": asked.route or None,
        "assumed": list(map(told, asked.assumed)), "defaults": {d.name: [d.own, d.rule] for d in asked.defaults},
        "shapes": list(dict.fromkeys(str(f.shape) for f in asked.frames)), "formats": list(dict.fromkeys(f.dtype for f in asked.frames)),
        "place": asked.place or None, "need": getattr(answer, "need", "") or None,
        "checked_by": None if by is None else opinion_words.told(by), "exit": answer.exit,
    }  # fmt: skip


def _pairs(formula: tuple[Line, ...]) -> list[dict[str, str]]:
    return [{"name": x.name, "value": x.value} for x in formula]

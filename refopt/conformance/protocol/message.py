"""Requests and answers as plain values, for another process."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from refopt.conformance.protocol.implementation import Answer, NoAnswer, Ran, Request, Skipped, Snapshot
from refopt.conformance.protocol.reason import plain as plain_reason
from refopt.conformance.protocol.reason import reason_of
from refopt.conformance.protocol.saved import Saved
from refopt.rounding.formats import FORMATS


def packed(request: Request) -> dict[str, Any]:
    """A request; what it is to load stands as bytes in it."""
    plain = {f.name: getattr(request, f.name) for f in fields(request)}
    state0 = None if request.state0 is None else tuple(dict(s) for s in request.state0)
    load = None if request.load is None else {"content": request.load.content, "names": request.load.names, "holds_rate": request.load.holds_rate}
    return {**plain, "format": request.format.name, "hyper": dict(request.hyper), "state0": state0, "load": load}


def request_of(plain: dict[str, Any]) -> Request:
    """The request again."""
    load = None if plain["load"] is None else Saved(**plain["load"])
    return Request(**{**plain, "format": FORMATS[plain["format"]], "load": load})


def packed_answer(answer: Answer) -> dict[str, Any]:
    """An answer; what was saved in it is left out."""
    if isinstance(answer, Skipped):
        return {"skipped": plain_reason(answer.reason)}
    if isinstance(answer, NoAnswer):
        return {"message": answer.message, "t": answer.t, "broken": answer.broken}
    return {"before": _snapshot(answer.before), "after": [_snapshot(s) for s in answer.after]}


def _snapshot(s: Snapshot) -> dict[str, Any]:
    return {"theta": s.theta, "state": tuple(dict(b) for b in s.state), "counters": s.counters}


def answer_of(plain: dict[str, Any]) -> Answer:
    """The answer again."""
    if "skipped" in plain:
        return Skipped(reason_of(plain["skipped"]))
    if "message" in plain:
        return NoAnswer(**plain)
    return Ran(Snapshot(**plain["before"]), tuple(Snapshot(**s) for s in plain["after"]))

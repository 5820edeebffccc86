"""The JSON Schema of the messages of `refopt-harness/1`. `oneOf` them is a line; `$defs` has each under its own name."""

from __future__ import annotations

from typing import Any

from refopt.golden.protocol_texts import HARNESS as TEXTS
from refopt.golden.protocol_texts import everywhere

NUMBER = r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[nN][aA][nN]|[iI]nf(inity)?)"
"""A number in an answer, as programs print it: JavaScript's Infinity, C's -nan and Rust's NaN are understood."""

_ANSWERED = {"type": "string", "pattern": f"^{NUMBER}$"}
_SENT = {"type": "string", "pattern": r"^(-?[0-9]+(\.[0-9]+)?(e-?[0-9][0-9]+)?|-?inf|nan)$"}
_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}
_YES = {"type": "boolean"}
_REASON = {"type": "string", "pattern": r"\S"}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _map(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_GIVEN = _list(_list(_or_null(_list(_SENT))))
_NAMES = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
_SKIPPED = _object({"seq": _COUNT, "skipped": {"const": True}, "reason": _REASON})
_REJECTED = _object({"seq": _COUNT, "rejected": {"const": True}, "message": _TEXT})
_FAILED = _object({"seq": _COUNT, "failed": {"const": True}, "message": _TEXT})

MESSAGES: dict[str, dict[str, Any]] = {
    "start": _object({"cmd": {"const": "start"}, "protocol": {"const": 1}}),
    "start_answer": _object(
        {
            "protocol": {"const": 1},
            "implementation": _object({"name": _TEXT}, {"language": _TEXT, "version": _TEXT}),
            "dtypes": {"type": "array", "items": {"enum": ["float64", "float32", "bfloat16", "float16"]}, "uniqueItems": True},
        },
        {
            "rules": _map(_object({"hyper": _NAMES}, {"state": _NAMES, "resume": _YES, "courses": _YES, "defaults": _map(_ANSWERED), "inputs": _NAMES})),
            "schedules": _map(_object({"hyper": _NAMES})),
        },
    ),
    "run": _object({
        "cmd": {"const": "run"}, "seq": _COUNT, "rule": _TEXT, "dtype": _TEXT, "hyper": _map(_SENT), "lr": _or_null(_list(_SENT)),
        "params": _list(_object({"shape": _list(_COUNT), "theta0": _list(_SENT), "state0": _or_null(_map(_list(_SENT)))})),
        "t0": {"type": "integer", "minimum": 1}, "grads": _GIVEN, "keep": _list(_COUNT),
    }, {"courses": _map(_list(_SENT)), "inputs": _map(_GIVEN)}),
    "run_answer": {"oneOf": [
        _object({"seq": _COUNT, "params": _list(_object({"theta": _list(_list(_ANSWERED))}, {"state": _list(_map(_list(_ANSWERED)))}))}),
        _SKIPPED, _REJECTED, _FAILED,
    ]},
    "schedule": _object({"cmd": {"const": "schedule"}, "seq": _COUNT, "schedule": _TEXT, "hyper": _map(_SENT), "steps": _list(_COUNT)}),
    "schedule_answer": {"oneOf": [_object({"seq": _COUNT, "lr": _list(_ANSWERED)}), _SKIPPED, _REJECTED, _FAILED]},
    "stop": _object({"cmd": {"const": "stop"}}),
}  # fmt: skip

MEANT = {
    "start": "the first line, to the program", "start_answer": "who it is, and what it takes", "run": "a run that is to be carried out",
    "run_answer": "its values, or why there are none", "schedule": "rates that are asked for", "schedule_answer": "the rates, or why there are none",
    "stop": "the last line: the program ends",
}  # fmt: skip
"""Each message, in words."""

HARNESS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A line of the protocol refopt-harness/1",
    "anyOf": [{"$ref": f"#/$defs/{name}"} for name in MESSAGES],
    "$defs": {name: {"description": MEANT[name], **everywhere(message, TEXTS)} for name, message in MESSAGES.items()},
}

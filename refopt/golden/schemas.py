"""The JSON Schemas of the public formats, and the head of the list of errata, as they are written into the golden folder."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from refopt.golden import schema_texts as texts
from refopt.golden.formats_page import page
from refopt.golden.harness_schema import HARNESS
from refopt.golden.model import CLASSES, FORMAT, KINDS, PROBE_KINDS, RESULTS
from refopt.golden.protocol_texts import FOOTER, everywhere
from refopt.golden.schema_texts import CASE, EXPECTED, FILE, PARAMETER, PROBE, SHAPE, VALUES, described
from refopt.rounding.formats import FORMATS

_NUMBER = {"type": "string", "pattern": r"^(-?\d+(\.\d+)?(e-?\d\d+)?|-?inf|nan)$"}
_ROW = {"type": "array", "items": _NUMBER}
_NAMED_ROWS = {"type": "object", "additionalProperties": _ROW}
_NAMED_NUMBERS = {"type": "object", "additionalProperties": _NUMBER}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_CLASSES = {"type": "array", "items": {"enum": list(CLASSES)}}
_COUNTS = {"type": "array", "items": {"type": "integer", "minimum": 0}}


def _object(texts: dict[str, str], required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = described({**required, **(optional or {})}, texts)
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


_PARAMETER = _object(PARAMETER, {"shape": _COUNTS, "tile": {"type": "integer", "minimum": 0}, "theta0": _ROW}, {"state0": _or_null(_NAMED_ROWS)})
_EXPECTED = _object(EXPECTED, {
    "t": {"type": "integer", "minimum": 1},
    "params": {"type": "array", "items": _object(
        VALUES, {"theta": _ROW, "state": _NAMED_ROWS}, {"bound": {"type": "object", "additionalProperties": _NAMED_ROWS}})},
})  # fmt: skip
_GRADIENTS = {"type": "array", "items": {"type": "array", "items": _or_null(_ROW)}}
_ID = {"type": "string", "pattern": r"^[a-z0-9_.+]+-[a-z0-9-]+-\d{3}$"}
_ONE_OR_MORE = {"type": "integer", "minimum": 1}
_CASE = _object(
    CASE,
    {
        "id": _ID, "comment": {"type": "string"}, "kind": {"enum": list(KINDS)},
        "result": {"enum": list(RESULTS)}, "probes": _TEXTS, "dtypes": _TEXTS, "hyper": _NAMED_NUMBERS,
    },
    {
        "lr": _or_null(_ROW), "courses": _NAMED_ROWS, "params": {"type": "array", "items": _PARAMETER}, "t0": {"type": "integer", "minimum": 1},
        "grads": _GRADIENTS, "inputs": {"type": "object", "additionalProperties": _GRADIENTS}, "period": _ONE_OR_MORE, "updates": _ONE_OR_MORE,
        "keep": _COUNTS, "expect": {"type": "array", "items": _EXPECTED}, "expect_own": {"type": "array", "items": _EXPECTED},
        "objective": {"type": "string"}, "objective_hyper": _NAMED_NUMBERS,
        "samples": {"type": "array", "items": _COUNTS}, "schedule": {"type": "string"}, "schedule_hyper": _NAMED_NUMBERS,
        "steps": _COUNTS, "rates": _ROW, "rate_bound": _ROW, "hyper_expected": _NAMED_NUMBERS, "outcome": _CLASSES, "reason": {"type": "string"},
    },
)  # fmt: skip
_SHAPE = _object(SHAPE, {"shape": {"type": "array", "items": _ONE_OR_MORE}, "tile": _ONE_OR_MORE}, {"first": {"type": "integer", "minimum": 0}})
_LIKE = _object(CASE, {
    "id": _ID, "comment": {"type": "string"}, "probes": _TEXTS, "like": _ID, "shapes": {"type": "array", "items": _SHAPE, "minItems": 1},
    "keep": {**_COUNTS, "minItems": 1},
})  # fmt: skip
"""A case whose numbers are those of another one in the file, in tensors of other shapes."""
_PROBE = _object(PROBE, {"kind": {"enum": list(PROBE_KINDS)}, "description": {"type": "string"}, "effect": {"type": "string"}}, {"links": _TEXTS})
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

GOLDEN = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A golden file of refopt",
    **_object(FILE, {
        "format": {"const": FORMAT}, "rule": {"type": "string"}, "fingerprint": _HASH, "latex": {"type": "string"},
        "source": {"type": "string"}, "command": {"type": "string"}, "probes": {"type": "object", "additionalProperties": _PROBE},
        "cases": {"type": "array", "items": {"oneOf": [_CASE, _LIKE]}}, "hash": _HASH,
    }),
}  # fmt: skip

_EDIT = {"type": "string"}
_KIND = {"enum": ["where", "when", "sent", "course"]}
_BY_FORMAT = dict.fromkeys(FORMATS, _ID)
KILLED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A list of kills of refopt: which case sees which mutant, in which format",
    **_object(texts.KILLS, {
        "format": {"const": "refopt.kills/1"}, "rule": {"type": "string"}, "fingerprint": _HASH,
        "killed": {"type": "object", "additionalProperties": _object(texts.KILLED, {"edit": _EDIT}, {"kind": _KIND, **_BY_FORMAT})},
        "equivalent": {"type": "object", "additionalProperties": _EDIT},
        "listed": {"type": "object", "additionalProperties": _object(
            texts.LISTED, {"edit": _EDIT, "gap": _NAMED_NUMBERS, "reason": {"type": "string"}}, {"kind": _KIND})},
        "hash": _HASH,
    }),
}  # fmt: skip

_COUNT = {"type": "integer", "minimum": 0}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_ANSWER = {
    "verdict": {"enum": ["conforms", "variant", "deviates", "no_answer", "skipped"]}, "matches": _TEXTS, "edit": _TEXT_OR_NULL,
    "precision": {"enum": ["full", "reduced"]}, "cause": _TEXT_OR_NULL,
}  # fmt: skip
_OF_DTYPE = {
    **_ANSWER, "worst_ratio": _TEXT_OR_NULL, "claims": _COUNT, "no_claims": _COUNT,
}  # fmt: skip
_OF_SOME = {
    "theta_claims": _COUNT, "deciding_claims": _COUNT, "cases": _COUNT, "decided_cases": _COUNT, "reason": {"type": "string"}, "stood_still": {},
    "resume": {"type": "object"}, "doors": {"type": "array"},
}  # fmt: skip
_DTYPE = {"type": "object", "properties": {**_OF_DTYPE, **_OF_SOME}, "required": list(_OF_DTYPE)}
_WHOLE = {
    "kind": {"const": "footer"}, "complete": {"const": True}, "implementation": {"type": "string"}, "rule": {"type": "string"}, **_ANSWER,
    "ambiguous": {"type": "boolean"}, "nearest": {}, "indistinguishable_from": _TEXTS, "known_bugs": _TEXTS, "hidden_state": {"type": "boolean"},
    "dtypes": {"type": "object", "additionalProperties": _DTYPE}, "exit": {"type": "integer"},
}  # fmt: skip
_BESIDE = {
    "defaults": {"type": ["string", "null"], "pattern": r"^(same|none|differ \(.+\))$"}, "fixed": {"type": "object", "additionalProperties": _NUMBER},
    "isolated": {"type": "boolean"}, "looked_at": {"type": "object"}, "resume": {"type": ["object", "null"]},
}  # fmt: skip
REPORT_FOOTER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The last line of a report of refopt check",
    **everywhere({"type": "object", "properties": {**_WHOLE, **_BESIDE}, "required": list(_WHOLE)}, FOOTER),
}

OWN: dict[str, dict[str, Any]] = {"golden-1.json": GOLDEN, "kills-1.json": KILLED, "harness-1.json": HARNESS, "report-footer-1.json": REPORT_FOOTER}
"""The schemas that stand in the golden folder, by the name of their file."""
TREE: dict[str, Any] = json.loads(files("refopt.generated.json").joinpath("_schema.json").read_text(encoding="utf-8"))
"""The schema of the formulas as JSON, which stands beside them."""

SCHEMAS: dict[str, str] = {
    **{f"schema/{name}": json.dumps(schema, indent=1) + "\n" for name, schema in OWN.items()},
    "schema/README.md": page({**OWN, "../../refopt/generated/json/_schema.json": TREE}),
}
"""By path below the golden folder: the schemas, and the page of all their fields."""

ERRATA = """# Errata

Wrong values that were published, one line each: id, old, new, why it was missed. A wrong value raises the patch number
of the version in MANIFEST.json.

None so far.
"""

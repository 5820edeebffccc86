"""Answers held against the JSON Schema of the protocol (`--validate`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refopt.conformance.programs.json_wire import Check
from refopt.conformance.programs.unreadable import Unreadable, plain
from refopt.errors import RefoptError
from refopt.golden.harness_schema import HARNESS


def schema_check() -> Check:
    """A check of every answer. Raises RefoptError where jsonschema is not installed."""
    try:
        import jsonschema
    except ImportError:
        raise RefoptError("--validate needs jsonschema, which is not installed", help="pip install jsonschema") from None
    made = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"items": _items(jsonschema.Draft202012Validator.VALIDATORS["items"])})
    validators = {
        name: made({"$schema": HARNESS["$schema"], "$defs": HARNESS["$defs"], "$ref": f"#/$defs/{name}"})
        for name in ("start_answer", "run_answer", "schedule_answer")
    }

    def check(kind: str, answer: Mapping[str, Any]) -> None:
        error = jsonschema.exceptions.best_match(validators[kind].iter_errors(answer))
        if error is not None:
            raise Unreadable(f"not as schema/harness-1.json says: {error.json_path}: {plain(error.message, 100)}", in_step=True)

    return check


def _items(general: Any) -> Any:
    """The keyword `items`; texts of one pattern, as every row of numbers is, are looked at all at once, and one by one where they are not all right."""

    def items(validator: Any, of: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        if isinstance(instance, list) and isinstance(of, dict) and of.keys() == {"type", "pattern"} and of["type"] == "string":
            matches = re.compile(of["pattern"]).search
            if "prefixItems" not in schema and all(isinstance(x, str) and matches(x) for x in instance):
                return
        yield from general(validator, of, instance, schema)

    return items

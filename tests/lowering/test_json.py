"""The published tree: it fits its schema, and from it alone come the written tree and the fingerprint."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest

from refopt.catalogue import rules, schedules
from refopt.language.expression import OPERATIONS, Expression, pi
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import canonical
from refopt.lowering.generate import folder, path_of
from refopt.lowering.json import TOLD, module, tree
from tests.language.reading import random_tree

SCHEMA = json.loads((folder("json") / "_schema.json").read_text())
CONCEPTS = (*rules(variants=True), *schedules(variants=True))
each_concept = pytest.mark.parametrize("concept", CONCEPTS, ids=lambda c: c.name)


def _prefix(x: Any) -> str:
    """A tree of the file in the canonical prefix form."""
    if isinstance(x, str):
        return x
    op, *args = x
    if op in ("literal", "constant"):
        return str(args[0])
    mark = f"[{args.pop()}]" if op in TOLD else ""
    return f"({op}{mark} {' '.join(map(_prefix, args))})"


@each_concept
def test_a_committed_tree_fits_its_schema(concept: Rule | Schedule) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is checked where jsonschema is installed")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(path_of(concept, "json").read_text()))


def test_the_schema_knows_every_operation() -> None:
    named = next(x["prefixItems"][0]["enum"] for x in SCHEMA["$defs"]["tree"]["oneOf"] if "enum" in x.get("prefixItems", [{}])[0])
    assert named == list(OPERATIONS)


@each_concept
def test_the_fingerprint_comes_from_what_stands_in_the_file(concept: Rule | Schedule) -> None:
    found = json.loads(module(concept))
    lines = [f"{found['kind']} {found['name']}"]
    lines += [f"hyper {h['name']} {h['default']} {' '.join(map(_prefix, h['domain']))}" for h in found["hyper"]]
    lines += [f"input {x['name']} {x['role']}" for x in found.get("inputs", ())]
    if "state" in found:
        lines += [f"state {s['name']} {_prefix(s['initial'])} {s['extent']} {s['kind']} {s['constant']}" for s in found["state"]]
        lines += [f"let {s['name']} {_prefix(s['value'])}" for s in found["steps"]]
    if "rate" in found:
        lines += [f"rate {_prefix(found['rate'])}", f"recursion {'none' if found['recursion'] is None else _prefix(found['recursion'])}"]
    assert hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest() == found["fingerprint"] == concept.fingerprint


def test_a_tree_of_any_shape_is_in_the_file_as_it_was_written() -> None:
    for seed in range(300):
        written: Expression = random_tree(random.Random(seed), 5)
        assert _prefix(json.loads(tree(written))) == canonical(written), f"seed {seed}"
    assert json.loads(tree(pi)) == ["constant", "pi"]

"""Formats of text: CSV, an array a line; JSON; JSON Lines, a case a line."""

from __future__ import annotations

import json as notation
import math
from collections.abc import Sequence

from refopt.golden.export.arrays import Named
from refopt.golden.export.compare import PYTHON

CSV = '''\
import csv
import sys

csv.field_size_limit(sys.maxsize)
arrays = {}
with open("FILE", newline="") as stream:
    for row in csv.DictReader(stream):
        arrays[row["name"]] = [float(x) for x in row["values"].split()]
''' + PYTHON

JSON = '''\
import json

with open("FILE") as stream:
    golden = json.load(stream)["arrays"]
arrays = {  # no claim is made where the bound is null
    name: [float("inf") if x is None else float(x) for x in array["values"]] for name, array in golden.items()
}
''' + PYTHON

JSON_LINES = '''\
import json

arrays = {}
with open("FILE") as stream:
    cases = [json.loads(line) for line in stream]
for case in cases:
    for name, array in case["arrays"].items():  # no claim is made where the bound is null
        arrays[case["case"] + "/" + name] = [float("inf") if x is None else float(x) for x in array["values"]]
''' + PYTHON


def csv(arrays: Sequence[Named]) -> bytes:
    """name, shape, values: an array a line, its values with a space between."""
    lines = [f"{a.name},{'x'.join(map(str, a.shape))},{' '.join(map(repr, a.values))}" for a in arrays]
    return ("\n".join(["name,shape,values", *lines]) + "\n").encode()


def json_lines(arrays: Sequence[Named]) -> bytes:
    """A JSON object a case: its id, and its arrays by what follows the id in their names."""
    cases: dict[str, dict[str, object]] = {}
    for a in arrays:
        case, _, name = a.name.partition("/")
        cases.setdefault(case, {})[name] = _json(a)
    return "".join(notation.dumps({"case": case, "arrays": found}, allow_nan=False) + "\n" for case, found in cases.items()).encode()


def _json(a: Named) -> dict[str, object]:
    return {"shape": list(a.shape), "values": [None if math.isinf(x) else x for x in a.values]}


def json(arrays: Sequence[Named]) -> bytes:
    """JSON numbers; null for an infinite bound, which JSON has no number for."""
    found = {a.name: _json(a) for a in arrays}
    return (notation.dumps({"format": "refopt.export/1", "arrays": found}, allow_nan=False) + "\n").encode()

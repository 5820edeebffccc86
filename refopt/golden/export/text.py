"""Formats of text: CSV, a number a line, and JSON."""

from __future__ import annotations

import json as notation
import math
from collections.abc import Sequence

from refopt.golden.export.arrays import Named

CSV = '''\
import csv

arrays = {}
with open("FILE", newline="") as stream:
    for row in csv.DictReader(stream):
        arrays.setdefault(row["name"], []).append(float(row["value"]))
for name, values in arrays.items():
    print(name, len(values), repr(values[-1]))
'''

JSON = '''\
import json

for name, array in json.load(open("FILE"))["arrays"].items():
    values = [float("inf") if x is None else float(x) for x in array["values"]]  # no claim is made where the bound is null
    print(name, len(values), repr(values[-1]) if values else "-")
'''


def csv(arrays: Sequence[Named]) -> bytes:
    """name, shape, index, value. An array without elements has no line."""
    lines = ["name,shape,index,value"]
    for a in arrays:
        shape = "x".join(map(str, a.shape))
        lines += [f"{a.name},{shape},{i},{x!r}" for i, x in enumerate(a.values)]
    return ("\n".join(lines) + "\n").encode()


def json(arrays: Sequence[Named]) -> bytes:
    """JSON numbers; null for an infinite bound, which JSON has no number for."""
    found = {a.name: {"shape": list(a.shape), "values": [None if math.isinf(x) else x for x in a.values]} for a in arrays}
    return (notation.dumps({"format": "refopt.export/1", "arrays": found}, allow_nan=False) + "\n").encode()

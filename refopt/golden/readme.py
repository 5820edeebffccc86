"""The page of the golden folder: what is in it, and one case of it, annotated field by field from the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from refopt.golden.schemas import GOLDEN

README = "README.md"
FILE, CASE = "momentum/open_loop.json", "momentum-open-zero-002"
"""The case that is shown: short, with a state, and with bounds in several formats."""
WIDTH = 140
PAGE = """# Golden data

Exact trajectories of every rule, variant and schedule of refopt, for any program in any language: inputs, the values that follow from them to 40 digits, and
for each value the largest error that rounding alone can cause in binary64, binary32, bfloat16 and binary16. Nothing in it was chosen: digits are certified,
bounds are derived, and every single edit of a formula is seen by some case.

* `<rule>/*.json`, `<rule>/<variant>/*.json`, `<schedule>/schedule.json`: cases, by what they are there to see.
* `<rule>/courses.json`: a case in which hyperparameters other than the rate change from update to update, all those for which the text of the rule
  decides what that means. Left out are those in a scalar that the number of the update stands in as well (`1 - beta^t` may be meant as a product of
  values, or as a power of the last one), and those that a state starts from.
* `<rule>/KILLS.json`: which case sees which edit of the formula.
* `MANIFEST.json`: every file with its hash; `ERRATA.md`: wrong values that were published.
* `schema/`: JSON Schemas, and [every field of every format](schema/README.md).

An implementation computes the rule where every value it gives is within its bound: `|value - exact| <= bound`, both as they stand here. A bound of `inf`
says nothing of that value. Elements repeat: element i of a tensor is distinct element i mod `tile`. Numbers are decimal texts, since a JSON number is
binary64 to most readers.

`refopt golden verify` computes all of it again, offline; `refopt golden build` writes it, this page too; `refopt golden export` writes other formats.

## One case, field by field

`{case}` of [`{file}`]({file}). A field that comes twice is explained once.

```jsonc
{annotated}
```
"""


def readme(folder: Path) -> str | None:
    """The page, with the case as it stands in the folder; None where it is not there."""
    try:
        file = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    case = next(c for c in file["cases"] if c["id"] == CASE)
    probes = {name: file["probes"][name] for name in case["probes"]}
    shown = {**file, "probes": probes, "cases": [case]}
    return PAGE.format(case=CASE, file=FILE, annotated="\n".join(_lines(shown, GOLDEN, "", set())))


def _lines(value: Any, schema: Mapping[str, Any], indent: str, told: set[str]) -> Iterator[str]:
    """JSON with the description of each field in a comment above it."""
    inner = f"{indent}  "
    if isinstance(value, dict) and (fields := _fields(schema, value)) is not None:
        yield f"{indent}{{"
        for i, (name, x) in enumerate(value.items()):
            field = fields.get(name, {})
            text = field.get("description", "")
            if text and text not in told:
                told.add(text)
                yield from (f"{inner}// {line}" for line in wrap(text, WIDTH - len(inner)))
            rows = list(_lines(x, field, inner, told))
            rows[0] = f"{inner}{json.dumps(name)}: {rows[0].lstrip()}"
            yield from _ended(rows, i < len(value) - 1)
        yield f"{indent}}}"
    elif isinstance(value, list) and any(isinstance(x, dict) for x in value):
        yield f"{indent}["
        for i, x in enumerate(value):
            yield from _ended(list(_lines(x, schema.get("items", {}), inner, told)), i < len(value) - 1)
        yield f"{indent}]"
    elif len(json.dumps(value)) > WIDTH and isinstance(value, dict | list):
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        rows = [f"{json.dumps(k)}: {json.dumps(x)}" for k, x in value.items()] if isinstance(value, dict) else list(map(json.dumps, value))
        yield from (f"{indent}{opening}", *(f"{inner}{row}{',' if i < len(rows) - 1 else ''}" for i, row in enumerate(rows)), f"{indent}{closing}")
    else:
        yield f"{indent}{json.dumps(value)}"


def _ended(rows: list[str], more: bool) -> list[str]:
    return [*rows[:-1], f"{rows[-1]},"] if more else rows


def _fields(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schemas of an object's fields, in the choice that has them all; None where its names are free and its values are plain."""
    choices = [*schema.get("oneOf", ()), *schema.get("anyOf", ()), schema]
    named = next((c["properties"] for c in choices if value.keys() <= c.get("properties", {}).keys()), None)
    if named is not None:
        return dict(named)
    free = next((c["additionalProperties"] for c in choices if isinstance(c.get("additionalProperties"), dict)), None)
    return {key: {k: x for k, x in free.items() if k != "description"} for key in value} if free is not None and "properties" in free else None

"""Every field of every public format has a description, and the pages of the golden folder are made from the schemas and the data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refopt.golden import readme, schemas, store
from refopt.golden.manifest import manifest_text
from refopt.golden.verify import check_manifest

ROOT = store.packed_root()
EVERY = {**schemas.OWN, "tree": schemas.TREE}


def _fields(schema: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for x in schema:
            yield from _fields(x, at)
    elif isinstance(schema, dict):
        for name, field in (schema["properties"] if isinstance(schema.get("properties"), dict) else {}).items():
            yield f"{at}.{name}", field
        for key, x in schema.items():
            yield from _fields(x, f"{at}.{key}")


@pytest.mark.parametrize("name", EVERY)
def test_every_field_of_a_schema_says_what_it_is(name: str) -> None:
    found = list(_fields(EVERY[name]))
    assert len(found) > 10
    assert not [place for place, field in found if len(str(field.get("description", "")).split()) < 2]


@pytest.mark.parametrize("name", EVERY)
def test_the_page_of_formats_has_every_field_with_its_description(name: str) -> None:
    page = schemas.SCHEMAS["schema/README.md"]
    chapter = page.partition(f"## {EVERY[name]['title']}\n")[2].partition("\n## ")[0]
    for place, field in _fields(EVERY[name]):
        last = re.escape(place.rpartition(".")[2])
        assert re.search(rf"^\| `(\S+\.)?{last}`( \?)? \|.*\| {re.escape(field['description'])} \|$", chapter, re.M), place


def test_the_committed_pages_are_those_of_the_schemas_and_the_data() -> None:
    for path, text in schemas.SCHEMAS.items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, path
    assert (ROOT / readme.README).read_text(encoding="utf-8") == readme.readme(ROOT)


def test_the_annotated_case_is_the_one_in_its_file_and_every_field_of_it_is_explained() -> None:
    page = (ROOT / readme.README).read_text(encoding="utf-8")
    block = page.partition("```jsonc\n")[2].partition("```")[0]
    shown = json.loads("\n".join(line for line in block.splitlines() if not line.lstrip().startswith("//")))
    file = json.loads((ROOT / readme.FILE).read_text(encoding="utf-8"))
    assert shown["cases"] == [c for c in file["cases"] if c["id"] == readme.CASE]
    assert {n: x for n, x in shown.items() if n not in ("cases", "probes")} == {n: x for n, x in file.items() if n not in ("cases", "probes")}
    words = " ".join(line.strip().removeprefix("// ") for line in block.splitlines() if line.lstrip().startswith("//"))
    case = EVERY["golden-1.json"]["properties"]["cases"]["items"]["oneOf"][0]["properties"]
    assert all(case[name]["description"] in words for name in shown["cases"][0])


def test_a_page_that_was_edited_by_hand_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / readme.FILE
    path.parent.mkdir(parents=True)
    path.write_bytes((ROOT / readme.FILE).read_bytes())
    page = readme.readme(tmp_path)
    assert page is not None and readme.readme(tmp_path / "nowhere") is None
    for text, wrong in ((page, False), (page.replace("One case", "A case"), True)):
        (tmp_path / readme.README).write_text(text, encoding="utf-8")
        (tmp_path / store.MANIFEST).write_text(manifest_text(tmp_path), encoding="utf-8")
        assert any("not the page of these files" in x for x in check_manifest(tmp_path).other) is wrong

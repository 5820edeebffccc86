"""Access to golden files, by rule and by case."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from refopt.errors import RefoptError, unknown_name
from refopt.golden.document import hash_of, load, read
from refopt.golden.model import FORMAT, Case, GoldenFile

MANIFEST = "MANIFEST.json"
NOT_CASES = ("KILLS.json",)


def packed_root() -> Path:
    """The golden files that came with this refopt: beside the code in a wheel, at the top of a source checkout."""
    here = Path(__file__).resolve().parent
    packed = here / "data"
    return packed if packed.is_dir() else here.parents[1] / "golden"


def root() -> Path:
    """./golden where it holds a manifest of this format, else the packed copy."""
    local = Path("golden")
    try:
        if json.loads((local / MANIFEST).read_text(encoding="utf-8")).get("format") == FORMAT:
            return local.resolve()
    except (OSError, ValueError, AttributeError):
        return packed_root()
    return packed_root()


def paths(base: Path, name: str | None = None) -> list[Path]:
    """The golden files of one rule, variant or schedule, or all of them, in the order of their paths."""
    if name is not None:
        return sorted(p for p in (base / name).glob("*.json") if p.name not in NOT_CASES)
    return sorted(p for p in base.glob("*/**/*.json") if p.name not in NOT_CASES and p.relative_to(base).parts[0] != "schema")


def files(name: str, base: Path | None = None) -> list[GoldenFile]:
    """The golden files of a rule, variant or schedule. Raises UnknownName where there are none."""
    return list(_files(name, base or packed_root()))


@cache
def _files(name: str, base: Path) -> tuple[GoldenFile, ...]:
    found = paths(base, name)
    if not found:
        known = sorted({str(p.parent.relative_to(base)) for p in paths(base)})
        raise unknown_name("golden file of", name, known, listing="refopt list cases")
    return tuple(load(p) for p in found)


def cases(name: str | None = None, base: Path | None = None) -> list[Case]:
    """The golden cases of a rule, variant or schedule; all cases where none is named."""
    base = base or packed_root()
    names = [name] if name is not None else sorted({str(p.parent.relative_to(base)) for p in paths(base)})
    return [case for n in names for file in files(n, base) for case in file.cases]


def case(case_id: str, base: Path | None = None) -> Case:
    """The golden case of that id. Raises UnknownName, the nearest ids suggested."""
    everything = {c.id: c for c in cases(None, base)}
    if case_id not in everything:
        raise unknown_name("case", case_id, list(everything), listing="refopt list cases")
    return everything[case_id]


def manifest(base: Path) -> dict[str, Any]:
    """The manifest of a golden folder. Raises RefoptError where it is missing, cut or edited."""
    document = read(base / MANIFEST)
    if document.get("format") != FORMAT or document.get("hash") != hash_of(document):
        raise RefoptError(f"{base / MANIFEST}: hash differs from the content", help="refopt golden build writes it; or git checkout -- golden")
    return document


def packed_cases(name: str) -> list[Case]:
    """The cases of a rule, variant or schedule that came with this refopt: what `check` runs."""
    return cases(name, packed_root())

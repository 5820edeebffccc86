"""The manifest of a golden folder: which files belong to it, and which no build writes any more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from refopt.catalogue import rules, schedules
from refopt.golden.document import canonical, hash_of
from refopt.golden.groups import GROUPS
from refopt.golden.kills import KILLS
from refopt.golden.model import FORMAT
from refopt.golden.readme import README
from refopt.golden.schemas import SCHEMAS
from refopt.golden.store import MANIFEST

VERSION = "1.2.0"
"""Major: the format; minor: cases or fields added; patch: a wrong value (then a line in ERRATA.md)."""
PAGES = frozenset({"ERRATA.md", README})
OF_RULES = frozenset({*(f"{group}.json" for group in GROUPS), "witness.json", "closed_loop.json", KILLS})
OF_SCHEDULES = frozenset({"schedule.json", KILLS})


def names_of_all() -> list[str]:
    """Every rule, variant and schedule that has golden files."""
    return [r.name for r in rules(variants=True)] + [s.name for s in schedules(variants=True)]


def present_files(base: Path) -> set[str]:
    """Files in a golden folder, without the manifest and hidden files."""
    return {p.relative_to(base).as_posix() for p in base.rglob("*") if p.is_file() and p.name != MANIFEST and not p.name.startswith(".")}


def listed_files(base: Path) -> set[str]:
    """Files that the manifest lists, as far as they are there; all files that are there where no manifest can be read."""
    try:
        listed = set(json.loads((base / MANIFEST).read_text(encoding="utf-8"))["files"])
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError):
        return present_files(base)
    return listed & present_files(base)


def never_written(paths: Iterable[str]) -> set[str]:
    """Of the files of a golden folder those that no build of this refopt writes: of another rule, or in no group of cases."""
    of_rules, of_schedules = ({concept.name for concept in every} for every in (rules(variants=True), schedules(variants=True)))

    def known(path: str) -> bool:
        place = PurePosixPath(path)
        name, file = place.parent.as_posix(), place.name
        return path in SCHEMAS or path in PAGES or (name in of_rules and file in OF_RULES) or (name in of_schedules and file in OF_SCHEDULES)

    return {path for path in paths if not known(path)}


def no_longer_written(left: Collection[str], names: Collection[str] | None) -> set[str]:
    """Of the listed files that a build of `names` (None: of everything) did not write, those that are to go."""
    mine = {path for path in left if names is None or PurePosixPath(path).parent.as_posix() in names}
    return mine - set(SCHEMAS) - PAGES


def remove(base: Path, path: str) -> None:
    """Remove a file that was listed, and its folder where nothing is left in it."""
    target = base / path
    target.unlink()
    folder = target.parent
    while folder != base and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def hash_of_manifest(base: Path) -> str | None:
    """The hash that a folder's manifest names; None where there is none."""
    try:
        found = json.loads((base / MANIFEST).read_text(encoding="utf-8"))["hash"]
        return found if isinstance(found, str) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def manifest_text(base: Path, paths: Collection[str] | None = None) -> str:
    """The manifest of the files of a golden folder, or of all that lie in it: path, sha256, cases and fingerprint of each."""
    entries = {}
    for name in sorted(present_files(base) if paths is None else paths, key=PurePosixPath):
        data = (base / name).read_bytes()
        entry: dict[str, str | int] = {"sha256": hashlib.sha256(data).hexdigest()}
        path = PurePosixPath(name)
        if path.suffix == ".json" and path.name != KILLS and "schema" not in path.parts:
            document = json.loads(data)
            entry |= {"cases": len(document["cases"]), "fingerprint": document["fingerprint"]}
        entries[name] = entry
    document = {"format": FORMAT, "version": VERSION, "files": entries}
    document["hash"] = hash_of(document)
    assert canonical(document)
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

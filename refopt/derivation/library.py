"""The files under `derivations/`: found, listed without being run, and run."""

from __future__ import annotations

import ast
import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from refopt.errors import RefoptError, unknown_name

if TYPE_CHECKING:
    from refopt.derivation.derivation import Derivation
    from refopt.derivation.picture import Picture
    from refopt.derivation.refused import Refused

CONTENTS = "CONTENTS"
"""The file that gives the order: a line with a dash at its start opens a chapter, every other line is a name."""


@dataclass(frozen=True)
class Entry:
    """A derivation before it is run: its name, the title and the plain words of its file, its chapter."""

    name: str
    title: str
    words: str
    chapter: str


@dataclass(frozen=True)
class Outcome:
    """A derivation after it was run: whole where `refused` is None, else as far as it got."""

    entry: Entry
    derivation: Derivation
    refused: Refused | None
    seconds: float


def folder() -> Path:
    """The derivations that came with this refopt: beside the code in a wheel, at the top of a source checkout."""
    here = Path(__file__).resolve().parent
    packed = here / "data"
    return packed if packed.is_dir() else here.parents[1] / "derivations"


@cache
def entries(base: Path | None = None) -> tuple[Entry, ...]:
    """Every derivation in the order of the book. Raises RefoptError where the contents and the files do not agree."""
    base = base or folder()
    listed: list[tuple[str, str]] = []
    chapter = ""
    for line in (base / CONTENTS).read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            chapter = line[2:].strip()
        elif line.strip():
            listed.append((chapter, line.strip()))
    there = {p.stem for p in base.glob("*.py")}
    names = [name for _, name in listed]
    if set(names) != there or len(names) != len(there):
        odd = sorted(set(names) ^ there) or names
        raise RefoptError(f"derivations/{CONTENTS} and the files beside it differ: {', '.join(odd)}", help="one line a file, each once")
    return tuple(Entry(name, *_words(base / f"{name}.py"), chapter) for chapter, name in listed)


def _words(path: Path) -> tuple[str, str]:
    """Title and explanation: the first line and the rest of a file's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    title, _, rest = text.partition("\n")
    if not title:
        raise RefoptError(f"{path.name} has no docstring", help="its first line is the title of the claim")
    return title.rstrip("."), rest.strip()


def entry(name: str) -> Entry:
    """The derivation of that name. Raises UnknownName, the nearest names suggested."""
    known = {e.name: e for e in entries()}
    if name not in known:
        raise unknown_name("derivation", name, tuple(known), listing="refopt derive")
    return known[name]


def following(name: str) -> Entry | None:
    """The derivation that comes next in the book."""
    every = entries()
    place = [e.name for e in every].index(name)
    return every[place + 1] if place + 1 < len(every) else None


def load(name: str) -> ModuleType:
    """The file of a derivation, imported anew: what the catalogue holds now is what it derives from."""
    path = folder() / f"{entry(name).name}.py"
    spec = importlib.util.spec_from_file_location(f"refopt_derivations.{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(name: str) -> Outcome:
    """Carry out a derivation; the outcome says where it was refused, if it was."""
    from refopt.derivation.derivation import Derivation
    from refopt.derivation.refused import Refused

    found = entry(name)
    began = time.perf_counter()
    module = load(name)
    derivation = Derivation(name, found.title, tuple(module.SOURCE), module.CLAIM)
    refused = None
    try:
        derive: Callable[[Any], None] = module.derive
        derive(derivation)
        if not derivation.steps:
            raise Refused(name, "there is no step")
    except Refused as no:
        refused = no
    except RefoptError:
        raise
    except Exception as error:  # a rule that changed may break the way there: that is a no, too
        refused = Refused("the way to the next step", f"{type(error).__name__}: {' '.join(str(error).split())}")
    return Outcome(found, derivation, refused, time.perf_counter() - began)


def pictures(name: str) -> tuple[Picture, ...]:
    """The pictures of a derivation, drawn from exact runs now; none where its file has no `pictures`."""
    module = load(name)
    return tuple(module.pictures()) if hasattr(module, "pictures") else ()

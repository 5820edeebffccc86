"""Functions that generated code calls, kept as source files of their language in `helpers/`, where a compiler and a linter see them.

A file is divided by marks, `// ---- name ----`. A part is printed whole, or as paragraphs: each a comment and functions of one kind,
of which those are printed that are called, under the comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MARK = re.compile(r"^// ---- (.+) ----\n", re.M)
_NAME = re.compile(r"\bconst (\w+) =|\b(\w+)\(")


@dataclass(frozen=True)
class Function:
    """A function: its name and its source."""

    name: str
    source: str


@cache
def parts(file: str) -> dict[str, str]:
    """The parts of a file in `helpers/`, by the names of their marks; what stands above the first is for compilers alone."""
    text = files("refopt.lowering").joinpath("helpers", file).read_text(encoding="utf-8")
    pieces = _MARK.split(text)[1:]
    return {name: source.strip("\n") for name, source in zip(pieces[::2], pieces[1::2], strict=True)}


def functions(part: str) -> Iterator[tuple[str, tuple[Function, ...]]]:
    """The paragraphs of a part: a comment ("" where there is none), and the functions under it."""
    for paragraph in part.split("\n\n"):
        lines = paragraph.split("\n")
        comment = [line for line in lines if line.startswith("//")]
        pieces: list[list[str]] = []
        for line in lines[len(comment) :]:
            if line[:1] in ("", " ", "{", "}"):
                pieces[-1].append(line)
            else:
                pieces.append([line])
        yield "\n".join(comment), tuple(Function(_name(piece[0]), "\n".join(piece)) for piece in pieces)


def _name(line: str) -> str:
    found = _NAME.search(line)
    assert found is not None, line
    return found[1] or found[2]


def called(file: str, is_called: Callable[[str], bool]) -> list[str]:
    """The paragraphs of a file's functions, with those alone that are called."""
    found = []
    for comment, every in functions(parts(file)["functions"]):
        if written := [f.source for f in every if is_called(f.name)]:
            found.append("\n".join([*([comment] if comment else []), *written]))
    return found

"""Skeletons of harnesses: whole programs of under 40 lines, one a language, with one marked place for the formula."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from refopt.errors import unknown_name


@dataclass(frozen=True)
class Skeleton:
    """A program: the file it is usually called, and the command that builds and checks it, with SOURCE and PROGRAM in it."""

    language: str
    file: str
    command: str
    packed: str

    @property
    def text(self) -> str:
        """The program."""
        return (Path(__file__).parent / self.packed).read_text(encoding="utf-8")

    def check(self, source: Path | None = None) -> str:
        """The command that builds and checks it where it stands in this file; it can be pasted where the file was named."""
        source = source or Path(self.file)
        program = source.with_suffix("") if source.suffix else source.with_name(f"{source.name}.program")
        started = program if len(program.parts) > 1 else f"./{program}"
        words = {"SOURCE": source, "./PROGRAM": started, "PROGRAM": program}
        return " ".join(shlex.quote(str(words[word])) if word in words else word for word in self.command.split())


SKELETONS = (
    Skeleton("python", "adam.py", "refopt check -- python3 SOURCE", "python.txt"),
    Skeleton("javascript", "adam.mjs", "refopt check -- node SOURCE", "javascript.mjs"),
    Skeleton("c", "adam.c", "cc -O2 -o PROGRAM SOURCE -lm && refopt check --wire flat -- ./PROGRAM", "c.c"),
    Skeleton("rust", "adam.rs", "rustc -O -o PROGRAM SOURCE && refopt check --wire flat -- ./PROGRAM", "rust.rs"),
)


def skeleton(language: str) -> Skeleton:
    """The skeleton in a language. Raises UnknownName."""
    for found in SKELETONS:
        if language.lower() == found.language:
            return found
    raise unknown_name("skeleton in", language, tuple(s.language for s in SKELETONS))

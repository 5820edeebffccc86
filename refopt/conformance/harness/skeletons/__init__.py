"""Skeletons of harnesses: whole programs of under 40 lines, one a language, with one marked place for the formula."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from refopt.errors import unknown_name


@dataclass(frozen=True)
class Skeleton:
    """A program: the file it is usually called, and the command that builds and checks it."""

    language: str
    file: str
    check: str
    packed: str

    @property
    def text(self) -> str:
        """The program."""
        return (Path(__file__).parent / self.packed).read_text(encoding="utf-8")


SKELETONS = (
    Skeleton("python", "adam.py", "refopt check -- python3 adam.py", "python.txt"),
    Skeleton("javascript", "adam.mjs", "refopt check -- node adam.mjs", "javascript.mjs"),
    Skeleton("c", "adam.c", "cc -O2 -o adam adam.c -lm && refopt check --wire flat -- ./adam", "c.c"),
    Skeleton("rust", "adam.rs", "rustc -O -o adam adam.rs && refopt check --wire flat -- ./adam", "rust.rs"),
)


def skeleton(language: str) -> Skeleton:
    """The skeleton in a language. Raises UnknownName."""
    for found in SKELETONS:
        if language.lower() == found.language:
            return found
    raise unknown_name("skeleton in", language, tuple(s.language for s in SKELETONS))

"""Deviations of frameworks' releases from their source or their own documentation: reproduced, and kept as data in each folder."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files

from refopt.frameworks import BUILT_IN


class Kind(Enum):
    """A defect, which nobody can want, or a difference from a source, which someone may have meant."""

    DEFECT = "defect"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class KnownDeviation:
    """One deviation of a release of a framework.

    source       of what is expected: a publication, or the documentation of the subject
    expected     the formula there
    computes     the formula that the code computes instead
    point        where they are told apart
    exact        the value of `expected` there
    line         Python code of one line, for the release alone, that shows the value; `environment` is set for it
    shown        the value, or the name of the error that is raised
    since        the first release that has it, where it is known
    threads      where others met it
    also         others of the release that it was seen of, by the same cause
    """

    subject: str
    version: str
    kind: Kind
    source: str
    expected: str
    computes: str
    point: str
    exact: str
    line: str
    shown: str
    environment: str = ""
    since: str = ""
    threads: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def known_deviations() -> list[KnownDeviation]:
    """The deviations of every folder here that has a file of them, `deviations.toml`."""
    found = []
    for name in BUILT_IN:
        kept = files(f"refopt.frameworks.{name}") / "deviations.toml"
        if kept.is_file():
            read = tomllib.loads(kept.read_text(encoding="utf-8"))
            for one in read["deviation"]:
                lists = {x: tuple(one.get(x, ())) for x in ("threads", "also")}
                found.append(KnownDeviation(**{**one, **lists, "version": read["version"], "kind": Kind(one["kind"])}))
    return found

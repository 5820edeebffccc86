"""A language that skeletons are written in: how its source, its names and its numbers are spelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from refopt.conformance.programs.skeletons.formulas import Writing
from refopt.language.rule import Rule


class Ran(Enum):
    """The part of the tests in which a language's skeletons run."""

    ALWAYS = "compiled or interpreted, run and judged by the tests"
    WHERE_INSTALLED = "run by the tests where its tools are installed"
    NEVER = "printed, never run here"


@dataclass(frozen=True)
class Parts:
    """The places of a template that depend on the rule.

    fields     one-line places by name
    functions  source of the functions that a library may lack, by name
    """

    fields: dict[str, str]
    functions: dict[str, str]


@dataclass(frozen=True)
class Language:
    """One language.

    name       as it is asked for
    suffix     of its source files
    command    builds and checks it, with SOURCE and PROGRAM in it
    template   the file beside this one
    writing    how formulas are written
    parts      what stands in the template's places, of a rule in this language's names and by the formula's own names
    numbers    the types of float64 and float32; where the type is read from the question, both are offered
    ran        whether the tests run it
    tools      programs of which one is needed to run it
    typed      the types in backquotes in the template stand in it
    """

    name: str
    suffix: str
    command: str
    template: str
    writing: Writing
    parts: Callable[[Rule, Sequence[str]], Parts]
    numbers: tuple[str, str] | None = None
    ran: Ran = Ran.ALWAYS
    tools: tuple[str, ...] = ()
    typed: bool = False

"""Commands that a report prints: they can be pasted as they stand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from refopt.frameworks import is_known

if TYPE_CHECKING:
    from refopt.conformance.verdict.format_verdict import Finding
    from refopt.conformance.verdict.verdict import Verdict


def named(implementation: str) -> str:
    """An implementation as one word of a command line."""
    name = f"python:{implementation}" if ":" in implementation and not implementation.startswith("python:") else implementation
    mark = '"' if "'" in name else "'"
    return f"{mark}{name}{mark}" if any(c in name for c in "( *") else name


def spelled(implementation: str, rule: str) -> str:
    """An implementation as an argument of `refopt check` or `prove`, with the rule where its name does not say it."""
    name = named(implementation)
    return f"{name} --rule {shlex.quote(rule)}" if name.lstrip("'\"").startswith("python:") else name


def can_be_named(verdict: Verdict) -> bool:
    """True where the implementation can be named on a command line: an object that was handed over cannot."""
    name = verdict.implementation
    return verdict.program is not None or ":" in name or is_known(name)


def again(verdict: Verdict, options: str) -> str:
    """The command that checks the implementation again, with these options. All of them stand before a program."""
    if verdict.program is not None:
        return verdict.program.invocation(f"--rule {shlex.quote(verdict.rule)} {options}")
    said = [f"--map {shlex.quote(f'{theirs}={ours}')}" for theirs, ours in verdict.maps] + (["--per-tensor"] if verdict.per_tensor else [])
    return " ".join(["refopt check", spelled(verdict.implementation, verdict.rule), *said, options])


def reproduce(verdict: Verdict, finding: Finding, case: str) -> str:
    """The command that runs one case in one format again."""
    return again(verdict, f"--dtype {finding.dtype} --case {shlex.quote(case)}")


def meant(verdict: Verdict, variant: str) -> str:
    """The command that expects a variant."""
    return again(verdict, f"--as {shlex.quote(variant)}")


def formula(verdict: Verdict) -> str | None:
    """The command that shows the formula of a deviation that has no name; None where it has one, or its code cannot be read."""
    return f"refopt prove {named(verdict.implementation)} --rule {shlex.quote(verdict.rule)}" if verdict.readable and can_be_named(verdict) else None

"""Commands that a report prints: they can be pasted as they stand."""

from __future__ import annotations

from refopt.conformance.finding import Finding
from refopt.conformance.verdict import Verdict


def spelled(verdict: Verdict) -> str:
    """The implementation as an argument of `refopt check`, with the rule where its name does not say it."""
    name = verdict.implementation
    if ":" in name and not name.startswith("python:"):
        name = f"python:{name}"
    quoted = f"'{name}'" if any(c in name for c in "( *") else name
    return f"{quoted} --rule {verdict.rule}" if name.startswith("python:") else quoted


def can_be_named(verdict: Verdict) -> bool:
    """Whether the implementation can be named on a command line: an object that was handed over cannot."""
    return verdict.program is not None or any(c in verdict.implementation for c in ":. ")


def again(verdict: Verdict, options: str) -> str:
    """The command that checks the implementation again, with these options. All of them stand before a program."""
    if verdict.program is not None:
        return verdict.program.invocation(f"--rule {verdict.rule} {options}")
    return f"refopt check {spelled(verdict)} {options}"


def reproduce(verdict: Verdict, finding: Finding, case: str) -> str:
    """The command that runs one case in one format again."""
    return again(verdict, f"--dtype {finding.dtype} --case {case}")


def meant(verdict: Verdict, variant: str) -> str:
    """The command that expects a variant."""
    return again(verdict, f"--as {variant}")

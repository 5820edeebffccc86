"""The protocol of a wire: it puts questions into lines and reads the answers. Two exist: JSON, and a flat one for languages without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from refopt.conformance.programs.declaration import Declaration, DeclaredRule
from refopt.conformance.protocol.implementation import Answer, NoAnswer, Rates, Request, Sent, Skipped


class Wire(Protocol):
    """Questions as lines, lines as answers. Readers raise Unreadable for whatever is not right.

    one_tensor  a line carries one tensor: a run of several is put as several questions
    """

    one_tensor: bool

    def start(self) -> bytes:
        """The first line."""

    def declaration(self, line: bytes) -> Declaration:
        """The answer to it."""

    def run(self, seq: int, rule: str, declared: DeclaredRule, request: Request) -> bytes | Skipped:
        """A run, every step of it kept; or why this wire cannot say it."""

    def answer(self, line: bytes, seq: int, declared: DeclaredRule, request: Request) -> Answer:
        """The answer to a run."""

    def schedule(self, seq: int, name: str, hyper: Mapping[str, Sent], steps: Sequence[int]) -> bytes | Skipped:
        """A question for the rates of a schedule; or why this wire cannot ask it."""

    def rates(self, line: bytes, seq: int, steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The answer to it."""

    def stop(self) -> bytes:
        """The last line."""

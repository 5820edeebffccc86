"""`refopt.check`: judge an implementation; the Report is what the command prints."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from refopt.conformance.adapters import load
from refopt.conformance.judgement import judge
from refopt.conformance.verdict import Verdict
from refopt.errors import RefoptError
from refopt.report.lines import first_difference, footer, lines, text_of
from refopt.report.terminal import answer, consequence, screen


class NotAsExpected(AssertionError):
    """An implementation is not what was expected of it; the first line carries the diagnosis."""


@dataclass(frozen=True)
class Report:
    """What was found out about one implementation."""

    found: Verdict

    @property
    def verdict(self) -> str:
        """conforms, variant, deviates, no_answer or skipped: the worst of the formats."""
        return self.found.worst.verdict

    @property
    def exit(self) -> int:
        """The exit code that the command would give."""
        return self.found.exit

    @property
    def footer(self) -> dict[str, Any]:
        """The last line of the JSON report."""
        return footer(self.found)

    def lines(self) -> list[dict[str, Any]]:
        """The report as JSON lines."""
        return list(lines(self.found))

    def __str__(self) -> str:
        return "\n".join(screen(self.found))

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def raise_if_not(self, wanted: str = "conforms") -> None:
        """Raise NotAsExpected unless the verdict is the one wanted: `conforms`, or the name of a variant."""
        worst = self.found.worst
        if self.verdict == wanted or wanted in worst.matches or (wanted == self.found.rule and self.verdict == "conforms"):
            return
        d = first_difference(worst)
        told = f"{self.found.implementation}: {answer(self.found)}"
        if d is not None:
            meaning = consequence(d) or "values differ"
            exact = text_of(d.exact) if d.exact is not None else "not finite"
            told += f"; {meaning}\n  first at {d.case}, t={d.place.t}, {d.place.variable}[{d.place.element}]: {text_of(d.theirs)}, exact {exact}"
        raise NotAsExpected(told)




def check(
    implementation: Any,
    rule: str | None = None,
    *,
    dtypes: Sequence[str] = (),
    mode: str | None = None,
    cases: Sequence[str] = (),
    expected: str | None = None,
    strict: bool = False,
) -> Report:
    """Judge an implementation: its name as on the command line, or an object (or its factory) with init() and step().

    Raises UnknownName or RefoptError where it cannot be loaded or its rule is not clear.
    """
    if isinstance(implementation, str):
        loaded = load(implementation, rule)
    else:
        from refopt.conformance.adapters.python_object import from_factory

        is_factory = (callable(implementation) and not callable(getattr(implementation, "step", None))) or isinstance(implementation, type)
        name = getattr(implementation, "__name__", type(implementation).__name__)
        loaded = from_factory(implementation if is_factory else lambda: implementation, name, rule)
    if loaded.rule is None:
        raise RefoptError(f"which rule is {loaded.name}? its name does not say", help='add rule="adam"')
    return Report(judge(loaded, dtypes=dtypes, mode=mode, cases=cases, expected=expected, strict=strict))

"""`refopt.check`: judge an implementation; the Report is what the command prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.verdict.identified import identified
from refopt.conformance.verdict.judgement import Wanted, judge
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from refopt.frameworks import handed
from refopt.frameworks.isolated.isolated import Isolated, IsolatedSchedule
from refopt.frameworks.isolated.opened import opened
from refopt.report.assertion_message import complaint
from refopt.report.checksum import sealed
from refopt.report.drawing import Drawing
from refopt.report.hanging import hangs_told
from refopt.report.lift_hint import with_readable
from refopt.report.lines import footer, lines
from refopt.report.terminal import screen


class NotAsExpected(AssertionError):
    """An implementation is not what was expected of it; the first line carries the diagnosis."""

    __module__ = "refopt"  # short, because pytest prints it before the diagnosis


@dataclass(frozen=True)
class Report:
    """Result of judging one implementation."""

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
        return sealed(list(lines(self.found)))

    def __str__(self) -> str:
        return "\n".join(screen(self.found))

    def __repr__(self) -> str:
        return f"<report: {self.found.implementation}: {self.verdict}>"

    def plot(self) -> Drawing:
        """The distance from the reference at each update, in units of the bound, in the worst format. Raises RefoptError where no case was answered."""
        from refopt.report.curve import curve
        from refopt.report.html.plot import alone

        drawn = curve(self.found.worst)
        if drawn is None:
            raise RefoptError(f"{self.found.implementation}: no case was answered that could be drawn", help="print(report) says why")
        return Drawing(f"{self.found.implementation}, {self.found.worst.dtype}: error/bound at each update of {drawn.case}", alone(drawn))

    def _repr_html_(self) -> str:
        from refopt.report.html.page import fragment

        return fragment(self.found)

    def raise_if_not(self, wanted: str = "conforms") -> None:
        """Raise NotAsExpected unless the verdict is the one wanted in every format: `conforms`, or the name of a variant.

        Reduced precision is accepted, unless the report is strict.
        """
        if (told := complaint(self.found, wanted)) is not None:
            raise NotAsExpected(told)


def check(
    implementation: Any,
    rule: str | None = None,
    *,
    maps: Mapping[str, str] | None = None,
    per_tensor: bool = False,
    dtypes: Sequence[str] = (),
    mode: str | None = None,
    cases: Sequence[str] = (),
    expected: str | None = None,
    strict: bool = False,
    search: float = SECONDS,
    first: Callable[[Verdict], None] = lambda _: None,
) -> Report:
    """Judge an implementation: its name as on the command line, a Program, or anybody's class, instance, function or factory.

    maps    what names of its own mean: {"decay": "weight_decay"}
    per_tensor  each tensor gets an object of its own
    search  seconds that the search for a name may take in each format; 0 is none
    first   is told what is known before that search begins

    Where no rule is named, by the person or by its name, there is no verdict: the report says what its values are those of, exit code 2.

    Raises UnknownName or RefoptError where it cannot be loaded.
    """
    wanted: Wanted = {"dtypes": dtypes, "mode": mode, "cases": cases, "expected": expected, "strict": strict, "search": search, "first": first}
    if isinstance(implementation, Program):
        return Report(judge_program(implementation, rule, **wanted))
    with opened(implementation, rule, maps, per_tensor) as loaded:
        apart = isinstance(loaded, Isolated | IsolatedSchedule)
        with hangs_told(loaded.name, apart or isinstance(implementation, str)):
            if loaded.rule is None:
                again = loaded.judged_by if isinstance(loaded, Isolated | IsolatedSchedule) else lambda name: handed(implementation, name, maps, per_tensor)
                found = identified(loaded, again)
            else:
                found = with_readable(judge(loaded, **wanted), loaded)
            return Report(replace(found, isolated=apart, maps=tuple((maps or {}).items()), per_tensor=per_tensor))

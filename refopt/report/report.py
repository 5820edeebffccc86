"""`refopt.check`: judge an implementation; the Report is what the command prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from refopt.conformance.diagnose.budget import SECONDS
from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.identified import identified
from refopt.conformance.verdict.judgement import Wanted, judge
from refopt.conformance.verdict.verdict import Verdict, rank
from refopt.errors import RefoptError
from refopt.frameworks import handed
from refopt.frameworks.isolated.isolated import Isolated, IsolatedSchedule
from refopt.frameworks.isolated.opened import opened
from refopt.golden.store import packed_cases
from refopt.report.assertion_message import complaint
from refopt.report.checksum import sealed
from refopt.report.drawing import Drawing
from refopt.report.hanging import hangs_told
from refopt.report.lift_hint import with_readable
from refopt.report.lines import footer, lines
from refopt.report.terminal import screen
from refopt.rounding.formats import number_format


class NotAsExpected(AssertionError):
    """An implementation is not what was expected of it; the first line carries the diagnosis."""

    __module__ = "refopt"  # short, because pytest prints it before the diagnosis


@dataclass(frozen=True)
class Report:
    """Result of judging one implementation.

    switched  the reports on it with an argument turned on that makes another rule of it, where it does not compute that
    """

    found: Verdict
    switched: tuple[Report, ...] = ()

    @property
    def each(self) -> tuple[Report, ...]:
        """A report on each form of it that was judged: as it is, and with arguments turned on."""
        return (replace(self, switched=()), *self.switched)

    @property
    def verdict(self) -> str:
        """conforms, variant, deviates, no_answer or skipped: the worst of the formats, and of its forms."""
        return min((report.found.worst for report in self.each), key=rank).verdict

    @property
    def exit(self) -> int:
        """The exit code that the command would give."""
        codes = [report.found.exit for report in self.each]
        return 1 if 1 in codes else codes[0]

    @property
    def footer(self) -> dict[str, Any]:
        """The last line of the JSON report."""
        return footer(self.found)

    def lines(self) -> list[dict[str, Any]]:
        """The report as JSON lines."""
        return [line for report in self.each for line in sealed(list(lines(report.found)))]

    def __str__(self) -> str:
        return "\n\n".join("\n".join(screen(report.found)) for report in self.each)

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

        return "".join(fragment(report.found) for report in self.each)

    def raise_if_not(self, wanted: str = "conforms") -> None:
        """Raise NotAsExpected unless the verdict is the one wanted in every format: `conforms`, or the name of a variant.

        Reduced precision is accepted, unless the report is strict.
        """
        if (told := self.complaint(wanted)) is not None:
            raise NotAsExpected(told)

    def complaint(self, wanted: str = "conforms") -> str | None:
        """The message where it is not what is wanted, or is not the rule that an argument makes of it; None where all is as it should be."""
        others = (complaint(report.found) for report in self.switched)
        return next((told for told in (complaint(self.found, wanted), *others) if told is not None), None)


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

    >>> report = check("refopt.generated.numpy.sgd", "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"])
    >>> print(report.verdict, report.exit)
    conforms 0
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
            conforms = loaded.rule is not None and found.worst.verdict == Conformance.CONFORMS
            switches = tuple(getattr(loaded, "switches", ())) if conforms else ()
            found = _as_called(found, apart, maps, per_tensor)
    finest = min(dtypes, key=lambda name: number_format(name).u) if dtypes else "float64"
    asked: Wanted = {"dtypes": [finest], "strict": strict, "search": search}
    return Report(found, tuple(_switched(implementation, argument, made, maps, per_tensor, cases, asked) for argument, made in switches))


def _switched(
    implementation: Any, argument: str, rule: str, maps: Mapping[str, str] | None, per_tensor: bool, cases: Sequence[str], wanted: Wanted
) -> Report:  # fmt: skip
    """The report on an implementation with an argument turned on that makes `rule` of it, in those of its cases that are called as the given ones are."""
    known = {case.id for case in packed_cases(rule)}
    asked: Wanted = {**wanted, "cases": [name for case in cases if (name := f"{rule}-{case.partition('-')[2]}") in known]}
    with opened(implementation, rule, maps, per_tensor, argument) as loaded:
        apart = isinstance(loaded, Isolated)
        with hangs_told(loaded.name, apart or isinstance(implementation, str)):
            found = with_readable(judge(loaded, **asked), loaded)
            return Report(_as_called(found, apart, maps, per_tensor))


def _as_called(found: Verdict, isolated: bool, maps: Mapping[str, str] | None, per_tensor: bool) -> Verdict:
    """The verdict with where the implementation was run, and what a person said of it."""
    return replace(found, isolated=isolated, maps=tuple((maps or {}).items()), per_tensor=per_tensor)

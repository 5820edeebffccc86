"""For other people's test suites.

    from refopt.testing import assert_conforms, parametrize_with_cases

    def test_my_adam():
        assert_conforms(MyAdam, rule="adam")

    @parametrize_with_cases([MyAdam], rule="adam", expected_failures={"float16-*": "eps underflows"})
    def test_conformance(implementation, case):
        case(implementation)

Ids read `adam-float32-adam-open-eps-001` and can be selected with `-k`.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.errors import RefoptError
from refopt.golden.model import CaseKind
from refopt.pytest_plugin import SESSION, Case

if TYPE_CHECKING:
    from refopt.conformance.protocol.live_object import Declined
    from refopt.conformance.verdict.format_verdict import Finding
    from refopt.conformance.verdict.ground import CaseLine
    from refopt.report.report import Report


def assert_conforms(
    implementation: Any,
    rule: str | None = None,
    *,
    maps: Mapping[str, str] | None = None,
    per_tensor: bool = False,
    dtypes: Sequence[str] = (),
    as_: str | None = None,
    cases: Sequence[str] = (),
    mode: str | None = None,
    strict: bool = False,
    search: float | None = None,
) -> Report:
    """Judge an implementation; raise `refopt.NotAsExpected` (an AssertionError) whose first line says what it computes instead.

    maps    what names of its own mean: {"decay": "weight_decay"}
    per_tensor  each tensor gets an object of its own
    as_     the variant that is meant, such as `adam/eps_hat`
    strict  reduced precision fails, and so do defaults that are not the rule's
    search  seconds that the search for a name may take in each format (30; 0 is none); `--refopt-search` is for all

    Raises RefoptError where it cannot be loaded or its rule is not clear.

    >>> print(assert_conforms("refopt.generated.numpy.sgd", "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"]).verdict)
    conforms
    """
    __tracebackhide__ = True
    from refopt.report.report import NotAsExpected, check

    wanted = [d for d in dtypes if not SESSION.dtypes or d in SESSION.dtypes] or list(SESSION.dtypes or dtypes)
    report = check(implementation, rule, maps=maps, per_tensor=per_tensor, dtypes=wanted, mode=mode, cases=cases, expected=as_,
                   strict=strict or SESSION.strict, search=_seconds(search))  # fmt: skip
    if report.found.identified is not None:
        from refopt.report.identified_screen import suggested, unnamed

        raise RefoptError(unnamed(report.found), help=f'add rule="{suggested(report.found)}"')
    SESSION.note(report)
    told = _complaint(report, as_)
    if told is not None:
        raise NotAsExpected(told)
    return report


def skip(reason: str) -> Declined:
    """The return value of an object's init() or step() where it does not take a case: `return refopt.testing.skip("constant rate only")`."""
    from refopt.conformance.protocol.live_object import Declined

    return Declined(reason)


def _seconds(search: float | None) -> float:
    """The time of a search: what is asked for, else what the session's option says."""
    from refopt.conformance.diagnose.budget import SECONDS

    return search if search is not None else SESSION.search if SESSION.search is not None else SECONDS


def _complaint(report: Report, as_: str | None) -> str | None:
    return report.complaint(report.found.expected if as_ is not None and report.found.expected else "conforms")


@dataclass(eq=False)
class Group:
    """The cases of one implementation in one format: judged together when the first of them is asked for.

    wanted  the cases that were selected; all where it is empty
    """

    implementation: Any
    rule: str | None
    dtype: str
    as_: str | None
    strict: bool
    wanted: set[str] = field(default_factory=set)
    _report: Report | None = None

    def report(self, case: str) -> Report:
        """The report on the cases selected; `case` is among them whatever was selected."""
        if self._report is None or (self.wanted and case not in self.wanted):
            from refopt.report.report import check

            self.wanted |= {case} if self.wanted else set()
            strict = self.strict or SESSION.strict
            self._report = check(
                self.implementation, self.rule, dtypes=[self.dtype], cases=sorted(self.wanted), expected=self.as_, strict=strict, search=_seconds(None)
            )
            SESSION.note(self._report)
        return self._report


@dataclass(frozen=True, eq=False)
class GoldenCase(Case):
    """One golden case in one format: call it with the implementation. It fails, is skipped or passes as `refopt check` would say."""

    id: str
    dtype: str
    group: Group = field(repr=False)

    def __call__(self, implementation: Any) -> None:
        """Judge it. Raises NotAsExpected; skips where nothing can be said."""
        __tracebackhide__ = True
        import pytest

        from refopt.report.report import NotAsExpected

        if implementation is not self.group.implementation:
            raise RefoptError(f"the case {self.id} belongs to another implementation", help="call case(implementation) with both arguments of the test")
        report = self.group.report(self.id)
        from refopt.report.words import told_or_none

        finding = report.found.worst
        line = next(x for x in finding.ground.lines if x.case.id == self.id) if finding.ground.lines else None
        if line is None or line.verdict == Conformance.SKIPPED:
            pytest.skip(told_or_none(line.reason if line is not None else finding.reason) or "nothing to judge")
        told = _failure(report, finding, line)
        if told is not None:
            raise NotAsExpected(told)


def _failure(report: Report, finding: Finding, line: CaseLine) -> str | None:
    """Reason why a case fails; None where it passes."""
    from refopt.report.assertion_message import told
    from refopt.report.words import told_or_none

    verdict = report.found
    imprecise = verdict.strict and finding.precision == Precision.REDUCED and line.result is not None and not line.result.fits
    if line.verdict == Conformance.NO_ANSWER:
        return f"{verdict.implementation} gives no answer in {line.case.id}: {told_or_none(line.reason)}"
    wrong = line.verdict == Conformance.DEVIATES or (line.verdict == Conformance.VARIANT and verdict.expected not in finding.diagnosis.matches)
    other = finding.verdict == Conformance.CONFORMS and verdict.fault(finding) is not None
    loses = finding.only_loses and any(loss.case == line.case.id for loss in finding.losses)
    loses = loses or any(x.case == line.case.id for x in finding.wrong_doors)
    shown = line.result.first if line.result is not None else None
    return told(verdict, finding, verdict.expected or "conforms", shown) if wrong or imprecise or other or loses else None


def parametrize_with_cases(
    implementations: Sequence[Any],
    *,
    rule: str | None = None,
    dtypes: Sequence[str] = (),
    as_: str | None = None,
    strict: bool = False,
    expected_failures: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that gives a test `(implementation, case)` every golden case in every format; its body is `case(implementation)`.

    implementations    names as on the command line, or objects, classes or factories with init() and step()
    expected_failures  patterns such as `float16-*` or `*-open-eps-*`, matched against `dtype-case`, with the reason; a case that
                       passes all the same fails the test: take it off the list

    Raises RefoptError for a rule, format or variant that does not exist, and for a pattern that no case matches.
    """
    import pytest

    patterns = dict(expected_failures or {})
    unused = set(patterns)
    values: list[Any] = []
    rules = [_rule_of(x, rule) for x in implementations]
    for implementation, concept in zip(implementations, rules, strict=True):
        label = concept if rules.count(concept) == 1 else f"{_name(implementation)}-{concept}"
        for case, dtype in _cases(concept, dtypes):
            group = _group(values, implementation, concept, dtype, as_, strict)
            name = f"{dtype}-{case}"
            fitting = [p for p in patterns if fnmatch.fnmatchcase(name, p) or fnmatch.fnmatchcase(case, p)]
            unused -= set(fitting)
            marks = [pytest.mark.xfail(reason=patterns[fitting[0]], strict=True)] if fitting else []
            values.append(pytest.param(implementation, GoldenCase(case, dtype, group), id=f"{label}-{name}", marks=marks))
    if unused:
        raise RefoptError(f"expected_failures: no case matches {sorted(unused)[0]!r}", help="patterns match dtype-case, such as float32-adam-open-eps-001")
    return pytest.mark.parametrize(("implementation", "case"), values)


def _group(values: Sequence[Any], implementation: Any, rule: str, dtype: str, as_: str | None, strict: bool) -> Group:
    """The group of an implementation and format, made where it is the first."""
    groups = (x.values[1].group for x in values)
    known = next((g for g in groups if g.implementation is implementation and g.dtype == dtype and g.rule == rule), None)
    return known or Group(implementation, rule, dtype, as_, strict)


def _cases(rule: str, dtypes: Sequence[str]) -> list[tuple[str, str]]:
    """(case, dtype) in the order of the golden files, format by format; closed loops are for `refopt check --mode closed_loop`."""
    from refopt.golden.store import packed_cases
    from refopt.rounding.formats import FORMATS, number_format

    names = [number_format(d).name for d in dtypes] or list(FORMATS)
    every = [c for c in packed_cases(rule) if c.kind != CaseKind.CLOSED_LOOP]
    return [
        (c.id, "float64" if c.kind == CaseKind.SCHEDULE else d)
        for d in names
        for c in every
        if d in c.dtypes or (c.kind == CaseKind.SCHEDULE and d == "float64")
    ]


def _rule_of(implementation: Any, rule: str | None) -> str:
    """The rule that an implementation is judged by."""
    from refopt.conformance.diagnose.formulas import rule_or_schedule

    if rule is not None:
        return rule_or_schedule(rule).name
    from refopt.frameworks import handed

    found = handed(implementation).rule
    if found is not None:
        return found
    raise RefoptError(f"which rule is {_name(implementation)}? its name does not say", help='add rule="adam"')


def _name(implementation: Any) -> str:
    return implementation if isinstance(implementation, str) else str(getattr(implementation, "__name__", type(implementation).__name__))

"""The verdict on a whole implementation: the worst of its formats, and the exit code that goes with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from refopt.conformance.diagnose.defaults import Defaults
from refopt.conformance.diagnose.held import Held
from refopt.conformance.protocol.record import ProgramRecord
from refopt.conformance.verdict.conformance import Conformance, Fault, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.golden.description import Name
from refopt.rounding.formats import FORMATS

WORST_FIRST = (
    (Conformance.DEVIATES, False), (Conformance.VARIANT, False), (Conformance.NO_ANSWER, False),
    (Conformance.CONFORMS, True), (Conformance.CONFORMS, False), (Conformance.SKIPPED, False),
)  # fmt: skip
"""From worst to best, each with whether precision is reduced where that matters. What is known of a formula stands before what is not known:
a diagnosis in one format is not hidden by another format that gives no answer."""

ANSWER_IS_NO, NOTHING_ASKED = 1, 2
"""Exit codes: the implementation is not the reference; everything was skipped."""


@dataclass(frozen=True)
class Verdict:
    """All that was found out about one implementation.

    expected  the variant that was asked for with `--as`
    strict    reduced precision fails
    program   what is known of the dialogue, where it is a program
    isolated  it ran in a process of its own; a program always does
    identified  where no rule is named and nothing is judged: the rules whose values it has in a few cases; else None
    maps      what the person said of its names, and `per_tensor`, that each tensor gets an object of its own
    told      how the implementation was called, in words, where it is an object of a person's own
    read      the formula that was read from its own code, where no verdict names one
    """

    implementation: str
    version: str
    rule: str
    findings: tuple[Finding, ...]
    expected: str | None = None
    strict: bool = False
    program: ProgramRecord | None = None
    told: tuple[str, ...] = ()
    identified: tuple[str, ...] | None = None
    maps: tuple[tuple[str, str], ...] = ()
    per_tensor: bool = False
    isolated: bool = False
    read: object | None = field(default=None, repr=False)

    @property
    def readable(self) -> bool:
        """True where its own code was read as a formula: `refopt prove` shows the whole of it."""
        return self.read is not None

    @property
    def worst(self) -> Finding:
        """The finding on the worst format: what is said about the whole."""
        return min(self.findings, key=rank)

    @property
    def known_bugs(self) -> tuple[Name, ...]:
        """Every known bug that any format showed, each once."""
        return tuple(dict.fromkeys(bug for f in self.findings for bug in f.remarks.known_bugs))

    @property
    def remarks(self) -> tuple[Name, ...]:
        """Remarks on its dialogue and on its values, each once."""
        of_program = self.program.remarks if self.program is not None else ()
        return tuple(dict.fromkeys([*of_program, *self.told, *(note for f in self.findings for note in f.remarks.notes)]))

    @property
    def accepts(self) -> tuple[str, ...]:
        """The values outside the domains of its hyperparameters that it takes, each once."""
        return tuple(dict.fromkeys(x for f in self.findings for x in f.remarks.accepts))

    @property
    def held(self) -> tuple[Held, ...]:
        """Hyperparameters that the implementation does not take, each at its one fixed value."""
        return next((f.hyperparameters.held for f in self.findings if f.hyperparameters.held), ())

    @property
    def defaults(self) -> Defaults | None:
        """Comparison of its defaults with the rule's, by the most precise format that has one; None where none has."""
        finest_first = sorted(self.findings, key=lambda f: FORMATS[f.dtype].u)
        return next((f.hyperparameters.defaults for f in finest_first if f.hyperparameters.defaults is not None), None)

    @property
    def exit(self) -> int:
        """0 all well, 1 the answer is no, 2 nothing was judged."""
        judged = [f for f in self.findings if f.verdict != Conformance.SKIPPED]
        if not judged:
            return NOTHING_ASKED
        return ANSWER_IS_NO if any(self.fault(f) is not None for f in judged) else 0

    @property
    def faults(self) -> tuple[tuple[Finding, Fault], ...]:
        """The findings that the exit code is 1 for, the worst first, and the fault of each."""
        return tuple((f, fault) for f in sorted(self.findings, key=rank) if (fault := self.fault(f)) is not None)

    def fault(self, finding: Finding) -> Fault | None:
        """The fault of one format; None where it is what was asked for."""
        if finding.verdict == Conformance.NO_ANSWER:
            return Fault.LOST if finding.ground.lost else Fault.NO_ANSWER
        if finding.only_loses:
            return Fault.LOSES_STATE
        if finding.wrong_doors:
            return Fault.DOOR
        if finding.verdict == Conformance.DEVIATES:
            return Fault.TOO_CLOSE if finding.diagnosis.is_too_close else Fault.NO_KNOWN_FORMULA
        if finding.verdict == Conformance.VARIANT and self.expected not in finding.diagnosis.matches:
            return Fault.NOT_THE_REFERENCE if self.expected is None else Fault.NOT_THE_EXPECTED
        if finding.verdict == Conformance.CONFORMS and self.expected not in (None, self.rule, *finding.diagnosis.also_fits):
            return Fault.THE_REFERENCE
        if self.strict and finding.hyperparameters.defaults_differ:
            return Fault.DEFAULTS
        if finding.verdict in (Conformance.CONFORMS, Conformance.VARIANT) and finding.precision == Precision.REDUCED and self.strict:
            return Fault.PRECISION
        return Fault.LOST if finding.ground.lost else None


def rank(finding: Finding) -> int:
    """Rank of a finding; 0 is the worst."""
    return WORST_FIRST.index((finding.verdict, finding.verdict == Conformance.CONFORMS and finding.precision == Precision.REDUCED))

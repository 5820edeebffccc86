"""Known verdicts: a TOML file that says what is expected of which implementation, and why.

    [[expect]]
    implementation = "keras.optimizers.Adam"
    dtype = "float32"              # every format where it is left out
    verdict = "variant"
    matches = "adam/eps_hat"       # any formula where it is left out
    precision = "reduced"          # either where it is left out
    reason = "keras-team/keras#17391"

What no entry speaks of must conform (or be skipped). An entry that is no longer true is reported too: an unexpected pass.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError

VERDICTS = ("conforms", "variant", "deviates", "no_answer", "skipped")
PRECISIONS = ("full", "reduced")


@dataclass(frozen=True)
class Expectation:
    """One entry of the file."""

    implementation: str
    verdict: str
    reason: str
    rule: str | None = None
    dtype: str | None = None
    matches: str | None = None
    precision: str | None = None

    def speaks_of(self, verdict: Verdict, dtype: str) -> bool:
        """True where this entry is about an implementation in a format."""
        name = self.implementation.removeprefix("python:")
        return name == verdict.implementation.removeprefix("python:") and self.rule in (None, verdict.rule) and self.dtype in (None, dtype)

    def holds(self, f: Finding) -> bool:
        """True where it is as expected. Where nothing can be claimed in a format that no entry names, nothing contradicts."""
        if f.verdict == Conformance.SKIPPED and self.verdict != Conformance.SKIPPED and self.dtype is None:
            return True
        return f.verdict == self.verdict and (self.matches is None or self.matches in f.diagnosis.matches) and self.precision in (None, f.precision)

    def __str__(self) -> str:
        return " ".join(x for x in (self.verdict, self.matches, self.precision and f"with {self.precision} precision") if x)


@dataclass(frozen=True)
class Surprise:
    """Something that is not as expected. `found` is None where nothing was judged that an entry speaks of."""

    implementation: str
    dtype: str | None
    expected: str
    found: str | None
    passes: bool = False
    reason: str | None = None

    def line(self) -> dict[str, Any]:
        """As a JSON line."""
        return {"kind": "surprise", **self.__dict__}

    def __str__(self) -> str:
        where = f"{self.implementation}{f' {self.dtype}' if self.dtype else ''}"
        why = f" ({self.reason})" if self.reason else ""
        if self.found is None:
            return f"{where}: expected {self.expected}{why}, but it was not judged"
        if self.passes:
            return f"{where}: an unexpected pass: {self.found}, expected {self.expected}{why}; take the entry out"
        return f"{where}: {self.found}, expected {self.expected}{why}"


def read(path: str | Path) -> list[Expectation]:
    """The entries of a file. Raises RefoptError where it cannot be read or says something that makes no sense."""
    try:
        document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefoptError(f"{path}: not TOML: {' '.join(str(error).split())}", help="[[expect]] implementation, verdict, reason") from None
    except OSError as error:
        raise RefoptError(f"cannot read {path}: {error.strerror}", help="--expect takes a TOML file of [[expect]] tables") from None
    entries = document.pop("expect", [])
    if document or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        odd = next(iter(document), "expect")
        raise RefoptError(f"{path}: {odd!r} is not expected here", help="the file holds [[expect]] tables and nothing else")
    made = [_entry(f"{path}: entry {i}", e) for i, e in enumerate(entries, start=1)]
    keys = [(e.implementation, e.rule, e.dtype) for e in made]
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise RefoptError(f"{path}: entry {i + 1} speaks of the same as entry {keys.index(key) + 1}: {key[0]}", help="one entry each")
    return made


def _entry(place: str, given: dict[str, Any]) -> Expectation:
    known = [f.name for f in fields(Expectation)]
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise RefoptError(f"{place}: unknown key {key!r}", help=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}")
        if not isinstance(value, str) or not value:
            raise RefoptError(f"{place}: {key} must be text", help=f'{key} = "..."')
    for key in ("implementation", "verdict", "reason"):
        if key not in given:
            raise RefoptError(f"{place}: {key} is missing", help="implementation, verdict and reason must be given")
    for key, words in (("verdict", VERDICTS), ("precision", PRECISIONS)):
        if given.get(key, words[0]) not in words:
            raise RefoptError(f"{place}: {key} {given[key]!r} is unknown", help=f"known: {', '.join(words)}")
    if "dtype" in given:
        from refopt.rounding.formats import number_format

        number_format(given["dtype"])
    return Expectation(**given)


def surprises(expected: Sequence[Expectation], verdicts: Sequence[Verdict], *, whole: bool = False) -> list[Surprise]:
    """Everything that is not as expected. `whole`: an entry that nothing judged speaks of is a surprise too (a survey)."""
    made: list[Surprise] = []
    met: set[int] = set()
    for v in verdicts:
        for f in v.findings:
            entries = [e for e in expected if e.speaks_of(v, f.dtype)]
            met.update(map(id, entries))
            entry = min(entries, key=lambda e: (e.dtype is None, e.rule is None), default=None)
            if entry is None and f.verdict not in (Conformance.CONFORMS, Conformance.SKIPPED):
                made.append(Surprise(v.implementation, f.dtype, "conforms", found(f)))
            elif entry is not None and not entry.holds(f):
                passes = f.verdict == Conformance.CONFORMS and (entry.verdict != Conformance.CONFORMS or entry.precision == Precision.REDUCED)
                made.append(Surprise(v.implementation, f.dtype, str(entry), found(f), passes, entry.reason))
    if whole:
        made += [Surprise(e.implementation, e.dtype, str(e), None, False, e.reason) for e in expected if id(e) not in met]
    return made


def found(f: Finding) -> str:
    """A finding in a few words."""
    what = f"variant {' or '.join(f.diagnosis.matches)}" if f.verdict == Conformance.VARIANT else f.verdict
    return f"{what} with reduced precision" if f.precision == Precision.REDUCED and f.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else what

"""Changes between two runs: an older report, read strictly, beside a new one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refopt.errors import RefoptError
from refopt.report.checksum import Line, is_whole

TENFOLD = 10
"""A worst error/bound that grew or fell by less than this is no change: rounding differs between machines."""
COMPARED = ("verdict", "matches", "edit", "precision", "cause")
AGAIN = "write it again: refopt check ... --json > FILE"


@dataclass(frozen=True)
class Found:
    """A report's statements about one implementation: its formats, and by format and case the verdict where cases are listed."""

    implementation: str
    rule: str
    dtypes: Mapping[str, Mapping[str, Any]]
    cases: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One difference between two reports. `what` is verdict, matches, edit, precision, cause, worst_ratio, case, format or implementation;
    `before` or `after` is None where there was or is nothing."""

    implementation: str
    rule: str
    dtype: str | None
    what: str
    before: Any
    after: Any
    case: str | None = None

    def line(self) -> Line:
        """As a JSON line."""
        return {"kind": "change", **self.__dict__}

    def __str__(self) -> str:
        place = " ".join(x for x in (self.implementation, self.dtype, self.case) if x)
        if self.before is None and self.what in ("case", "format", "implementation"):
            return f"{place}: new, {_shown(self.after)}"
        if self.after is None and self.what in ("case", "format", "implementation"):
            return f"{place}: gone, was {_shown(self.before)}"
        what = "" if self.what in ("verdict", "case") else f" {self.what.replace('worst_ratio', 'error/bound')}"
        return f"{place}:{what} {_shown(self.before)} -> {_shown(self.after)}"


def _shown(x: Any) -> str:
    return "none" if x is None else " or ".join(x) if isinstance(x, list) else str(x)


def read(path: str | Path) -> list[Found]:
    """Read an older `--json` report, one entry an implementation.

    Raises RefoptError where it cannot be read, is no such report, was cut or edited.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RefoptError(f"{path}: not text, so no report of refopt", help=AGAIN) from None
    except OSError as error:
        raise RefoptError(f"cannot read {path}: {error.strerror}", help=AGAIN) from None
    lines = [_parsed(path, i, line) for i, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines or lines[0].get("kind") != "header":
        raise RefoptError(f"{path}: no report of refopt: it does not begin with a header", help=AGAIN)
    found: list[Found] = []
    for block in _blocks(lines):
        if block[-1].get("kind") != "footer" or block[-1].get("complete") is not True:
            raise RefoptError(f"{path}: the report was cut off: it has no footer", help=AGAIN)
        if not is_whole(block):
            raise RefoptError(f"{path}: the report was edited or lines are missing", note="its header counts and hashes the lines that follow", help=AGAIN)
        try:
            found += map(_checked, _of_lines(block))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RefoptError(f"{path}: not a report of this version of refopt", help=AGAIN) from None
    return found


def _parsed(path: str | Path, number: int, line: str) -> Line:
    try:
        made = json.loads(line)
    except (ValueError, RecursionError):
        made = None
    if not isinstance(made, dict):
        raise RefoptError(f"{path} line {number}: not a JSON object, so no report of refopt, or a cut one", help=AGAIN)
    return made


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """One report after the other: each begins with its header."""
    starts = [i for i, line in enumerate(lines) if line.get("kind") == "header"]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield list(lines[start:end])


def _of_lines(block: Sequence[Line]) -> Iterator[Found]:
    if "surveyed" in block[-1]:
        for line in block:
            if line["kind"] == "surveyed":
                yield Found(line["implementation"], line["rule"], dict(line["dtypes"]))
        return
    foot = block[-1]
    cases = {(x["dtype"], x["id"]): str(x["verdict"]) for x in block if x["kind"] == "case"}
    yield Found(foot["implementation"], foot["rule"], dict(foot["dtypes"]), cases)


def _checked(found: Found) -> Found:
    """The same report, each thing in it of its type: TypeError, ValueError or KeyError otherwise, here and not where it is compared."""
    _texts((found.implementation, found.rule, *found.dtypes, *(x for key in found.cases for x in key)))
    for of_one in found.dtypes.values():
        _texts((of_one["verdict"],))
        for value in (of_one[what] for what in COMPARED):
            _texts(value if isinstance(value, list) else () if value is None else (value,))
        ratio = of_one["worst_ratio"]
        _texts(() if ratio is None else (ratio,))
        float(ratio or 0)
    return found


def _texts(given: Iterable[Any]) -> None:
    if not all(isinstance(x, str) for x in given):
        raise TypeError


def of_report(lines: Sequence[Line]) -> list[Found]:
    """The implementations in the lines of a new report."""
    return list(_of_lines(lines))


def changes(before: Sequence[Found], now: Sequence[Found], *, whole: bool = False) -> list[Change]:
    """Differences between two reports. `whole`: implementations that were and are no more count too (a survey)."""
    known = {(f.implementation, f.rule): f for f in before}
    made: list[Change] = []
    for f in now:
        old = known.pop((f.implementation, f.rule), None)
        if old is None:
            made.append(Change(f.implementation, f.rule, None, "implementation", None, _worst(f)))
        else:
            made += _between(old, f)
    if whole:
        made += [Change(f.implementation, f.rule, None, "implementation", _worst(f), None) for f in known.values()]
    return made


def _worst(f: Found) -> str:
    return ", ".join(f"{d} {x['verdict']}" for d, x in f.dtypes.items())


def _between(old: Found, new: Found) -> Iterator[Change]:
    who = (new.implementation, new.rule)
    for dtype in dict.fromkeys((*old.dtypes, *new.dtypes)):
        a, b = old.dtypes.get(dtype), new.dtypes.get(dtype)
        if a is None or b is None:
            yield Change(*who, dtype, "format", a and a["verdict"], b and b["verdict"])
            continue
        yield from (Change(*who, dtype, what, a[what], b[what]) for what in COMPARED if a[what] != b[what])
        if _far_apart(a["worst_ratio"], b["worst_ratio"]):
            yield Change(*who, dtype, "worst_ratio", a["worst_ratio"], b["worst_ratio"])
    if not old.cases or not new.cases:
        return
    shared = {d for d in old.dtypes if d in new.dtypes}
    for dtype, case in dict.fromkeys((*old.cases, *new.cases)):
        was, now = old.cases.get((dtype, case)), new.cases.get((dtype, case))
        if was != now and dtype in shared:
            yield Change(*who, dtype, "case", was, now, case)


def _far_apart(a: str | None, b: str | None) -> bool:
    """True where two ratios differ by more than a digit."""
    if a is None or b is None:
        return a is not b
    small, large = sorted((float(a), float(b)))
    return large >= TENFOLD * small if small > 0 else large > 0

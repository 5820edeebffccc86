"""Files of `refopt check`: reports that it writes, an older report and known verdicts that it compares with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from refopt.errors import RefoptError

if TYPE_CHECKING:
    from refopt.conformance.verdict.verdict import Verdict
    from refopt.report.against import Change, Found
    from refopt.report.checksum import Line
    from refopt.report.expect import Expectation, Surprise
    from refopt.report.matrix import Matrix

SHOWN = 10
"""Changes that are printed; all of them stand in the JSON lines."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options that name files."""
    group = parser.add_argument_group("files")
    group.add_argument("--markdown", metavar="FILE", help="write a summary in Markdown, for CI")
    group.add_argument("--junit", metavar="FILE", help="write JUnit XML, a test case a golden case")
    group.add_argument("--html", metavar="FILE", help="write one HTML page: the table on the screen, formulas, curves")
    group.add_argument("--sarif", metavar="FILE", help="write SARIF, for annotations of a code-scanning service")
    group.add_argument("--badge", metavar="FILE", help="write the JSON of a badge, for an endpoint of shields.io")
    group.add_argument("--against", metavar="OLD", help="say what changed since an older --json report")
    group.add_argument("--expect", metavar="FILE", help="known verdicts (TOML); exit 0 only if all are as expected")


class Files(NamedTuple):
    """The files of one command, those that are read already read."""

    markdown: str | None
    junit: str | None
    html: str | None
    sarif: str | None
    badge: str | None
    old_name: str | None
    old: list[Found] | None
    expected: list[Expectation] | None
    strict: bool

    @property
    def need_all(self) -> bool:
        """True where a report for machines is written, or the verdicts are held against older or expected ones: a survey then has to be whole.

        A page to look at is that of the table on the screen.
        """
        written = (self.markdown, self.junit, self.sarif, self.badge)
        return any(written) or self.old is not None or self.expected is not None

    def changes(self, lines: Sequence[Line], *, whole: bool = False) -> list[Change] | None:
        """Changes since the older report; None where there is none."""
        from refopt.report import against

        return None if self.old is None else against.changes(self.old, against.of_report(lines), whole=whole)

    def surprises(self, verdicts: Sequence[Verdict], *, whole: bool = False) -> list[Surprise] | None:
        """Verdicts that are not as expected; None where nothing is said to be expected."""
        from refopt.report import expect

        return None if self.expected is None else expect.surprises(self.expected, verdicts, whole=whole)

    def lines(self, lines: list[Line], verdicts: Sequence[Verdict], exit: int, *, whole: bool = False) -> list[Line]:
        """JSON lines with what changed and what is not as expected before the footer, sealed again."""
        from refopt.report.checksum import sealed

        more = [c.line() for c in self.changes(lines, whole=whole) or ()] + [s.line() for s in self.surprises(verdicts, whole=whole) or ()]
        return sealed([*lines[:-1], *more, lines[-1] | {"exit": exit}])

    def page(self, page: list[str], last: list[str], code: int, lines: list[Line], verdicts: Sequence[Verdict], *, whole: bool = False) -> list[str]:
        """A page with what changed and what is not as expected, and the line of the exit code last, where there is one."""
        told: list[str] = []
        changed = self.changes(lines, whole=whole)
        if changed is not None:
            told += _listed(f"Since {self.old_name}:", [str(c) for c in changed], f"Since {self.old_name}: nothing changed.")
        surprising = self.surprises(verdicts, whole=whole)
        if surprising is not None:
            told += _listed("Not as expected:", [str(s) for s in surprising], "Everything is as expected.")
            if code != 2:
                last = ["exit 1: not everything is as expected"] if surprising else []
        return [*page, *([""] if told else []), *told, *last]

    def exit(self, code: int, verdicts: Sequence[Verdict], *, whole: bool = False) -> int:
        """The exit code: with known verdicts, they alone decide, unless nothing could be judged."""
        surprising = self.surprises(verdicts, whole=whole)
        return code if surprising is None or code == 2 else 1 if surprising else 0

    def write(self, matrix: Matrix, verdicts: Sequence[Verdict], errors: Sequence[tuple[str, str]] = (), *, inventory: bool = False) -> None:
        """Write every report that was asked for; those that can be written are, before the error of another is raised."""
        from refopt.report.files import write

        sys.stdout.flush()  # the results are there, whatever becomes of the files
        failed: list[RefoptError] = []
        for path, text in self._texts(matrix, verdicts, errors, inventory):
            try:
                write(path, text)
            except RefoptError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _texts(self, matrix: Matrix, verdicts: Sequence[Verdict], errors: Sequence[tuple[str, str]], inventory: bool) -> list[tuple[str, str]]:
        texts = []
        if self.markdown:
            from refopt.report.markdown import markdown

            texts.append((self.markdown, markdown(matrix, verdicts)))
        if self.junit:
            from refopt.report.junit import junit

            texts.append((self.junit, junit(verdicts, errors, inventory=inventory, strict=self.strict)))
        if self.html:
            from refopt.report.html.page import page

            texts.append((self.html, page(matrix, verdicts)))
        if self.sarif:
            from refopt.report.sarif import sarif

            texts.append((self.sarif, sarif(verdicts)))
        if self.badge:
            from refopt.report.badge import badge

            texts.append((self.badge, badge(verdicts)))
        return texts


def prepare(options: argparse.Namespace) -> Files:
    """The files of a command. What is read is read first and what is written is tried first, so that wrong input costs no judging."""
    old = expected = None
    for path in filter(None, (options.markdown, options.junit, options.html, options.sarif, options.badge)):
        from refopt.report.files import try_first

        try_first(path)
    if options.against:
        from refopt.report import against

        old = against.read(options.against)
    if options.expect:
        from refopt.report import expect

        expected = expect.read(options.expect)
    return Files(options.markdown, options.junit, options.html, options.sarif, options.badge, options.against, old, expected, options.strict)


def _listed(head: str, entries: list[str], nothing: str) -> list[str]:
    if not entries:
        return [nothing]
    from refopt.report.wrap import folded

    rest = [f"  and {len(entries) - SHOWN} more (--json lists all)"] if len(entries) > SHOWN else []
    return [head, *(line for e in entries[:SHOWN] for line in folded(f"  {e}")), *rest]

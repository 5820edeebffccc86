"""Markdown for the summary of a CI run."""

from __future__ import annotations

from dataclasses import replace

from refopt.conformance.verdict.verdict import Verdict
from refopt.report.markdown import markdown
from refopt.report.matrix import by_format
from refopt.report.terminal import screen
from tests.report import judged


def _every() -> list[Verdict]:
    """The verdicts of every sort. Judged where a test asks for them: each process that collects the tests loads this module."""
    return [report().found for report in judged.EVERY]


def _tables(text: str) -> list[list[str]]:
    """Every table of a document: its lines."""
    tables: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    return [t for t in tables if t]


def _columns(line: str) -> int:
    return line.replace(r"\|", "").count("|") - 1


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    verdicts = _every()
    tables = _tables(markdown(by_format(verdicts), verdicts))
    assert len(tables) == 2
    assert all(len({_columns(line) for line in table}) == 1 for table in tables)
    assert len(tables[0]) == 2 + len(verdicts)
    assert len(tables[1]) == 2 + sum(len(v.findings) for v in verdicts)


def test_the_screen_of_everything_with_a_story_can_be_unfolded() -> None:
    verdicts = _every()
    text = markdown(by_format(verdicts), verdicts)
    assert text.count("<details>") == text.count("</details>") == 7
    assert "\n".join(screen(judged.variant().found)) in text


def test_what_a_name_or_a_reason_holds_is_taken_literally() -> None:
    odd = replace(judged.broken().found, implementation="a|b`c`<d>_e_")
    text = markdown(by_format([odd]), [odd])
    assert r"a\|b\`c\`&lt;d&gt;\_e\_" in text
    assert "<d>" not in text.replace("a|b`c`<d>_e_", "")
    assert all(len({_columns(line) for line in table}) == 1 for table in _tables(text) if not table[0].startswith("|b"))


def test_backticks_in_a_screen_cannot_end_its_block() -> None:
    worst = judged.broken().found.worst
    line = replace(worst.ground.lines[0], reason="``` out")
    odd = replace(judged.broken().found, findings=(replace(worst, ground=replace(worst.ground, lines=(line,))),))
    text = markdown(by_format([odd]), [odd])
    assert "\n````text\n" in text
    assert text.count("\n````\n") == 1


def test_nothing_judged_is_said() -> None:
    assert "Nothing was judged." in markdown(by_format([]), [])

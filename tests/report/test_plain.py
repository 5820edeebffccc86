"""What other people's text holds never steers a terminal, a browser or a parser: control characters are printed as they are written."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

import refopt
from refopt.cli.color import painted
from refopt.cli.output import emit
from refopt.report.files import write
from refopt.report.html.page import page
from refopt.report.junit import junit
from refopt.report.markdown import markdown
from refopt.report.matrix import by_format
from refopt.report.plain import plain
from refopt.report.terminal import screen
from tests.cli.running import refopt as command

NASTY = "\x1b[31mred\x07\x9b2J\u202eevil\x7f"
WRITTEN = r"\x1b[31mred\x07\x9b2J\u202eevil\x7f"


class Raises:
    """An optimizer whose errors hold an escape sequence, a bell, and a mark that turns the direction of writing."""

    def init(self, theta: object) -> dict[str, object]:
        """No state."""
        return {}

    def step(self, theta: object, grad: object, state: object, t: int, lr: float = 0.1) -> None:
        """It never gets further than this."""
        raise ValueError(NASTY)


def test_every_character_that_steers_is_written_out_and_all_others_stay() -> None:
    every = [chr(i) for i in range(sys.maxunicode + 1)]
    changed = {c for c in every if plain(c) != c}
    assert {c for c in every if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")} - set("\t\n") <= changed
    assert {c for c in every if unicodedata.bidirectional(c) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")} <= changed
    assert len(changed) < 2200 and not changed & set("aé中🙂~ ")


def test_an_error_of_an_implementation_is_printed_harmless_everywhere() -> None:
    found = refopt.check(Raises, "sgd", dtypes=["float32"]).found
    for text in ("\n".join(screen(found)), markdown(by_format([found]), [found]), page(by_format([found]), [found]), junit([found])):
        assert WRITTEN in text
        assert plain(text) == text


def test_a_name_with_an_escape_sequence_is_printed_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    ran = command(capsys, "check", "\x1b]0;title\x07.Adam")
    assert ran.code == 2 and plain(ran.out + ran.err) == ran.out + ran.err


def test_only_a_word_that_was_coloured_here_reaches_the_terminal_as_colour(capsys: pytest.CaptureFixture[str]) -> None:
    emit([painted(f"{NASTY} conforms", "conforms", "32"), NASTY])
    assert capsys.readouterr().out == f"{WRITTEN} \x1b[32mconforms\x1b[0m\n{WRITTEN}\n"


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no /dev/shm here")
def test_a_regular_file_under_dev_shm_is_replaced_not_added_to(tmp_path: Path) -> None:
    target = Path("/dev/shm") / f"refopt-{tmp_path.name}-{id(tmp_path)}.xml"
    try:
        write(target, "first, and longer\n")
        write(target, "second\n")
        assert target.read_text() == "second\n"
    finally:
        target.unlink(missing_ok=True)


def test_a_stream_is_added_to_whatever_it_leads_to(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        for text in ("first\n", "second\n"):
            write(f"/dev/fd/{stream.fileno()}", text)
    assert (tmp_path / "out").read_text() == "first\nsecond\n"


def test_a_version_and_a_name_of_an_implementation_are_harmless_too() -> None:
    found = replace(refopt.check(Raises, "sgd", dtypes=["float32"]).found, implementation=NASTY, version=NASTY)
    assert all(plain(line) == line for line in screen(found, verbose=True))

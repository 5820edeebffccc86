"""`refopt derive`: the list, a page, JSON lines, the book, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refopt import catalogue
from refopt.cli import derive
from refopt.derivation import library
from tests.cli.running import fresh_python, refopt
from tests.derivation.changed import turned

QUICK = "nesterov_forms"


def test_the_list_names_every_derivation_and_loads_no_sympy(capsys: pytest.CaptureFixture[str]) -> None:
    out = refopt(capsys, "derive").out
    assert all(f"  {e.name}" in out for e in library.entries())
    assert "18 derivations." in out
    assert max(map(len, out.splitlines())) <= 80 and out.isascii()
    code = "import sys, contextlib, io\nfrom refopt.cli.main import main\nwith contextlib.redirect_stdout(io.StringIO()): main(['derive'])\n"
    assert fresh_python(f"{code}print('sympy' in sys.modules)") == "False\n"


def test_a_page_says_the_rule_the_claim_every_step_and_what_was_proved(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "derive", "momentum_is_a_low_pass_filter")
    assert ran.code == 0
    assert "v <- gamma*v + eta*g" in ran.out
    assert "H(z) = eta*z/(z - gamma) = eta/(1 - gamma/z)" in ran.out
    assert "the gain falls all the way from valley to walls" in ran.out
    assert "Proved: 14 steps, 13 of them sampled at 104 random points to 30 digits." in ran.out
    assert "Next: refopt derive heavy_ball" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80 and ran.out.isascii()


@pytest.mark.parametrize(("form", "first"), [("markdown", "# Nesterov's three"), ("latex", r"\documentclass"), ("html", "<!doctype html>")])
def test_the_other_forms(capsys: pytest.CaptureFixture[str], form: str, first: str) -> None:
    ran = refopt(capsys, "derive", QUICK, "--as", form)
    assert ran.code == 0
    assert ran.out.startswith(first)


def test_json_has_a_line_a_step_the_verdict_and_a_footer(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in refopt(capsys, "derive", QUICK, "--json").out.splitlines()]
    steps = [x for x in lines if x["kind"] == "step"]
    assert len(steps) == lines[-2]["steps"] >= 9
    assert {"left", "relation", "right", "sort", "tactic", "assumptions"} <= set(steps[0])
    assert lines[-2]["proved"] is True and lines[-2]["refused"] is None
    assert lines[-1] == {"kind": "footer", "complete": True, "derivations": 1, "proved": 1, "exit": 0}


def test_a_refused_derivation_says_where_and_exits_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    find = catalogue.rule
    monkeypatch.setattr(catalogue, "rule", lambda n: turned(find(n)) if n == "nesterov" else find(n))
    ran = refopt(capsys, "derive", QUICK)
    assert ran.code == 1
    assert "Refused at step 4, its theta is the new look-ahead point:" in ran.out
    assert ran.out.splitlines()[-1] == "exit 1: the claim is not proved"
    footer = json.loads(refopt(capsys, "derive", QUICK, "--json").out.splitlines()[-1])
    assert (footer["proved"], footer["exit"]) == (0, 1)
    only = (library.entry(QUICK),)
    monkeypatch.setattr(library, "entries", lambda base=None: only)
    book = refopt(capsys, "derive", "--all", "--as", "html", "--out", str(tmp_path / "book"))
    assert book.code == 1
    assert book.out.splitlines()[-1] == "exit 1: 1 of 1 claims are not proved"
    assert list(tmp_path.iterdir()) == []


def test_a_book_is_written_and_the_contents_page_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only = (library.entry(QUICK),)
    monkeypatch.setattr(library, "entries", lambda base=None: only)
    ran = refopt(capsys, "derive", "--all", "--as", "html", "--out", str(tmp_path / "book"))
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-1] == f"written: {tmp_path / 'book' / 'index.html'}"
    assert {p.name for p in (tmp_path / "book").iterdir()} == {"index.html", f"{QUICK}.html", ".refopt-book"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("heavy_bal",), "no derivation 'heavy_bal'"),
        (("heavy_ball", "--as", "pdf"), "no form 'pdf'"),
        (("heavy_ball", "--all"), "--all runs every derivation; heavy_ball is one"),
        (("heavy_ball", "--as", "html", "--out", "x"), "--out takes a whole book"),
        (("--as", "html", "--all"), "all derivations as html are many pages"),
        (("--all", "--as", "html", "--out", "/dev/null"), "is a file"),
        (("--all", "--as", "html", "--out", "/dev/null/book"), "cannot write /dev/null/book: Not a directory"),
        (("heavy_ball", "--certificate", "/"), "cannot write /: Is a directory"),
    ],
)
def test_wrong_input_is_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    ran = refopt(capsys, "derive", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err.splitlines()[0]


def test_the_contents_and_the_files_must_agree(tmp_path: Path) -> None:
    from refopt.errors import RefoptError

    (tmp_path / "one.py").write_text('"""One."""\n')
    (tmp_path / "CONTENTS").write_text("- Chapter\none\ntwo\n")
    with pytest.raises(RefoptError, match="differ: two"):
        library.entries(tmp_path)
    (tmp_path / "CONTENTS").write_text("- Chapter\none\n")
    assert [(e.name, e.title, e.chapter) for e in library.entries(tmp_path)] == [("one", "One", "Chapter")]


def test_the_forms_of_the_help_are_those_that_there_are() -> None:
    assert derive.FORMS == ("text", "markdown", "latex", "html")

"""`refopt run`: exact runs, side by side, and what it writes."""

from __future__ import annotations

import csv
import json
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import refopt
from tests.cli.running import refopt as command

MINE = '''import sympy
def loss(x, y):
    return (x - 0.1) ** 2 + sympy.exp(y) - y
def stray(x):
    return sympy.Symbol("z") * x
def broken(x):
    raise KeyError("no")
def floats(x):
    import math
    return math.exp(x)
number = 3
'''


def test_the_screen_says_where_each_run_ends_and_the_numbers_are_those_of_the_exact_run(capsys: pytest.CaptureFixture[str]) -> None:
    ran = command(capsys, "run", "adam", "adam(lr=0.1)", "rosenbrock", "--steps", "5", "--json")
    first, second = (json.loads(line) for line in ran.out.splitlines())
    assert (ran.code, first["rule"], second["rule"], second["hyper"]["lr"]) == (0, "adam", "adam(lr=0.1)", "0.1")
    assert second["theta"] == refopt.run("adam", "rosenbrock", steps=5, hyper={"lr": "0.1"}, digits=20).texts()["theta"]
    assert first["loss"][0] == 36.703125 and len(first["loss"]) == 6
    shown = command(capsys, "run", "adam", "rosenbrock", "--steps", "5").out
    assert "adam ends at x = -1.245" in shown and max(map(len, shown.splitlines())) <= 80 and shown.isascii()


def test_a_schedule_that_comes_to_an_end_does_so_with_the_run_and_takes_the_rate_of_the_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # the last of 8 rates is 0.3 (1 + cos(7 pi/8))/2 = 0.3 sin(pi/16)^2. In units of 2^-53: pi is off by 0.35 and sin by a last bit, here 1.3, both
    # doubled by the square; then 0.3 by 0.34, and 1 each for the square, the product and the printed digits: 6.7 < 8. A rate of 0 is exact
    for words, first, last in ((["cosine_annealing"], 0.3, 0.3 * math.sin(math.pi / 16) ** 2), (["cosine_annealing(period=4, lr=0.5)"], 0.5, 0.0)):
        out = tmp_path / "x.csv"
        assert command(capsys, "run", "sgd(lr=0.3)", "x**2", "--steps", "8", "--schedule", *words, "--csv", str(out)).code == 0
        rates = [float(row["rate"]) for row in csv.DictReader(out.read_text().splitlines()) if row["rate"]]
        assert len(rates) == 8 and rates[0] == first and rates[-1] == pytest.approx(last, rel=2.0**-50, abs=0)


def test_pictures_stand_alone_and_show_every_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    svg, page, numbers = tmp_path / "o.svg", tmp_path / "o.html", tmp_path / "o.csv"
    ran = command(capsys, "run", "sgd(lr=0.001)", "momentum", "rosenbrock", "--steps", "12", "--plot", str(svg), "--html", str(page), "--csv", str(numbers))
    assert ran.code == 0 and ran.out.splitlines()[-1] == f"Wrote {svg}, {page}, {numbers}."
    root = ET.fromstring(svg.read_text())
    titles = [x.text for x in root.iter("{http://www.w3.org/2000/svg}text") if x.get("class") == "title"]
    assert titles == ["paths on rosenbrock: 12 updates", "loss on rosenbrock", "rate"]
    assert "momentum leaves the range of binary64 at update 8" in ran.out and "momentum leaves the range" in page.read_text()
    command(capsys, "run", "momentum", "sgd(lr=0.001)", "rosenbrock", "--steps", "12", "--html", str(page))
    assert "; 12 updates</p>" in page.read_text(), "also where the first run ends before"
    for text in (svg.read_text(), page.read_text()):
        assert "<script" not in text and "href" not in text and "nan" not in text
    rows = list(csv.DictReader(numbers.read_text().splitlines()))
    assert [r["step"] for r in rows if r["rule"] == "sgd(lr=0.001)"] == [str(t) for t in range(13)]
    assert [r["v_0"] for r in rows if r["rule"].startswith("sgd")] == [""] * 13


@pytest.mark.parametrize("loss", ["(x - 1)^2 + 10*abs(y)", "x**2/2 + cos(pi*y/3)", "max(a, b)**2", "tanh(w)"])
def test_a_loss_as_text_goes_down(loss: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = command(capsys, "run", "adam", loss, "--steps", "4", "--json")
    losses = json.loads(ran.out)["loss"]
    assert ran.code == 0 and losses[-1] < losses[0]


def test_a_loss_is_taken_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(command(capsys, "run", "sgd(lr=1)", "0.1*x", "--steps", "1", "--start", "0", "--json").out)
    assert told["theta"] == ["-0.1"]


def test_a_function_of_sympy_symbols_is_an_objective(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_run.py").write_text(MINE)
    text = command(capsys, "run", "adam", "(x - 0.1)**2 + exp(y) - y", "--start", "2,1", "--steps", "3", "--json")
    ran = command(capsys, "run", "adam", "./mine_run.py:loss", "--start", "2,1", "--steps", "3", "--json")
    assert ran.code == 0 and json.loads(ran.out)["theta"] == json.loads(text.out)["theta"]
    for name, words in (
        ("stray", "uses z"), ("broken", "raised KeyError"), ("floats", "raised TypeError"), ("number", "is no function"), ("no", "has no 'no'"),
    ):  # fmt: skip
        bad = command(capsys, "run", "sgd", f"./mine_run.py:{name}")
        assert bad.code == 2 and words in bad.err.splitlines()[0] and "defect" not in bad.err, name


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("sgd",), "a run needs a rule and an objective"), (("sgd", "rosenbrok"), "no objective 'rosenbrok'"), (("adma", "rosenbrock"), "no rule 'adma'"),
        (("sgd", "foo(x)"), "cannot read the loss 'foo(x)': foo is not"), (("sgd", "x**"), "cannot read the loss 'x**': it is no formula"),
        (("sgd", "x.real"), "cannot read the loss 'x.real'"),
        (("sgd", "3*2"), "3*2 has no parameter"), (("sgd", "max(x)"), "cannot read the loss 'max(x)': max"),
        (("sgd", "__import__('os').system('ls')"), "cannot read the loss"),
        (("sgd", "rosenbrock", "--start", "1"), "1 starting values for 2 parameters (x, y)"),
        (("sgd", "x*x", "--start", "one"), "the start 'one' is no number"), (("sgd", "x*x", "--set", "q=1"), "--set q: neither"),
        (("sgd", "x*x", "--set", "lr"), "--set lr is not NAME=VALUE"), (("sgd", "x*x", "--steps", "0"), "--steps 0 is no count"),
        (("sgd", "x*x", "--schedule", "cosine"), "no schedule 'cosine'"), (("adam", "1/x", "--start", "0"), "adam on 1/x: a value on the way is not defined"),
        (("sgd(lr=3)", "x**4", "--start", "1e200"), "sgd on x**4 diverges"), (("sgd", "./none.py:loss"), "there is no file ./none.py"),
        (("adam(beta1=2)", "x*x"), "beta1 = 2 is outside"), (("sgd",) * 7, "6 rules: at most 5"),
        (("sgd", "x*x", "--plot", "/no/folder/x.svg"), "cannot write"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_line(words: tuple[str, ...], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = command(capsys, "run", *words)
    assert (ran.code, ran.out) == (2, "") and ran.err.startswith(f"error: {error}"), ran.err
    assert len(ran.err.splitlines()) <= 3

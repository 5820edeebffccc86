"""The book: well-formed, nothing to fetch, every link leads somewhere; and what a real browser makes of it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from refopt.derivation import library
from refopt.derivation.step import Kind
from refopt.report.book.formats import pages
from refopt.report.html.page import POLICY
from tests.report.book import made
from tests.report.html.test_page import BROWSER, MEASURE, _balance

NAMES = [e.name for e in library.entries()]
PICTURES = {
    "ravine_zig_zag": 4, "shallow_minimum": 1, "momentum_is_a_sum": 1, "momentum_is_a_low_pass_filter": 1, "rescaling": 1, "bias_correction": 1,
    "noise_floor": 1, "step_decay": 1, "cosine_annealing": 1, "adam_step": 1, "three_places_of_eps": 1, "heavy_ball": 1, "momentum_conventions": 1,
    "nesterov_forms": 1, "decoupled_decay": 1, "mini_batch": 1, "steepest_descent": 1, "adam_contains": 1,
}  # fmt: skip
CORE = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msup", "msub", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd",
}  # fmt: skip


def test_there_is_a_page_for_each_claim_and_one_of_contents() -> None:
    assert set(made.html()) == {"index.html", *(f"{n}.html" for n in NAMES)}


@pytest.mark.parametrize("name", ["index", *NAMES])
def test_a_page_is_balanced_and_nothing_can_run_or_be_fetched(name: str) -> None:
    text = made.html()[f"{name}.html"]
    found = _balance(text)
    assert (found.wrong, found.open, found.active) == ([], [], [])
    assert POLICY in text
    assert not re.search(r"url\((?!#)|@import|https?:", text)
    assert text.count("<svg") == PICTURES.get(name, 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_formula_is_mathml_core_and_said_in_plain_text_too(name: str) -> None:
    formulas = re.findall(r"<math.*?</math>", made.html()[f"{name}.html"])
    steps = next(o for o in made.outcomes() if o.entry.name == name).derivation.steps
    assert len(formulas) >= len(steps) + sum(s.kind is Kind.WITNESS for s in steps)
    for text in formulas:
        tree = Xml.fromstring(text)
        assert {e.tag for e in tree.iter()} <= CORE
        assert tree.get("alttext")


@pytest.mark.parametrize("name", list(PICTURES))
def test_a_picture_is_told_in_words_and_its_curves_have_points(name: str) -> None:
    for text in re.findall(r"<svg.*?</svg>", made.html()[f"{name}.html"]):
        tree = Xml.fromstring(text)
        assert len(str(tree.get("aria-label"))) > 40
        lines = tree.findall(".//polyline")
        assert lines
        for line in lines:
            points = [tuple(map(float, p.split(","))) for p in str(line.get("points")).split()]
            assert len(points) >= 3 and len(set(points)) > 1


def test_every_link_leads_to_a_page_of_the_book() -> None:
    for text in made.html().values():
        assert set(re.findall(r'href="([^"]*)"', text)) <= set(made.html())
    for name in NAMES:
        assert f'href="{name}.html"' in made.html()["index.html"]


def test_markdown_and_latex_say_every_step() -> None:
    markdown, latex = pages(made.outcomes(), "markdown"), pages(made.outcomes(), "latex")
    assert set(markdown) == {"index.md", *(f"{n}.md" for n in NAMES)}
    document = latex["book.tex"]
    steps = [s for o in made.outcomes() for s in o.derivation.steps]
    assert document.count(r"\hfill \emph{") == len(steps)
    assert sum(text.count("\n**(") for text in markdown.values()) == len(steps)
    for opening, close in ((r"\[", r"\]"), (r"\begin{document}", r"\end{document}"), (r"\left", r"\right")):
        assert len(re.findall(re.escape(opening) + r"(?![a-z])", document)) == len(re.findall(re.escape(close) + r"(?![a-z])", document))


@pytest.mark.parametrize(("width", "flags"), [(1100, ()), (390, ("--blink-settings=preferredColorScheme=0",))], ids=["wide", "narrow and dark"])
def test_a_browser_shows_every_page_whole_and_readable(tmp_path: Path, width: int, flags: tuple[str, ...]) -> None:
    if BROWSER is None:
        pytest.skip("no chromium is installed here: apt-get install chromium")
    measure = MEASURE.replace("const found = {", "const found = {name: location.pathname.split('/').pop(), ")
    measure = measure.replace("'.wide, .formula'", "'.wide, .formula, [clip-path]'")  # contours go on beyond the frame, unseen
    for name, text in made.html().items():
        (tmp_path / name).write_text(text.replace(POLICY, "").replace("</head>", f"{measure}</head>"), encoding="utf-8")
    frames = "".join(f'<iframe src="{name}" style="border: 0; width: {width}px; height: 900px"></iframe>' for name in made.html())
    script = """<script>const all = []; addEventListener('message', e => { all.push(JSON.parse(e.data)); if (all.length === COUNT)
      document.body.textContent = 'MEAS' + 'URED' + JSON.stringify(all).replace(/[<&>]/g, '') + 'DONE'; });</script>"""
    frame = tmp_path / "frame.html"
    frame.write_text(f"<!doctype html>{script.replace('COUNT', str(len(made.html())))}<body>{frames}</body>", encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1300,1000",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=30000", *flags, "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert "MEASURED" in done.stdout, done.stderr[-2000:]
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    found: list[dict[str, Any]] = json.loads(done.stdout.partition("MEASURED")[2].partition("DONE")[0])
    assert {p["name"] for p in found} == set(made.html())
    for shown in found:
        text = made.html()[shown["name"]]
        assert shown["inner"] == width
        assert shown["scroll"] <= width, shown["name"]
        assert (shown["wide"], shown["empty"], shown["faint"], shown["fetched"]) == ([], [], [], []), shown["name"]
        assert (shown["svg"], shown["math"]) == (text.count("<svg"), text.count("<math"))
        assert shown["dark"] == bool(flags)

"""The page: what it says, and how it looks in a real browser, wide, narrow and dark."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from refopt.conformance.protocol.implementation import Known
from refopt.conformance.verdict.verdict import Verdict
from refopt.report.html.page import POLICY, fragment, page, summary
from refopt.report.matrix import by_format, by_rule
from refopt.report.survey import Surveyed
from tests.report import judged

BROWSER = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
VOID = {"meta", "br", "link", "img", "hr", "input", "wbr"}
MEASURE = """<script>addEventListener('load', () => {
  const rgb = text => text.match(/[0-9.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } };
  const faint = [], empty = [], wide = [];
  for (const e of document.querySelectorAll('main *')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if ([...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) {
      const ink = e.closest('svg') ? style.fill : style.color;
      const [x, y] = [light(rgb(ink)), light(behind(e))].sort((a, b) => b - a);
      if ((x + .05) / (y + .05) < 4.5) faint.push(e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 30) + ' ' + (x + .05) / (y + .05));
    }
    if (e.matches('svg, math') && !(box.width > 0 && box.height > 0)) empty.push(e.tagName + ' ' + e.getAttribute('alttext'));
    if (box.right > innerWidth + 1 && !e.closest('.wide, .formula')) wide.push(e.tagName + ' ' + e.textContent.slice(0, 40));
  }
  const found = {inner: innerWidth, scroll: document.documentElement.scrollWidth, faint, empty, wide,
    svg: document.querySelectorAll('svg').length, math: document.querySelectorAll('math').length,
    sticky: [...new Set([...document.querySelectorAll('.all thead th, .all tbody th')].map(e => getComputedStyle(e).position))],
    matrix: document.querySelector('.all')?.getBoundingClientRect().width ?? 0,
    dark: matchMedia('(prefers-color-scheme: dark)').matches, page: light(rgb(getComputedStyle(document.body).backgroundColor)),
    fetched: performance.getEntriesByType('resource').map(x => x.name)};
  parent.postMessage(JSON.stringify(found), '*');
});</script>"""
FRAME = """<!doctype html><script>addEventListener('message', e => {
  document.body.textContent = 'MEAS' + 'URED' + e.data.replace(/[<&>]/g, '') + 'DONE'; });</script>
<body><iframe src="page.html" style="border: 0; width: WIDTHpx; height: 900px"></iframe></body>"""
"""No browser window is as narrow as a phone; a frame is."""


@cache
def verdicts() -> tuple[Verdict, ...]:
    """One of each sort."""
    return tuple(report().found for report in judged.EVERY)


@cache
def whole() -> str:
    """The page about all of them."""
    return page(by_format(verdicts()), verdicts())


class _Balance(HTMLParser):
    """Notes tags that are not closed in order, and everything that could fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.active: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset", "style", "background") or tag in ("script", "link", "iframe", "object", "embed", "img"):
                self.active.append(f"{tag} {name}")
            if name == "id":
                self.ids.append(str(value))
            if name == "href" and str(value).startswith("#"):
                self.targets.append(str(value)[1:])

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def _balance(text: str) -> _Balance:
    parser = _Balance()
    parser.feed(text)
    parser.close()
    return parser


def test_every_tag_is_closed_in_order_and_nothing_can_run_or_be_fetched() -> None:
    found = _balance(whole())
    assert (found.wrong, found.open, found.active) == ([], [], [])
    assert POLICY in whole()
    assert not re.search(r"url\(|@import", whole())


def test_every_link_of_the_matrix_leads_to_a_card_and_no_two_cards_share_a_name() -> None:
    found = _balance(whole())
    assert found.targets
    assert set(found.targets) == set(found.ids)
    assert len(set(found.ids)) == len(found.ids)


def test_every_implementation_has_a_card_those_with_a_story_first_and_every_cell_and_the_list_lead_to_it() -> None:
    cards = re.findall(r'<article id="([^"]+)">', whole())
    assert len(cards) == len(verdicts()) == 10
    assert {"refopt-generated-numpy-sgd"} < set(cards[7:])
    told = re.findall(r"<li>.*?<span class=\"(\w*)\">", whole().partition('<nav class="list">')[2].partition("</nav>")[0])
    assert told == ["bad"] * 3 + ["other"] * 2 + ["none"] + ["good"] * 3 + [told[-1]] and told[-1] != "good"  # the worst first, what was not run last
    cells = [x for x in re.findall(r"<td>(.*?)</td>", whole().partition("</table>")[0]) if x != '<div class="">-</div>']
    assert all('href="#' in x for x in cells) and len(cells) >= len(cards)
    listed = whole().partition('<nav class="list">')[2].partition("</nav>")[0]
    assert re.findall(r'href="#([^"]+)"', listed) == cards


def test_a_survey_names_each_implementation_of_a_cell_in_full() -> None:
    found = judged.variant().found
    surveyed = [Surveyed(Known(name, "adam", "keras", "3.0"), found) for name in ("keras.optimizers.Adam", "keras.optimizers.Adam(amsgrad=True)")]
    text = page(by_rule(surveyed), [found])
    cell = re.findall(r"<td>(.*?)</td>", text)[0].replace("<wbr>", "")
    assert cell.count("adam/eps_in_sqrt</a>") == 2 and all(f"<small>{s.known.spelling}</small>" in cell for s in surveyed)


def test_two_reports_on_one_implementation_have_cards_of_their_own() -> None:
    twice = (judged.variant().found, judged.variant().found)
    assert _balance(page(by_format(twice), twice)).ids == ["tests-implementations-adam-eps-in-sqrt-make", "tests-implementations-adam-eps-in-sqrt-make-2"]


def test_the_first_sentence_counts_the_verdicts() -> None:
    assert summary(verdicts()) == (
        "Checked against exact mathematics: 3 conform, 2 compute another known formula, 3 deviate, 1 gave no answer, 1 was skipped."
    )
    assert summary([]) == "Nothing was judged."
    assert "Nothing was judged." in page(by_format([]), [])


def test_what_a_program_says_cannot_become_markup() -> None:
    from dataclasses import replace

    from refopt.conformance.verdict.ground import Ground

    worst = judged.broken().found.worst
    line = replace(worst.ground.lines[0], reason="<script>alert(1)</script> & \"quotes\" ]]>")
    evil = replace(judged.broken().found, implementation="<b>x</b>", findings=(replace(worst, ground=Ground((line,))),))
    text = page(by_format([evil]), [evil])
    assert "<script" not in text
    assert "<b>x" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; ]]&gt;" in text


def test_a_notebook_s_card_styles_nothing_outside_itself() -> None:
    text = fragment(judged.variant().found)
    assert _balance(text).wrong == []
    css = text.partition("<style>")[2].partition("</style>")[0]
    for selector in re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", css):
        assert all(part.strip().startswith(".refopt") for part in selector.split(",")), selector
    assert judged.variant()._repr_html_() == text


def _measured(tmp_path: Path, width: int, *flags: str) -> dict[str, Any]:
    if BROWSER is None:
        pytest.skip("no chromium is installed here: apt-get install chromium")
    path = tmp_path / "page.html"
    path.write_text(whole().replace(POLICY, "").replace("</head>", f"{MEASURE}</head>"), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.replace("WIDTH", str(width)), encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1500,1000",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=5000", *flags, "--dump-dom", frame.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert "MEASURED" in done.stdout, done.stderr[-2000:]
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert console == []
    found: dict[str, Any] = json.loads(done.stdout.partition("MEASURED")[2].partition("DONE")[0])
    return found


@pytest.mark.parametrize(
    ("width", "flags", "dark"),
    [(1400, (), False), (390, (), False), (1400, ("--blink-settings=preferredColorScheme=0",), True)],
    ids=["wide", "narrow", "dark"],
)
def test_a_browser_shows_everything_within_the_window_and_readable(tmp_path: Path, width: int, flags: tuple[str, ...], dark: bool) -> None:
    found = _measured(tmp_path, width, *flags)
    assert found["inner"] == width
    assert found["scroll"] <= width
    assert found["wide"] == []
    assert found["empty"] == []
    assert found["sticky"] == ["sticky"] and found["matrix"] <= width
    assert found["faint"] == []
    assert found["fetched"] == []
    assert found["svg"] == 6
    assert found["math"] >= 6
    assert found["dark"] == dark
    assert (found["page"] < 0.2) == dark

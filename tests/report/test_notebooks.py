"""What a notebook shows: formulas in LaTeX, runs and reports as HTML with pictures, and short texts for all of them."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import refopt
from refopt.errors import RefoptError
from refopt.report.drawing import Drawing


def test_rules_schedules_and_objectives_show_their_formula_and_print_in_one_line() -> None:
    for concept in (refopt.rule("adam"), refopt.schedule("cosine_annealing"), refopt.objective("rosenbrock")):
        assert concept._repr_latex_() == f"$$\n{concept.latex()}\n$$"
        assert len(repr(concept)) < 100 and concept.name in repr(concept) and concept.title in repr(concept)


def test_a_run_shows_its_pictures_and_a_plot_is_saved(tmp_path: Path) -> None:
    run = refopt.run("adam", "ravine", steps=4, digits=10, objective_hyper={"kappa": "10"})
    page = run._repr_html_()
    assert page.count("<figure>") == 5 and "<script" not in page
    assert all(selector.strip().startswith(".refopt") for selector in re.findall(r"^([^@{}]+)\{", page.partition("<style>")[2].partition("</style>")[0], re.M))
    assert f"{0.5 * (1 + 10):.4g}" in page  # the loss at the start, of this kappa
    picture = run.plot()
    assert repr(picture) == "<picture: adam on ravine; .save('x.svg')>"
    root = ET.fromstring(picture.save(tmp_path / "x.svg").read_text())
    assert root.tag.endswith("svg") and len([x for x in root if x.tag.endswith("}svg")]) == 5


def test_a_report_prints_in_one_line_and_plots_the_distance_from_the_reference() -> None:
    report = refopt.check("refopt.examples.wrong_adam", dtypes=["float64"], cases=["adam-open-scales-001", "adam-open-basic-001"])
    assert repr(report) == "<report: refopt.examples:wrong_adam: deviates>" and len(str(report).splitlines()) > 5
    root = ET.fromstring(report.plot().svg)
    assert root.tag.endswith("svg") and any(x.tag.endswith("polyline") for x in root.iter())


def test_a_picture_in_a_notebook_keeps_its_style_to_itself(tmp_path: Path) -> None:
    picture = Drawing("a < b", "<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    coded = re.fullmatch(r'<img alt="a &lt; b" src="data:image/svg\+xml;base64,([^"]+)">', picture._repr_html_())
    assert coded is not None and base64.b64decode(coded[1]).decode() == picture.svg
    with pytest.raises(RefoptError, match="cannot write"):
        picture.save(tmp_path / "no" / "x.svg")

"""The curve as SVG: well-formed, inside its frame, the limit where 1 is."""

from __future__ import annotations

import math
from xml.etree import ElementTree as Xml

import pytest

from refopt.report.curve import Curve
from refopt.report.html.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot


def _points(svg: Xml.Element, name: str) -> list[tuple[float, float]]:
    line = svg.find(f"g[@class='{name}']/polyline")
    assert line is not None
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in str(line.get("points")).split())]


@pytest.mark.parametrize(
    "values",
    [(0.5,), (0.0, 0.0), (math.inf, 1e-300, 3.0), (1e12, 1e13), tuple(float(i + 1) for i in range(300)), (5e-324, 1.7e308)],
)
def test_every_point_lies_inside_the_frame(values: tuple[float, ...]) -> None:
    svg = Xml.fromstring(plot(Curve("case", tuple(enumerate(values, start=1)))))
    for x, y in _points(svg, "reference"):
        assert LEFT <= x <= WIDTH - RIGHT
        assert TOP <= y <= HEIGHT - BOTTOM


def test_the_limit_parts_what_fits_from_what_does_not() -> None:
    svg = Xml.fromstring(plot(Curve("case", ((1, 1e12), (2, 1e13)), ((1, 0.3), (2, 0.9)), "adam/eps_hat")))
    limit = svg.find("line[@class='limit']")
    assert limit is not None
    y = float(str(limit.get("y1")))
    assert all(p[1] < y for p in _points(svg, "reference"))
    assert all(p[1] > y for p in _points(svg, "explained"))


def test_ten_times_as_much_is_the_same_way_up_everywhere() -> None:
    ys = [y for _, y in _points(Xml.fromstring(plot(Curve("case", ((1, 1.0), (2, 10.0), (3, 100.0))))), "reference")]
    assert abs((ys[0] - ys[1]) - (ys[1] - ys[2])) < 0.2  # coordinates are written to a tenth


def test_it_is_told_in_words_to_who_cannot_see_it() -> None:
    label = Xml.fromstring(plot(Curve("a<b", ((1, 2.0),), ((1, 0.25),), "x & y"))).get("aria-label")
    assert label == "error/bound at each update of a<b: beside the reference up to 2; beside x & y up to 0.25"


def test_nothing_to_draw_is_no_picture() -> None:
    assert plot(Curve("case", ())) == ""

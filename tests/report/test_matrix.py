"""The table before anybody prints it."""

from __future__ import annotations

from refopt.report.matrix import by_format, by_rule
from refopt.report.survey import screen
from tests.report import judged
from tests.report.test_survey import found


def test_a_row_an_implementation_and_a_column_a_format() -> None:
    matrix = by_format([judged.conforming().found, judged.unexplained().found, judged.imprecise().found])
    assert matrix.columns == ("float64", "float16", "float32")
    cells = {name: [c.text for c in row] for name, row in matrix.rows}
    assert cells["tests.implementations.planted.others:sgd_elements_reversed"] == ["deviates", "-", "deviates"]
    assert cells["tests.implementations.planted.precision:velocity_through_float16"] == ["conforms*", "-", "-"]


def test_a_survey_has_the_cells_that_its_screen_prints() -> None:
    rows = list(found())
    matrix = by_rule(rows)
    page = screen(rows, ("float64",), 1.0)
    assert list(matrix.columns) == page[1].split()
    for (name, cells), line in zip(matrix.rows, page[2:], strict=False):
        assert line.startswith(name)
        assert line[15:].replace("no answer", "no_answer").split() == [c.text.replace(" ", "_") for c in cells]


def test_what_could_not_be_loaded_is_a_cell_without_a_subject() -> None:
    cell = by_rule([found()[-1]]).rows[0][1][0]
    assert (cell.text, cell.verdict, cell.subject) == ("no answer", "no_answer", None)

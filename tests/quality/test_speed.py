"""The table of speeds in refopt/optim/README.md is one that `tests/quality/speed.py` writes; how fast is measured on an idle machine, not here."""

from __future__ import annotations

from refopt.bench.contenders import CONTENDERS
from refopt.bench.step import DTYPES, RULES, Row
from tests.quality.pages import SPEED, kept
from tests.quality.speed import SIZE, lines, with_all_rows


def test_the_page_has_a_row_for_each_rule_and_format() -> None:
    seconds: dict[str, float | None] = dict.fromkeys(CONTENDERS, 0.001)
    rows = [Row(rule, dtype, SIZE, seconds, {"C": 1.0, "NumPy": 2.0}, {"C": 0.5}, 1e9) for dtype in DTYPES for rule in RULES]
    written, printed = kept(SPEED, "speed").splitlines(), lines(rows, 2)
    assert (written[0], written[2]) == (printed[0], printed[2])
    assert [line.split("|")[1:3] for line in written] == [line.split("|")[1:3] for line in printed]
    assert printed[4] == "| sgd | float32 | 1.0 ms | 50 % | 2.0 | - | - | - | - | - |"


def test_a_row_that_is_not_measured_has_dashes_and_the_others_stay_as_they_are() -> None:
    written = kept(SPEED, "speed").splitlines()
    assert with_all_rows(written) == written
    (lost,) = (line for line in written if line.startswith("| adam | float64 |"))
    found = with_all_rows([line for line in written if line != lost])
    assert [line for line in found if line not in written] == ["| adam | float64 |" + " - |" * (lost.count("|") - 3)]
    assert found.index("| adam | float64 |" + " - |" * (lost.count("|") - 3)) == written.index(lost)

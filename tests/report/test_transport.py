"""Reports that travel between processes hold what they are printed from."""

from __future__ import annotations

from typing import Any

from refopt.report.transport import packed, unpacked
from tests.report import judged


def _fields(report: Any) -> dict[str, Any]:
    model = report.found.worst.diagnosis.best.model
    return {name: getattr(model, name) for name in ("name", "rule", "profile", "bound_in", "stored_in", "stored", "formats", "excuses", "edited", "bounds")}


def test_the_formula_that_explains_a_report_arrives_with_all_that_it_is_allowed() -> None:
    report = judged.edited()
    (arrived,) = unpacked(packed([report]))
    assert _fields(report)["edited"] and _fields(arrived) == _fields(report)
    assert str(arrived) == str(report)

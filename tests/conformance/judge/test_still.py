"""Elements whose updates are absorbed are counted, and are no pass."""

from __future__ import annotations

from typing import Any

import numpy as np

import refopt

CASES = ["sgd-open-basic-001", "sgd-open-low-001"]


class Sgd:
    """Right, or with an update that is always absorbed."""

    moves = True

    def init(self, theta: Any) -> dict[str, Any]:
        return {}

    def step(self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.01) -> tuple[Any, dict[str, Any]]:
        f = theta.dtype.type
        return np.asarray(theta - f(lr) * grad if self.moves else theta + f(lr) * 0 * grad), {}


class Standing(Sgd):
    moves = False


def test_elements_that_stand_still_in_all_of_a_case_are_counted_and_judged_like_any_other() -> None:
    report = refopt.check(Standing, "sgd", dtypes=["bfloat16"], cases=CASES)
    assert report.verdict == "deviates"
    assert report.footer["dtypes"]["bfloat16"]["stood_still"] == report.found.findings[0].ground.still.elements > 60  # type: ignore[union-attr]
    assert any(note.startswith("bfloat16: the update is absorbed in ") for note in str(report).split("Note: "))


def test_a_program_that_moves_somewhere_in_every_case_gets_no_such_remark() -> None:
    report = refopt.check(Sgd, "sgd", dtypes=["float32"], cases=CASES)
    assert report.verdict == "conforms" and report.found.findings[0].ground.still is None

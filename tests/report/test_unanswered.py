"""What gave no answer never hides what is known: one verdict a format, then the diagnosis, then the errors, folded and counted."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.report.faults import why
from refopt.report.html.page import fragment
from refopt.report.report import Report
from refopt.report.terminal import screen
from refopt.report.unanswered import folded_errors, lost

CASES = ("adam-open-basic-001", "adam-open-scales-001", "adam-open-shapes-001")
SHAPES = "adam-open-shapes-001"
"""The only one of these cases with a tensor of two axes."""


class Adam:
    """Adam; `second` is the decay of its second correction, `axes` the number of axes that it cannot take, `bits` that of its narrowest format."""

    second, axes, bits = "beta2", 99, 16

    def init(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """Two moments."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(
        self, theta: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray], t: int, *, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:  # fmt: skip
        """One update."""
        if theta.ndim >= self.axes:
            raise ValueError("too many axes")
        if 8 * theta.itemsize < self.bits:
            raise TypeError("too few bits")
        one = theta.dtype.type(1)
        m = (beta1 * state["m"] + (1 - beta1) * grad).astype(theta.dtype)
        v = (beta2 * state["v"] + (1 - beta2) * grad * grad).astype(theta.dtype)
        decay: Any = {"beta1": beta1, "beta2": beta2}[self.second]
        root = np.sqrt(v / (one * (1 - decay**t)).astype(theta.dtype)) + eps
        return (theta - lr * (m / (1 - beta1**t)) / root).astype(theta.dtype), {"m": m, "v": v}


@cache
def judged(*, second: str = "beta2", axes: int = 99, bits: int = 16, dtypes: tuple[str, ...] = ()) -> Report:
    """A report on one of these optimizers, over a few cases."""
    made = type("Adam", (Adam,), {"second": second, "axes": axes, "bits": bits})
    return refopt.check(made, "adam", cases=CASES, dtypes=dtypes)


def verdicts(report: Report) -> dict[str, str]:
    """The verdict of each format."""
    return {name: d["verdict"] for name, d in report.footer["dtypes"].items()}


def test_a_diagnosis_is_not_hidden_by_cases_that_gave_no_answer() -> None:
    report = judged(second="beta1", axes=2, dtypes=("float64", "float32"))
    assert verdicts(report) == {"float64": "deviates", "float32": "deviates"}
    page = " ".join(str(report).split())
    assert page.index("+ v_hat <- v / (1 - beta1^t)") < page.index("No answer in 2 of 6 runs") and "raised ValueError: too many axes" in page
    assert report.exit == 1 and report.footer["edit"]


def test_a_diagnosis_is_not_hidden_by_a_format_that_gave_no_answer() -> None:
    report = judged(second="beta1", bits=64, dtypes=("float64", "float32"))
    assert verdicts(report) == {"float64": "deviates", "float32": "no_answer"}
    assert report.verdict == "deviates" and "deviates from adam in float64\n" in str(report)
    assert "By format: float64 deviates, float32 no_answer" in "\n".join(screen(report.found, verbose=True))
    assert "No answer in 3 of 6 runs (a case in a format): update 1: raised TypeError: too few bits" in " ".join(str(report).split())


def test_a_format_that_nobody_asked_for_and_that_is_not_taken_is_skipped() -> None:
    report = judged(bits=32)
    assert verdicts(report)["bfloat16"] == verdicts(report)["float16"] == "skipped"
    assert verdicts(report)["float64"] == "conforms" and report.exit == 0
    assert str(report).count("skipped: not taken: raised TypeError: too few bits") == 2
    asked = judged(bits=32, dtypes=("float64", "bfloat16"))
    assert verdicts(asked) == {"float64": "conforms", "bfloat16": "no_answer"} and asked.exit == 1


def test_a_format_in_which_some_cases_are_answered_is_not_skipped() -> None:
    report = judged(axes=2)
    assert set(verdicts(report).values()) == {"no_answer"} and report.exit == 1


def test_where_no_format_is_taken_there_is_no_answer() -> None:
    report = judged(axes=0)
    assert report.verdict == "no_answer" and set(verdicts(report).values()) == {"no_answer"} and report.exit == 1


@pytest.mark.parametrize("axes", [0, 2])
def test_equal_errors_are_one_line_and_the_counts_add_up(axes: int) -> None:
    found = judged(axes=axes).found
    (same,) = folded_errors(found)
    assert same.count == len(lost(found)) == sum(line.verdict == "no_answer" for f in found.findings for line in f.ground.lines)
    assert " ".join(str(judged(axes=axes)).split()).count("too many axes") == 1
    for f in found.findings:
        words = [line.verdict for line in f.ground.lines]
        assert len(words) == words.count("conforms") + words.count("no_answer") == f.ground.lost + words.count("conforms")


def test_the_page_for_a_browser_says_both() -> None:
    page = fragment(judged(second="beta1", axes=2, dtypes=("float64", "float32")).found)
    assert "too many axes" in page and SHAPES in page and "edit" in page


def test_a_variant_that_is_meant_is_not_accepted_where_cases_gave_no_answer() -> None:
    report = refopt.check(
        type("Uncorrected", (Adam,), {"axes": 2, "step": _uncorrected}), "adam", cases=CASES, dtypes=("float64",), expected="adam/uncorrected"
    )
    assert (report.verdict, report.exit, why(report.found)) == ("variant", 1, "no answer in 1 case")
    with pytest.raises(AssertionError, match="gives no answer"):
        report.raise_if_not("adam/uncorrected")


def _uncorrected(
    self: Adam, theta: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray], t: int, *, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:  # fmt: skip
    if theta.ndim >= self.axes:
        raise ValueError("too many axes")
    m, v = beta1 * state["m"] + (1 - beta1) * grad, beta2 * state["v"] + (1 - beta2) * grad * grad
    return theta - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v}

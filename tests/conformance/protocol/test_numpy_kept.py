"""Code that replaces functions of NumPy costs its own answer, in one line, and nothing else: the judge computes with NumPy in the same process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import refopt
from refopt.conformance.protocol.in_process import Misbehaved, quiet
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks import named

SQRT = np.sqrt


class ChangesLater:
    """Replaces a function in its second update, of every run but the first few, in which it is looked how it is called."""

    def init(self, theta):  # type: ignore[no-untyped-def]
        return {}

    def step(self, theta, grad, state, t, lr=0.1):  # type: ignore[no-untyped-def]
        if t == 2:
            np.sqrt = np.cbrt
        return theta - lr * grad, state


def test_what_is_replaced_is_put_back_and_told() -> None:
    with pytest.raises(Misbehaved, match=r"it changes NumPy itself: numpy\.sqrt$"), quiet():
        np.sqrt = np.cbrt
    assert np.sqrt is SQRT


def test_what_raises_because_of_it_is_told_by_its_cause() -> None:
    with pytest.raises(Misbehaved, match=r"numpy\.sqrt"), quiet():
        np.sqrt = None
        np.sqrt(2)
    assert np.sqrt is SQRT


def test_a_name_that_is_added_is_none_of_its_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    with quiet():
        monkeypatch.setattr(np, "an_old_name", float, raising=False)


def test_a_function_that_was_replaced_before_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "sqrt", np.cbrt)
    with quiet():
        pass
    assert np.sqrt is np.cbrt


def test_it_costs_its_own_answer() -> None:
    found = refopt.check(ChangesLater(), "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"])
    assert found.verdict == Conformance.NO_ANSWER and np.sqrt is SQRT
    assert any("changes NumPy itself: numpy.sqrt" in str(line) for line in found.lines())


def test_a_module_that_does_it_as_it_is_imported_is_refused_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "changes_numpy.py").write_text("import numpy as np\nnp.sqrt = np.cbrt\ndef sgd(w, dw, lr=0.1): return w - lr * dw\n")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        with pytest.raises(RefoptError, match=r"importing changes_numpy: it changes NumPy itself: numpy\.sqrt"):
            named("python:changes_numpy:sgd")
    assert np.sqrt is SQRT

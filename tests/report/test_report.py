"""The Report object: what `refopt.check` gives back."""

from __future__ import annotations

import pytest

import refopt
from refopt.errors import RefoptError
from refopt.report.report import NotAsExpected
from refopt.report.terminal import screen
from refopt.testing import assert_conforms
from tests.implementations.textbook_adam import TextbookAdam
from tests.report import judged

CASE = {"cases": ["adam-open-basic-001"], "dtypes": ["float64"]}


class Unnamed:
    """Adam in a class whose name does not say so."""

    init, step = TextbookAdam.init, TextbookAdam.step


def test_a_report_prints_as_the_screen() -> None:
    assert str(judged.variant()) == "\n".join(screen(judged.variant().found))


def test_the_verdict_and_the_exit_code_are_those_of_the_command() -> None:
    assert (judged.conforming().verdict, judged.conforming().exit) == ("conforms", 0)
    assert (judged.variant().verdict, judged.variant().exit) == ("variant", 1)
    assert (judged.skipped().verdict, judged.skipped().exit) == ("skipped", 2)


def test_an_object_a_class_and_a_factory_are_judged_like_their_name() -> None:
    for given in (TextbookAdam(), TextbookAdam, lambda: TextbookAdam()):
        report = refopt.check(given, "adam", **CASE)
        assert (report.verdict, report.footer["precision"]) == ("conforms", "full")


def test_the_short_name_of_generated_code_means_the_same() -> None:
    short, full = (refopt.check(f"{name}.sgd", cases=["sgd-open-basic-001"], dtypes=["float64"]).footer for name in ("numpy", "refopt.generated.numpy"))
    assert {**short, "implementation": ""} == {**full, "implementation": ""}


def test_an_object_without_a_rule_is_asked_for_one() -> None:
    report = refopt.check(Unnamed)
    assert report.found.identified == ("adam",) and report.exit == 2
    assert str(report).splitlines()[0].endswith("identified: adam (you named no rule)")
    with pytest.raises(RefoptError, match="identified: adam") as caught:
        assert_conforms(Unnamed)
    assert caught.value.help == 'add rule="adam"'


class Forgetful:
    """Its count is not part of what it saves."""

    def init(self, theta):  # type: ignore[no-untyped-def]
        self.t = 0
        return {"m": 0 * theta, "v": 0 * theta}

    def step(self, theta, grad, state, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):  # type: ignore[no-untyped-def]
        self.t += 1
        m, v = beta1 * state["m"] + (1 - beta1) * grad, beta2 * state["v"] + (1 - beta2) * grad**2
        return theta - lr * (m / (1 - beta1**self.t)) / ((v / (1 - beta2**self.t)) ** 0.5 + eps), {"m": m, "v": v}


def test_what_is_lost_in_loading_does_not_hide_whose_values_it_has() -> None:
    assert refopt.check(Forgetful, "adam", **CASE).verdict == "deviates"
    assert refopt.check(Forgetful).found.identified == ("adam",)


def test_the_wanted_verdict_raises_nothing() -> None:
    judged.conforming().raise_if_not("conforms")
    judged.conforming().raise_if_not("sgd")
    judged.variant().raise_if_not("variant")
    judged.variant().raise_if_not("adam/eps_in_sqrt")


def test_the_first_line_of_the_complaint_carries_the_diagnosis() -> None:
    with pytest.raises(NotAsExpected) as caught:
        judged.variant().raise_if_not("conforms")
    first = str(caught.value).splitlines()[0]
    assert "adam_eps_in_sqrt" in first
    assert "adam/eps_in_sqrt" in first


def test_the_complaint_shows_both_values_and_is_an_assertion_error() -> None:
    with pytest.raises(AssertionError) as caught:
        judged.variant().raise_if_not("conforms")
    found = next(line for line in judged.variant().lines() if line["kind"] == "diagnosis")["first_difference"]
    assert found["theirs"] in str(caught.value)
    assert found["exact"] in str(caught.value)


def test_a_variant_that_was_not_the_one_meant_is_complained_about() -> None:
    with pytest.raises(NotAsExpected, match="adam/eps_in_sqrt"):
        judged.variant().raise_if_not("adam/eps_hat")


def test_a_notebook_shows_no_raw_markup() -> None:
    shown = judged.variant()._repr_html_()
    assert "adam/eps_in_sqrt" in shown
    assert "v <- " not in shown

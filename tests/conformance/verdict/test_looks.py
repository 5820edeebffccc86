"""Formats are looked at two at a time where a second process helps, and what is said of them is what is said one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import refopt
from refopt import catalogue
from refopt.conformance.diagnose.not_taken import WithFixed
from refopt.conformance.judge.second_process import second_process
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.verdict.look import Look, look
from refopt.conformance.verdict.looks import Looks
from refopt.frameworks import load
from refopt.golden import store
from refopt.rounding.formats import FORMATS

ORDER = ("float64", "float32", "float16")


def looks(told: list[str], *more: str) -> Looks:
    cases = [c for c in store.packed_cases("adam") if c.id in ("adam-open-every-001", "adam-open-basic-001", *more)]

    def observed(name: str, seen: Any, observations: Any) -> None:
        told.append(name)
        assert all(isinstance(o, Observation) for o in observations)

    return Looks(catalogue.rule("adam"), cases, [FORMATS[n] for n in ORDER], None, lambda _: None, observed)


@pytest.mark.parametrize(("processes", "after_the_first"), [(1, ["float64"]), (2, ["float64", "float32"])])
def test_the_next_format_is_run_early_only_beside_a_second_process(processes: int, after_the_first: list[str]) -> None:
    implementation: Any = load("numpy.adam")
    told: list[str] = []
    with second_process(processes):
        every = looks(told)
        first = every.at(FORMATS["float64"], implementation)
        assert isinstance(first, Look) and told == after_the_first
        second = every.at(FORMATS["float32"], implementation)
        assert isinstance(second, Look) and told[:2] == ["float64", "float32"] and second.format.name == "float32"


def test_what_was_seen_early_is_not_used_for_an_implementation_that_is_set_otherwise() -> None:
    implementation: Any = load("numpy.adam")
    told: list[str] = []
    with second_process(2):
        every = looks(told)
        every.at(FORMATS["float64"], implementation)
        other: Any = load("numpy.adam")
        again = every.at(FORMATS["float32"], other)
    assert isinstance(again, Look) and again.implementation is other and told.count("float32") == 2


@pytest.mark.parametrize("value", [0.999, 0.25])
def test_what_was_seen_early_is_used_for_the_same_implementation_with_other_settings(value: float) -> None:
    implementation: Any = load("numpy.adam")
    told: list[str] = []
    with second_process(2):
        every = looks(told, "adam-defaults-001")
        every.at(FORMATS["float64"], implementation)
        fixed = WithFixed(implementation, {"beta2": value})
        early = every.at(FORMATS["float32"], fixed)
    assert isinstance(early, Look) and early.implementation is fixed and told.count("float32") == 1
    anew = look(fixed, every.rule, every.cases, FORMATS["float32"], None, lambda _: None)
    assert isinstance(anew, Look) and "by_reference" in vars(early.evidence) and "by_reference" not in vars(anew.evidence)
    failing = [max(float(np.nanmax(r)) for r in j.ratio.values()) > 1 for j in early.evidence.by_reference]
    assert failing == [max(float(np.nanmax(r)) for r in j.ratio.values()) > 1 for j in anew.evidence.by_reference]
    assert any(failing) == (value != 0.999), "it runs with its own default whatever is said of it"


def plain(made: Callable[[], Any]) -> list[dict[str, Any]]:
    """The lines of a report without what is measured in seconds."""
    return [{k: v for k, v in line.items() if k not in ("elapsed", "sha256", "checksum")} for line in made().lines()]


@pytest.mark.parametrize(("name", "cases"), [("numpy.adam", ["every", "basic"]), ("refopt.examples.wrong_adam", ["rate", "basic"])])
def test_two_formats_at_a_time_say_what_one_at_a_time_says(name: str, cases: list[str]) -> None:
    cases = [*(f"adam-open-{sort}-001" for sort in cases), "adam-defaults-001"]

    def made() -> Any:
        return refopt.check(name, "adam", dtypes=ORDER, cases=cases)

    alone = plain(made)
    with second_process(2):
        together = plain(made)
    assert together == alone

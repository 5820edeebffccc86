"""An explanation must explain something: what is told when the difference is small, and what no cause may excuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule
from refopt.conformance.diagnose.dropped import dropped_terms
from refopt.conformance.diagnose.edits import edits
from refopt.conformance.diagnose.precision_causes import as_written, causes
from refopt.conformance.diagnose.worth import CLEAR, FITTED, has_free_constant, may_explain
from refopt.conformance.judge.model import Model, in_force
from refopt.golden.change import Change, Kind
from refopt.language.expression import literal, theta
from refopt.language.rule import Let
from refopt.report.words import told, told_or_none
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format

CASES = ["momentum-open-basic-001", "momentum-open-scales-001", "momentum-open-low-001"]


class Wobbly:
    """Momentum with two roundings too many, of numbers some times larger than theta: no other formula."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {"v": np.zeros_like(theta)}

    def step(self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        f: Any = theta.dtype.type
        v = f(momentum) * state["v"] + f(lr) * grad
        far = theta * f(1.5)
        return ((theta - v) + far) - far, {"v": v}


def test_an_imprecise_program_deviates_and_is_given_no_name() -> None:
    report = refopt.check(Wobbly, "momentum", dtypes=["float32"], cases=CASES)
    assert report.footer["verdict"] == "deviates"
    assert report.footer["edit"] is None
    page = " ".join(str(report).split())
    assert "no formula told; a form of the formula that we do not know, or an imprecise operation" in page
    assert "The closest" not in page
    assert "bounds, no formula told" in page.rpartition("exit 1:")[2]


class Broken(Wobbly):
    """Momentum at a rate that is a little too large, with one NaN in the fifth update."""

    def step(self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        f: Any = theta.dtype.type
        v = f(momentum) * state["v"] + f(1.00001 * lr) * grad
        new = theta - v
        new.ravel()[:1] = np.nan if t == 5 else new.ravel()[:1]
        return new, {"v": v}


def test_a_nan_that_decides_is_the_first_difference_shown() -> None:
    page = str(refopt.check(Broken, "momentum", dtypes=["float32"], cases=CASES[:1]))
    assert "theta becomes nan where the exact value is finite." in page
    assert "t=5, theta[0]" in page


def test_a_searched_constant_needs_more_than_a_structural_edit() -> None:
    momentum = rule("momentum")
    tiny = replace(momentum, steps=(*momentum.steps[:-1], Let(theta, theta - literal("0.000001") * theta - momentum.state[0].symbol)))
    ascent = replace(momentum, steps=(*momentum.steps[:-1], Let(theta, theta + momentum.state[0].symbol)))
    assert has_free_constant(tiny, momentum)
    assert not has_free_constant(ascent, momentum)
    for edited, least in ((tiny, FITTED), (ascent, CLEAR - 1)):
        assert not may_explain(momentum, least, Model("x", edited), Change(Kind.PART))
        assert may_explain(momentum, least * 1.01, Model("x", edited), Change(Kind.PART))


def test_small_integers_and_halves_are_structure_and_no_constants() -> None:
    adam = rule("adam")
    free = [told(e.change) for e in edits(adam) if has_free_constant(e.rule, adam)]
    assert "beta2: always 0.99" in free
    assert not any(text.startswith("everywhere: t -> t") for text in free)


def _texts(f: Format, seen: Sequence[Format] = ()) -> list[str]:
    adam = rule("adam")
    return [told_or_none(c.of) or "" for c in causes(Model("adam", adam), in_force(adam, {}, {}), f, seen)]


@pytest.mark.parametrize("narrow", [BFLOAT16, FLOAT16])
def test_hyperparameters_pass_through_a_16_bit_format_only_where_something_has_it(narrow: Format) -> None:
    passes = f"hyperparameters pass through {narrow.name}"
    assert not any(text.startswith(passes) for text in _texts(FLOAT64))
    assert any(text.startswith(passes) for text in _texts(FLOAT64, [narrow]))
    assert any(text.startswith("hyperparameters pass through float32") for text in _texts(FLOAT64))


def test_a_hyperparameter_that_becomes_zero_in_a_format_is_no_cause_but_a_term_left_out() -> None:
    assert not any("float16: eps" in text for text in _texts(FLOAT64, [FLOAT16]))
    assert any("float16: lr" in text for text in _texts(FLOAT64, [FLOAT16]))


def test_terms_left_out_are_edits_that_drop_one_operand_of_a_sum() -> None:
    adam = rule("adam")
    texts = [told(e.change) for e in dropped_terms(adam, adam.values(), FLOAT64)]
    assert "theta: sqrt(v_hat) + eps -> sqrt(v_hat)" in texts
    assert all("->" in text for text in texts)
    assert "theta: sqrt(v_hat) + eps -> sqrt(v_hat)" not in [told(e.change) for e in dropped_terms(adam, adam.values(), FLOAT16)]


def test_the_decimal_number_that_is_written_is_the_shortest_that_is_read_as_it() -> None:
    assert as_written(Fraction(0.999)) == Fraction(999, 1000)
    assert as_written(Fraction(1, 1024)) == Fraction(1, 1024)
    assert any("taken as decimal numbers: 0.999 exactly" in text for text in _texts(FLOAT64))
    assert not any("decimal" in text for text in _texts(FLOAT32))

"""One mistake in two places: a precedence slip in both corrections leaves NaN, and is named by where it does."""

from __future__ import annotations

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.twofold import twofold_edits
from refopt.golden.mutants import formula
from refopt.language.rule import Rule
from refopt.report.words import told
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.program import Array, Result, State, program


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_no_edit_is_made_twice_and_none_is_the_rule(r: Rule) -> None:
    texts = [formula(e.rule) for e in twofold_edits(r)]
    assert len(set(texts)) == len(texts) and formula(r) not in texts


def test_parentheses_are_dropped_and_set_too_wide_in_both_corrections() -> None:
    lines = {told(e.change) for e in twofold_edits(rule("adamw"))}
    assert any("- beta1^t" in x and "- beta2^t" in x and "/ 1 -" in x for x in lines), sorted(lines)


def test_a_change_is_made_throughout_one_assignment() -> None:
    lines = {told(e.change) for e in twofold_edits(rule("adadelta"))}
    assert "d: sqrt(u + eps) -> sqrt(u) + eps; d: sqrt(s + eps) -> sqrt(s) + eps" in lines, sorted(lines)


@program("m", "v")
def divides_by_one(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """AdamW with m / 1 - beta1**t and v / 1 - beta2**t, for want of parentheses: mostly the root of a negative number."""
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    p1, p2, rate, epsilon, decay = rounded(theta, beta1**t, beta2**t, lr, eps, lr * weight_decay)
    return theta - decay * theta - rate * (m / 1 - p1) / (np.sqrt(v / 1 - p2) + epsilon), {"m": m, "v": v}


def test_a_slip_that_gives_nan_is_named_and_the_first_nan_is_shown_first() -> None:
    cases = [f"adamw-open-{kind}-001" for kind in ("basic", "low", "scales", "rate", "shapes")]
    report = refopt.check(divides_by_one, "adamw", dtypes=["float64"], cases=cases, search=120)
    assert report.footer["edit"] == "m_hat: m / (1 - beta1^t) -> m / 1 - beta1^t; v_hat: v / (1 - beta2^t) -> v / 1 - beta2^t"
    page = str(report).splitlines()
    first = next(i for i, line in enumerate(page) if line.startswith("First difference"))
    assert "nan" in next(line for line in page[first:] if "yours" in line)

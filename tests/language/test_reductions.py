"""Reductions: how they read, and how a rule is taken apart at them."""

from __future__ import annotations

import pytest

from refopt.errors import RefoptError
from refopt.language.expression import g, tensor, theta
from refopt.language.extent import ELEMENT, TENSOR
from refopt.language.latex import latex
from refopt.language.mathml import mathml
from refopt.language.reductions import (
    Over,
    closed_form,
    dot,
    has_reductions,
    largest,
    mean,
    norm,
    norm_1,
    on_elements,
    one_a_tensor,
    place,
    rms,
    size,
    staged,
    total,
)
from refopt.language.rule import Let, Rule, Source
from refopt.language.text import canonical, infix
from tests.reducing import CLIPPED, SCALED

x = tensor("x")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (norm(theta), "norm(theta)"), (rms(g), "rms(g)"), (mean(g), "mean(g)"), (total(g * x), "sum(g*x)"), (dot(g, x), "sum(g*x)"), (largest(g), "largest(g)"),
        (norm(g, Over.ALL), "norm(g, all)"), (norm_1(g), "sum(abs(g))"), (theta / norm(g - x), "theta / norm(g - x)"), (2 * mean(g) ** 2, "2*mean(g)^2"),
    ],
)  # fmt: skip
def test_a_reduction_reads_as_people_say_it(node: object, said: str) -> None:
    assert infix(node) == said  # type: ignore[arg-type]


def test_the_fingerprint_tells_what_is_gone_over() -> None:
    assert canonical(norm(g)) == "(sqrt (sum[tensor] (square g)))" != canonical(norm(g, Over.ALL))


def test_formulas_for_print_show_norms_and_sums() -> None:
    assert latex(norm(theta)) == r"\left\lVert \theta \right\rVert" and r"\mathrm{all}" in latex(norm(g, Over.ALL))
    assert "‖" in mathml(norm(theta)) and "∑" in mathml(total(theta)) and "all" in mathml(total(theta, Over.ALL))


def test_a_reduction_has_one_value_a_tensor_and_is_no_scalar_of_binary64() -> None:
    assert norm(g).extent is TENSOR and not norm(g).is_scalar and (theta / norm(g)).extent is ELEMENT and size().is_scalar


def test_the_sum_of_one_value_is_refused() -> None:
    with pytest.raises(RefoptError, match="one value, not one an element"):
        total(norm(g))


def test_a_tensor_cannot_be_assigned_to_one_value_a_tensor() -> None:
    with pytest.raises(RefoptError, match="make it a tensor"):
        Rule("bad", "", (Source("", ""),), (), (), (Let(one_a_tensor("n"), theta * g), Let(theta, theta - one_a_tensor("n") * g)))


def test_a_rule_is_taken_apart_at_its_reductions_in_order() -> None:
    found = staged(SCALED)
    assert [infix(r.operand) for r in found.reductions] == ["theta^2", "m^2"] and [len(r.before) for r in found.reductions] == [1, 2]
    assert infix(found.steps[1].value) == "sqrt(reduced_1)" and not any(has_reductions(SCALED) is False for _ in found.steps)


def test_the_same_sum_after_an_assignment_is_another_one() -> None:
    n, k = one_a_tensor("n"), one_a_tensor("k")
    twice = Rule("twice", "", (Source("", ""),), (), (), (Let(n, norm(theta)), Let(theta, theta - g), Let(k, norm(theta)), Let(theta, theta * n / k)))
    assert len(staged(twice).reductions) == 2
    once = Rule("once", "", (Source("", ""),), (), (), (Let(n, norm(theta)), Let(theta, theta * norm(theta) / n)))
    assert len(staged(once).reductions) == 1


def test_a_rule_on_a_tensor_of_two_elements_has_its_sums_written_out() -> None:
    lines = [f"{let.name} <- {let.value}" for let in on_elements(CLIPPED, 2, place)]
    assert lines[0] == "reduced_1 <- g_0^2 + g_1^2" and lines[-1] == "theta_1 <- theta_1 - lr*clip*g_1"


def test_the_closed_form_is_that_of_tensors_of_a_few_elements() -> None:
    import sympy as sp

    form = closed_form(CLIPPED)["theta of 2"]
    g0, g1, theta0, lr = (next(s for s in form.free_symbols if s.name == name) for name in ("g_0", "g_1", "theta_0", "lr"))
    assert sp.simplify(form - (theta0 - lr * g0 * sp.Min(1, 1 / (sp.sqrt(g0**2 + g1**2) + sp.Rational(1, 10**6))))) == 0

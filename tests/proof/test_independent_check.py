"""Identities checked without SymPy's simplifier: what is equal is confirmed, what is not is refuted, and what cannot be said is not said."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.errors import RefoptError
from refopt.exact.numbers import has_arb
from refopt.language.expression import Expression, g, literal, maximum, scalar, sqrt, t, tensor
from refopt.proof import independent_check
from refopt.proof.independent_check import Checked, Stop, Variable, checked
from refopt.proof.update_trees import after
from refopt.proving.lift import lift
from refopt.proving.prove import loaded_from, prove
from refopt.proving.second_opinion import Opinion, second_opinion
from refopt.report import opinion_words

needs_arb = pytest.mark.skipif(not has_arb(), reason="python-flint is not installed: no balls")
m, v = tensor("m"), tensor("v", sign="nonnegative")
b = scalar("b", sign="nonnegative")
X = Variable("x")


def _how(found: Checked) -> str:
    return opinion_words.told(Opinion(found))


EQUAL = {
    "lerp": (b * m + (1 - b) * g, m + (1 - b) * (g - m)),
    "quotient of quotients": (m / (1 - b**t) / (g / m), m**2 / (g * (1 - b**t))),
    "square": ((m - g) ** 2, m**2 - 2 * m * g + g**2),
}
OTHER = {
    "sign": (b * m + (1 - b) * g, m - (1 - b) * (g - m)),
    "step": (m / (1 - b**t), m / (1 - b)),
    "a tiny constant": (m, m * literal("1.000000000000000000000000000000000000001")),
}
WITH_ROOTS = {
    "root of a quotient": (sqrt(v / (1 - b**t)), sqrt(v) / sqrt(1 - b**t), True),
    "the larger first": (maximum(v, m), maximum(m, v), True),
    "eps under the root": (sqrt(v + b), sqrt(v) + b, False),
    "the smaller": (maximum(v, m), v, False),
}


@pytest.mark.parametrize("name", EQUAL)
def test_a_rational_identity_is_confirmed_in_exact_fractions(name: str) -> None:
    found = checked({X: EQUAL[name]}, ())
    assert found.same is True and "x in exact fractions at 4 random points (wrong with a probability below 1e-1" in _how(found)


@needs_arb
@pytest.mark.parametrize("name", OTHER)
def test_what_is_no_identity_is_refuted(name: str) -> None:
    assert checked({X: OTHER[name]}, ()).same is False


@needs_arb
@pytest.mark.parametrize("name", WITH_ROOTS)
def test_roots_and_maxima_are_compared_in_balls(name: str) -> None:
    first, second, same = WITH_ROOTS[name]
    found = checked({X: (first, second)}, ())
    assert found.same is same and (not same or "x in Arb's balls at 12 random points to 60 digits" in _how(found))


@needs_arb
def test_what_has_no_value_is_not_confirmed() -> None:
    nowhere: Expression = sqrt(-1 - v)
    assert checked({X: (nowhere, nowhere + 1)}, ()).same is None


def test_without_balls_a_root_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(independent_check, "has_arb", lambda: False)
    found = checked({X: (sqrt(v), sqrt(v))}, ())
    assert found == Checked(None, stop=Stop.NO_BALLS, at=X) and "python-flint" in _how(found)


def test_the_probability_counts_the_degree() -> None:
    """x^n = x^n has a numerator of degree at most n: four points of 2^127 numbers each."""
    found = checked({X: (m**16, m**16)}, ())
    assert found.probability < 1e-148 and "below 1e-148" in _how(found), found


@needs_arb
@pytest.mark.parametrize("name", [r.name for r in catalogue.rules(variants=True)])
def test_every_rule_is_confirmed_to_be_itself_and_not_another(name: str) -> None:
    rule = catalogue.rule(name)
    trees = after(rule, first=False)
    assert checked({Variable(n): (x, x) for n, x in trees.items()}, rule.hyper).same is True
    assert checked({Variable(n): (x, x + theta_sized) for n, x in trees.items()}, rule.hyper).same is False


theta_sized = literal("0.00000000001") * tensor("theta")


@needs_arb
def test_prove_says_how_it_was_checked() -> None:
    answer = prove("refopt.generated.numpy.adam")
    told = opinion_words.told(answer.checked_by)  # type: ignore[union-attr, arg-type]
    assert told.startswith("m, v in exact fractions") and "theta in Arb's balls" in told


@needs_arb
def test_a_proof_that_the_values_contradict_is_an_error_of_ours() -> None:
    lifted = lift(loaded_from("refopt.generated.numpy.adam", "adam"), catalogue.rule("adam"))
    with pytest.raises(RefoptError, match="one of the two is an error of refopt"):
        second_opinion(catalogue.rule("adam/eps_in_sqrt"), lifted)


@needs_arb
def test_a_velocity_of_the_other_sign_is_found() -> None:
    lifted = lift(loaded_from("refopt.generated.numpy.nesterov_velocity", "nesterov/velocity"), catalogue.rule("nesterov/velocity"))
    found = second_opinion(catalogue.rule("nesterov"), lifted)
    assert (found.state, found.factor) == ("v", "-1") and opinion_words.told(found).endswith("v of the rule being -1 times its own")

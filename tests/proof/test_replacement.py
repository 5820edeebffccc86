"""Which hyperparameter, replaced by what, turns one rule into another."""

from __future__ import annotations

from dataclasses import replace

from refopt import catalogue
from refopt.language.compose import substitute
from refopt.language.expression import t
from refopt.language.text import infix
from refopt.proof.one_update import OneUpdate
from refopt.proof.replacement import in_the_limit, replacement, scaled


def _pair(first: str, second: str) -> OneUpdate:
    return OneUpdate(catalogue.rule(first), catalogue.rule(second))


def test_without_bias_correction_is_another_rate_and_another_eps() -> None:
    found = replacement(_pair("adam", "adam/uncorrected"))
    assert found is not None
    assert {n: infix(x) for n, x in found.items()} == {"lr": "(1 - beta1^t) * lr / sqrt(1 - beta2^t)", "eps": "eps / sqrt(1 - beta2^t)"}


def test_what_was_found_makes_the_formulas_equal_when_it_is_put_in() -> None:
    import sympy as sp

    adam, other = catalogue.rule("adam"), catalogue.rule("adam/eps_hat")
    found = replacement(OneUpdate(adam, other))
    assert found is not None
    values: dict[str, object] = {}
    for let in adam.steps:
        values[let.name] = substitute(let.value, {**found, **{n: v for n, v in values.items() if n.endswith("_hat")}})  # type: ignore[dict-item]
    theirs: dict[str, object] = {}
    for let in other.steps:
        theirs[let.name] = substitute(let.value, {n: v for n, v in theirs.items() if n not in ("m", "v")})  # type: ignore[misc]
    difference = values["theta"].sym - theirs["theta"].sym  # type: ignore[attr-defined]
    beta2, t = (next(s for s in difference.free_symbols if s.name == n) for n in ("beta2", "t"))
    for power in (1, 2, 7):
        assert sp.simplify(difference.subs({t: power, beta2: sp.Rational(1, 3)})) == 0


def test_nothing_is_claimed_where_no_replacement_exists() -> None:
    assert replacement(_pair("adam", "adam/eps_in_sqrt")) is None
    assert replacement(_pair("momentum", "momentum/lr_outside")) is None


def test_the_difference_dies_out_exactly_where_it_is_the_bias_correction() -> None:
    assert in_the_limit(_pair("adam", "adam/eps_hat"))
    assert in_the_limit(_pair("adam", "adam/uncorrected"))
    assert not in_the_limit(_pair("adam", "adam/eps_in_sqrt"))


def test_a_dampened_velocity_is_a_change_of_the_rate_and_a_multiple_of_the_velocity() -> None:
    found = scaled(_pair("momentum/lr_outside", "momentum/dampened"))
    assert found is not None
    replaced, (state, factor) = found
    assert {n: infix(x) for n, x in replaced.items()} == {"lr": "lr*(1 - dampening)"}
    assert (state, infix(factor)) == ("v", "1 / (1 - dampening)")


def test_no_change_of_the_rate_makes_momentum_nesterovs() -> None:
    assert scaled(_pair("momentum", "nesterov")) is None


def test_a_factor_that_would_change_from_update_to_update_and_an_equation_that_sympy_cannot_solve_are_no_replacement() -> None:
    asgd = catalogue.rule("asgd")
    lr, lambd, alpha, _ = (h.symbol for h in asgd.hyper)
    for late in (lr / (1 + lambd * lr * t) ** alpha, lr):
        assert scaled(OneUpdate(asgd, replace(asgd, steps=(replace(asgd.steps[0], value=late), *asgd.steps[1:])))) is None

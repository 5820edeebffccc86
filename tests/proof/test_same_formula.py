"""Two rules with the hyperparameters in force are the same formula or they are not; a late difference is seen without any algebra."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import rule
from refopt.language.compose import substitute
from refopt.language.expression import where
from refopt.language.rule import Let, Rule
from refopt.proof import same_formula as module
from refopt.proof.same_formula import same_formula
from tests.catalogue.own.own_radam import OWN_RADAM as RADAM


def _usual(r: Rule) -> list[dict[str, Fraction]]:
    return [{h.name: Fraction(h.default) for h in r.hyper}]


def test_momentum_without_momentum_is_gradient_descent() -> None:
    sgd, momentum = rule("sgd"), rule("momentum")
    without = [{**_usual(momentum)[0], "momentum": Fraction(0)}]
    assert same_formula(sgd, momentum, _usual(sgd), without)
    assert not same_formula(sgd, momentum, _usual(sgd), _usual(momentum))


def _with_epsilon_twice(r: Rule) -> Rule:
    """The rule with eps counted twice where its average is long enough: the first five updates are the same."""
    eps = next(h.symbol for h in r.hyper if h.name == "eps")
    *first, last = r.steps
    return replace(r, name="radam/twice", steps=(*first, Let(last.symbol, substitute(last.value, {"eps": 2 * eps}))))


def test_what_differs_late_only_is_told_by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_algebra(*_: object) -> bool:
        raise AssertionError("algebra was asked")

    monkeypatch.setattr(module, "_is_proved", no_algebra)
    assert not same_formula(RADAM, _with_epsilon_twice(RADAM), _usual(RADAM), _usual(RADAM))


def test_a_branch_that_no_update_has_reached_is_left_to_the_proof() -> None:
    sgd = rule("sgd")
    (let,) = sgd.steps
    late = replace(sgd, name="sgd/late", steps=(Let(let.symbol, where(module.t > 1000, substitute(let.value, {"lr": 2 * sgd.hyper[0].symbol}), let.value)),))
    assert not same_formula(sgd, late, _usual(sgd), _usual(late))

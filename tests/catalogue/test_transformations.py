"""Transformations are found by their words, say what is in their second transcription, and make rules like any other."""

from __future__ import annotations

import decimal
import importlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import refopt
from refopt.catalogue import rule, rules, transformations
from refopt.catalogue.transformations import EVERY
from refopt.catalogue.transformations.transformation import Transformation
from refopt.conformance.diagnose.formulas import rule_named
from refopt.errors import RefoptError
from refopt.exact.numbers import decimal_numbers
from refopt.exact.run import open_loop
from refopt.language.rule import Rule
from refopt.lowering.backends import BACKENDS
from tests.catalogue import transformed

HERE = Path(transformations.__file__).parent
GRADIENTS = ("0.75", "-0.625", "0", "3.5", "-0.015625", "2")
BY_WORD = pytest.mark.parametrize("x", EVERY, ids=lambda x: x.word)


def of_its_kind(x: Transformation) -> Rule:
    """Plain descent, or RMSProp where that lacks what the transformation is about."""
    return next(r for r in (rule("sgd"), rule("rmsprop")) if x.needs(r))


def test_every_file_is_in_the_table_and_every_word_is_its_own() -> None:
    modules = [importlib.import_module(f"{transformations.__name__}.{path.stem}") for path in HERE.glob("[a-z]*.py")]
    made = [x for module in modules for x in vars(module).values() if isinstance(x, Transformation)]
    assert set(made) == set(EVERY) and len({x.word for x in EVERY}) == len(EVERY) >= 7
    assert all(str(x.source) and x.word.isidentifier() for x in EVERY)


@BY_WORD
@pytest.mark.parametrize("usual", [True, False], ids=["defaults", "values"])
def test_what_it_makes_of_descent_is_the_second_transcription(x: Transformation, usual: bool) -> None:
    made = x.made(of_its_kind(x))
    hyper = {h.name: h.value(h.default if usual else h.samples.low or h.default) for h in made.hyper}
    by_hand: Callable[..., list[Decimal]] = getattr(transformed, x.word)
    found = open_loop(made, hyper=hyper, theta0=[Fraction(5, 4)], gradients=[[Fraction(g)] for g in GRADIENTS], numbers=decimal_numbers(), digits=60)
    with decimal.localcontext(decimal.Context(prec=80)):
        exact = {n: Decimal(v.numerator) / Decimal(v.denominator) for n, v in hyper.items()}
        wanted = by_hand(Decimal("1.25"), [Decimal(g) for g in GRADIENTS], exact)
        assert all(abs(Decimal(s.theta[0]) - w) < Decimal("1e-50") for s, w in zip(found, wanted, strict=True)), (wanted, found)
        assert len({*wanted}) > 1


@BY_WORD
def test_it_goes_by_its_word_after_a_rule_and_around_one(x: Transformation) -> None:
    base = of_its_kind(x)
    assert rule_named(f"{base.name}+{x.word}") == rule_named(f"{x.word}({base.name})") == x.made(base)
    assert x.made(base).name == f"{base.name}+{x.word}" and x.made(base).title.startswith(f"{base.title}; ")


@BY_WORD
def test_a_rule_that_lacks_what_it_is_about_is_not_understood(x: Transformation) -> None:
    for r in rules():
        if not x.needs(r):
            with pytest.raises(RefoptError):
                rule_named(f"{x.word}({r.name})")


@BY_WORD
def test_what_it_makes_is_printed_by_every_backend_but_those_of_one_element(x: Transformation) -> None:
    made, refused = x.made(of_its_kind(x)), set()
    for backend in BACKENDS.values():
        try:
            assert made.hyper[-1].name in backend.module(made), backend.name
        except refopt.NotImplementedYet:
            refused.add(backend.name)
    assert refused <= {"triton"} | ({"fpcore"} if made.scalar_state else set()), "Triton's kernels start a state at a number, FPCore's are of one element"

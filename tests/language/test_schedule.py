"""A schedule is a scalar function of k; what it uses must be known, and its fingerprint holds what it computes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import schedule, schedules
from refopt.errors import OutsideDomain, RefoptError, UndefinedName, UnknownName
from refopt.language.expression import g, k, scalar, t
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Source
from refopt.language.schedule import Schedule, lr_prev

lr, end = scalar("lr", sign="nonnegative"), scalar("end")
LR = Hyper(lr, "0.1", lr >= 0, Role.RATE, "learning rate", "")
SOURCE = (Source("a paper", "equation (1)"),)


def test_a_symbol_that_is_no_hyperparameter_is_refused() -> None:
    with pytest.raises(UndefinedName, match="mine: end is used in the rate but is no hyperparameter"):
        Schedule("mine", "", SOURCE, (LR,), lr - end * k)
    with pytest.raises(UndefinedName, match="t is used in the rate"):
        Schedule("mine", "", SOURCE, (LR,), lr / t)
    with pytest.raises(UndefinedName, match="lr_prev is used in the rate"):
        Schedule("mine", "", SOURCE, (LR,), lr_prev)
    with pytest.raises(UndefinedName, match="end is used in the recursion"):
        Schedule("mine", "", SOURCE, (LR,), lr, recursion=lr_prev * end)


def test_a_rate_is_one_value_in_all() -> None:
    gradient = Hyper(g, "0", g >= 0, Role.FACTOR, "")
    with pytest.raises(RefoptError, match=r"the rate is one number a step, 'lr\*g' is one an element"):
        Schedule("mine", "", SOURCE, (LR, gradient), lr * g)
    with pytest.raises(RefoptError, match="the recursion is one number a step"):
        Schedule("mine", "", SOURCE, (LR, gradient), lr, recursion=lr_prev + g)


def test_a_default_outside_its_domain_is_refused() -> None:
    with pytest.raises(OutsideDomain, match="lr = -1 is outside 0 <= lr"):
        Schedule("mine", "", SOURCE, (replace(LR, default="-1"),), lr)


@pytest.mark.parametrize("value", [0, -3, 1.5, "nan"])
def test_a_length_is_a_positive_integer(value: object) -> None:
    with pytest.raises(OutsideDomain, match="period = "):
        schedule("cosine_annealing").values({"period": value})  # type: ignore[dict-item]


def test_an_unknown_hyperparameter_gets_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="no hyperparameter of step_decay 'evry'") as caught:
        schedule("step_decay").values({"evry": 3})
    assert caught.value.help == "did you mean every?"


def _another(h: Hyper) -> str:
    """A value of the domain that is not the default."""
    return next(x for x in ("[3]", "3", "4", "0.25") if x.startswith("[") is h.is_list and x != h.default and (h.is_list or h.holds(Fraction(x))))


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_any_edit_of_what_is_computed_changes_the_fingerprint_and_words_do_not(s: Schedule) -> None:
    edits = [
        replace(s, name=f"{s.name}2"), replace(s, rate=s.rate + 0), replace(s, rate=-s.rate), replace(s, recursion=lr_prev + 0),
        *(replace(s, hyper=(*s.hyper[:i], replace(h, default=_another(h)), *s.hyper[i + 1 :])) for i, h in enumerate(s.hyper)),
        *(replace(s, hyper=(*s.hyper[:i], replace(h, domain=h.symbol >= -1), *s.hyper[i + 1 :])) for i, h in enumerate(s.hyper)),
    ]  # fmt: skip
    assert len({s.fingerprint, *(e.fingerprint for e in edits)}) == len(edits) + 1
    assert replace(s, title="x", source=SOURCE, differs="x", used_by=("x",), notes=("x",)).fingerprint == s.fingerprint


def test_a_schedule_knows_its_family_and_its_defaults() -> None:
    periodic = schedule("cosine_annealing/periodic")
    assert (periodic.family, periodic.is_variant) == ("cosine_annealing", True)
    assert periodic.defaults == {"lr": "0.1", "lr_min": "0", "period": "100"}
    assert periodic.latex().startswith(r"\eta_k = \eta_{\min} + ")
    assert periodic.sympy() == periodic.rate.sym

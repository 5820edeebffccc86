"""Gappa proves local bounds, refuses them halved, and what cannot be told to it is said."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.catalogue.symbols import lr
from refopt.errors import NotImplementedYet, RefoptError
from refopt.golden.gappa_check import draw
from refopt.golden.store import cases
from refopt.language.expression import exp, g, theta
from refopt.language.rule import Let, Rule
from refopt.rounding import gappa
from refopt.rounding.bound import Block
from refopt.rounding.formats import FLOAT32, FORMATS
from refopt.rounding.gappa import EXACT, PROVED, UNDECIDED, decide, goal, number, precision_for
from refopt.rounding.worst_form import LARGEST, WRITTEN, Coefficient, Input, OneForm, Operation, Part, Unsaid, one_forms

needs_gappa = pytest.mark.skipif(shutil.which("gappa") is None, reason=f"Gappa is not installed; {gappa.INSTALL}")
PRECISION = precision_for(FLOAT32)


def _forms(name: str, count: int) -> list[OneForm]:
    one = rule(name)
    found = one_forms(one, [c.block for c in draw(one, cases(name), "float32", count)])
    return [f for f in found if isinstance(f, OneForm)]


def test_a_number_is_printed_exactly() -> None:
    for text, x in (("0", Fraction(0)), ("3", Fraction(3)), ("3b-2", Fraction(3, 4)), ("-1b5", Fraction(-32)), ("5b-200", 5 * Fraction(1, 2**200))):
        assert number(x) == text
    with pytest.raises(RefoptError, match="no binary number"):
        number(Fraction(1, 10))


def test_a_goal_reads_in_the_letters_of_the_rule() -> None:
    text = goal(next(f for f in _forms("adam", 1) if f.variable == "theta" and f.which == WRITTEN))
    assert "# adam, t = " in text and "theta, written form in float32" in text
    assert "= 1 - beta1^t\n" in text and "sqrt(" in text and "@rnd = float<24,-149,ne>;" in text
    assert text.count("rnd(") == 7, "two corrections, root, sum, product, quotient, difference"


@needs_gappa
def test_a_maximum_inside_a_formula_is_its_larger_argument_and_that_it_is_the_larger_is_proved() -> None:
    def form(low: Fraction, high: Fraction) -> OneForm:
        a, b = (Input(n, *ends) for n, ends in (("a", (low, high)), ("b", (Fraction(1, 2), Fraction(3, 4)))))
        larger = Operation("max", (Operation("mul", (a, a)), b))
        return OneForm("own", "theta", WRITTEN, FLOAT32, 1, 0, 0, Operation("add", (larger, b), (1, 1)), Fraction(1, 2**22))

    assert decide(goal(form(Fraction(7, 8), Fraction(1))), precision=PRECISION) == PROVED
    assert "x1 - b_ >= 0" in goal(form(Fraction(7, 8), Fraction(1))) and "b_ - x3 >= 0" in goal(form(Fraction(0), Fraction(1, 8)))
    wrong = goal(form(Fraction(7, 8), Fraction(1))).replace("a_ in [7b-3, 1]", "a_ in [0, 1]")
    assert decide(wrong, precision=PRECISION) == UNDECIDED, "an order that does not hold is refused"
    with pytest.raises(NotImplementedYet, match="changes inside the box"):
        goal(form(Fraction(0), Fraction(1)))


@needs_gappa
@pytest.mark.parametrize("name", [r.name for r in rules(variants=True)])
def test_a_bound_is_proved_and_its_half_refused(name: str) -> None:
    proved = []
    forms = _forms(name, 10)
    for form in forms[: len(forms) // 5]:
        outcome = decide(goal(form), precision=PRECISION)
        assert outcome in (PROVED, EXACT), goal(form)
        proved += [form] if outcome == PROVED and form.which == LARGEST else []
    later = [form for form in forms[len(forms) // 5 :] if form.which == LARGEST and form.bound]  # what is exact has no half
    largest = [*proved, *later]  # none of a rule like the descent by signs, whose every quotient is exact
    halves = (decide(goal(form, bound=form.bound / 2), precision=PRECISION) for form in largest)
    assert not largest or any(outcome == UNDECIDED for outcome in halves), "at some element the bound is less than twice what rounding does"


def _run(part: Part, values: dict[Part, Any], exact: dict[Part, Any]) -> tuple[Any, Any]:
    """A part as a program computes it in NumPy's float32, and exactly."""
    if part not in values and isinstance(part, Operation):
        computed, true = zip(*(_run(a, values, exact) for a in part.args), strict=True)
        values[part], exact[part] = _apply(part, computed, np.sqrt), _apply(part, true, mpmath.sqrt)
    return values[part], exact[part]


def _apply(part: Operation, x: Sequence[Any], root: Any) -> Any:
    if part.op == "add":
        return (x[0] if part.signs[0] > 0 else -x[0]) + (x[1] if part.signs[1] > 0 else -x[1])
    return {"mul": lambda: x[0] * x[1], "div": lambda: x[0] / x[1], "sqrt": lambda: root(x[0]), "neg": lambda: -x[0]}[part.op]()


def _leaves(part: Part) -> set[Part]:
    return {p for a in part.args for p in _leaves(a)} if isinstance(part, Operation) else {part}


def _worst(form: OneForm, chosen: random.Random, tries: int) -> float:
    """The largest error in units of the bound that float32 programs make at random points of the box."""
    worst = 0.0
    with mpmath.workdps(60):
        for _ in range(tries):
            values: dict[Part, Any] = {}
            exact: dict[Part, Any] = {}
            for leaf in _leaves(form.value):
                if isinstance(leaf, Coefficient):
                    x, true = FLOAT32.round(leaf.x), leaf.x
                else:
                    assert isinstance(leaf, Input)
                    x = true = FLOAT32.round(leaf.low + (leaf.high - leaf.low) * Fraction(chosen.random()))
                assert x is not None and true is not None
                values[leaf], exact[leaf] = np.float32(float(x)), mpmath.mpf(true.numerator) / true.denominator
                if isinstance(leaf, Input) and not leaf.low <= x <= leaf.high:
                    break
            else:
                computed, true = _run(form.value, values, exact)
                worst = max(worst, float(abs(mpmath.mpf(float(computed)) - true) / (mpmath.mpf(form.bound.numerator) / form.bound.denominator)))
    return worst


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "amsgrad"])
def test_half_the_bound_is_false_a_float32_program_exceeds_it(name: str) -> None:
    """One program is enough: so long as none of the first forty elements does, more are drawn. A box of one point has one program."""
    seed, worst = 5, 0.0
    chosen = random.Random(seed)
    for count in (40, 320):
        forms = [f for f in _forms(name, count) if f.which == LARGEST and f.bound and not (isinstance(f.value, Operation) and f.value.op == "max")]
        worst = max((_worst(f, chosen, 8) for f in forms), default=0.0)
        if worst > 0.5:
            break
    assert 0.5 < worst <= 1, (seed, worst)


def test_what_cannot_be_told_to_gappa_is_said() -> None:
    strange = Rule("strange", "a step of exp(g)", rule("sgd").source, rule("sgd").hyper, (), (Let(theta, theta - lr * exp(g)),))
    found = one_forms(strange, [Block(FLOAT32, {"lr": Fraction(1, 8)}, 1, {"theta": [Fraction(1)]}, [Fraction(1, 2)])])
    assert [type(f) for f in found] == [Unsaid, Unsaid]
    assert all(isinstance(f, Unsaid) and f.claimed and "exp" in f.reason for f in found)


def test_gappa_that_is_missing_is_one_line_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    gappa.program.cache_clear()
    with pytest.raises(RefoptError) as caught:
        gappa.program()
    assert caught.value.message == "Gappa is not installed" and "apt-get install gappa" in str(caught.value.help)
    gappa.program.cache_clear()


@needs_gappa
def test_a_goal_that_gappa_cannot_read_is_an_error_of_ours() -> None:
    with pytest.raises(RefoptError, match="cannot read the goal"):
        decide("{ x in [0, 1 -> x in [0, 2] }\n", precision=80)


def test_gappa_computes_with_more_than_twice_the_bits_of_the_format() -> None:
    assert all(precision_for(f) > 2 * f.precision for f in FORMATS.values())

"""The engine: what is so is proved, what is not is refused, by the points and by the prover apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from refopt.derivation import Derivation, Kind, Refused
from refopt.derivation import derivation as engine
from refopt.derivation.tactics import TACTICS


def fresh() -> Derivation:
    """An empty derivation."""
    return Derivation("test", "Test")


def test_an_identity_is_proved_and_sampled() -> None:
    d = fresh()
    x = d.real("x")
    d.equal("square", (1 + x) ** 2, 1 + 2 * x + x**2, "expand")
    (step,) = d.steps
    assert (step.kind, step.points, step.tactic, [a.text for a in step.assumptions]) == (Kind.RATIONAL, 8, "expand", ["x real"])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (lambda x: (1 + x) ** 2, lambda x: 1 + 2 * x + 2 * x**2),
        (lambda x: 1 / (1 - x) - 1, lambda x: -x / (1 - x)),
        (lambda x: sp.sqrt(x**2 + 1), lambda x: x + 1),
    ],
    ids=["a wrong constant", "a wrong sign", "a root taken apart"],
)
@pytest.mark.parametrize("tactic", list(TACTICS))
def test_a_wrong_identity_is_refused_by_every_tactic(left: Any, right: Any, tactic: str) -> None:
    d = fresh()
    x = d.positive("x")
    with pytest.raises(Refused, match="is not"):
        d.equal("wrong", left(x), right(x), tactic)
    assert d.steps == ()


@pytest.mark.parametrize("tactic", list(TACTICS))
def test_a_prover_that_calls_everything_zero_is_caught_by_the_points(monkeypatch: pytest.MonkeyPatch, tactic: str) -> None:
    monkeypatch.setitem(TACTICS, tactic, lambda d, letters: sp.Integer(0))
    monkeypatch.setattr(sp, "simplify", lambda *a, **k: sp.Integer(0))
    d = fresh()
    x = d.positive("x")
    with pytest.raises(Refused, match=r"is not .* at x ="):
        d.equal("wrong", x, x + 1, tactic)


def test_a_limit_of_a_prover_that_lies_is_caught_by_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sp, "simplify", lambda *a, **k: sp.Integer(0))
    d = fresh()
    n = d.integer("n")
    with pytest.raises(Refused, match="near the limit"):
        d.limit("wrong", 1 + 1 / n, n, sp.oo, 2)


def test_a_sign_of_a_prover_that_lies_is_caught_by_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "sign", lambda *a, **k: 2)
    d = fresh()
    x = d.real("x")
    with pytest.raises(Refused, match="is not > 0 at x ="):
        d.compare("wrong", x, ">", 0)


@pytest.mark.parametrize("tactic", list(TACTICS))
def test_points_that_see_nothing_do_not_save_a_wrong_identity(monkeypatch: pytest.MonkeyPatch, tactic: str) -> None:
    monkeypatch.setattr(engine.sampling, "apart", lambda left, right: False)
    d = fresh()
    x = d.positive("x")
    with pytest.raises(Refused, match=f"{tactic} leaves"):
        d.equal("wrong", sp.sqrt(1 + x), 1 + x / 2, tactic)


def test_a_dropped_assumption_is_refused() -> None:
    d = fresh()
    c, x = d.positive("c"), d.real("x")
    d.equal("with it", sp.sqrt(c**2 * (1 + x**2)), c * sp.sqrt(1 + x**2), "roots")
    d = fresh()
    c, x = d.real("c"), d.real("x")
    with pytest.raises(Refused, match="is not"):
        d.equal("without it", sp.sqrt(c**2 * (1 + x**2)), c * sp.sqrt(1 + x**2), "roots")


def test_a_sign_needs_the_interval_that_it_holds_in() -> None:
    d = fresh()
    d.compare("with it", 1 - d.between("gamma", 0, 1), ">", 0)
    d = fresh()
    with pytest.raises(Refused):
        d.compare("without it", 1 - d.positive("gamma"), ">", 0)


def test_a_limit_needs_the_interval_that_it_holds_in() -> None:
    d = fresh()
    n = d.integer("n")
    d.limit("with it", d.between("gamma", 0, 1) ** n, n, sp.oo, 0)
    d = fresh()
    n = d.integer("n")
    with pytest.raises(Refused):
        d.limit("without it", d.positive("gamma") ** n, n, sp.oo, 0)


def test_a_symbol_that_was_not_declared_is_refused() -> None:
    d = fresh()
    with pytest.raises(Refused, match="nothing is assumed about y"):
        d.equal("undeclared", sp.Symbol("y"), sp.Symbol("y"))
    with pytest.raises(Refused, match="twice"):
        d.real("x")
        d.positive("x")


def test_assumptions_that_exclude_each_other_prove_nothing() -> None:
    d = fresh()
    x = d.between("x", 0, 1)
    d.suppose(sp.Gt(x, 2))
    with pytest.raises(Refused, match="no admissible points"):
        d.equal("about nothing", x, x)


def test_a_strict_sign_is_not_given_where_the_bound_is_reached() -> None:
    d = fresh()
    x = d.between("x", 0, 1, closed="high")
    with pytest.raises(Refused, match="does not follow"):
        d.compare("strict", x, "<", 1)
    d.compare("not strict", x, "<=", 1)
    d = fresh()
    x = d.between("x", 0, 1, closed="both")
    with pytest.raises(Refused, match="does not follow"):
        d.compare("strict at the other end", x, "<", 1)
    d.compare("not strict there", x, "<=", 1)


def test_bounds_that_are_used_for_parts_are_sampled_too() -> None:
    d = fresh()
    w = d.between("omega", 0, 4)
    with pytest.raises(Refused, match="is not between 0 and 1"):
        d.compare("sine", 2 + sp.sin(w), ">", 0, known={sp.sin(w): (0, 1)})


def test_two_formulas_of_one_sign_are_told_from_two_that_are_not() -> None:
    d = fresh()
    x = d.positive("x")
    d.same_sign("factor", 3 * x * (1 - x), 1 - x)
    with pytest.raises(Refused):
        d.same_sign("other factor", 3 * x * (1 - x), 2 - x)


def test_an_induction_is_its_start_and_its_step() -> None:
    d = fresh()
    n, c = d.integer("n"), d.positive("c")
    d.induction("sum", over=n, first=0, start=0, advance=lambda x, i: x + c * (i + 1), closed=lambda i: c * i * (i + 1) / 2)
    assert [s.kind for s in d.steps] == [Kind.RATIONAL, Kind.RATIONAL, Kind.INDUCTION]


@pytest.mark.parametrize(("start", "closed"), [(1, lambda n: n * (n + 1) / 2), (0, lambda n: n * (n + 1) / 2 + n), (0, lambda n: n**2)])
def test_an_induction_with_a_wrong_start_or_step_is_refused(start: int, closed: Any) -> None:
    d = fresh()
    n = d.integer("n")
    with pytest.raises(Refused):
        d.induction("sum", over=n, first=0, start=start, advance=lambda x, i: x + i + 1, closed=closed)


def test_an_induction_over_undefined_gradients_is_sampled_with_the_same_gradients_on_both_sides() -> None:
    d = fresh()
    n, i, c, g = d.integer("n"), d.integer("i"), d.between("gamma", 0, 1), sp.Function("g", real=True)
    d.induction("sum", over=n, first=0, start=0, advance=lambda x, k: c * x + g(k + 1),
                closed=lambda k: sp.Sum(c ** (k - i) * g(i), (i, 1, k)), tactic="last term")  # fmt: skip
    with pytest.raises(Refused):
        d.induction("wrong sum", over=n, first=0, start=0, advance=lambda x, k: c * x + g(k + 1),
                    closed=lambda k: sp.Sum(c ** (k - i + 1) * g(i), (i, 1, k)), tactic="last term")  # fmt: skip


def test_a_witness_must_be_admissible_and_must_part_the_two() -> None:
    d = fresh()
    x = d.between("x", 0, 1)
    d.differ("they part", x**2, x, {x: Fraction(1, 2)})
    with pytest.raises(Refused, match="the point breaks 0 < x < 1"):
        d.differ("outside", x**2, x, {x: 2})
    with pytest.raises(Refused, match="both are"):
        d.differ("the same", x**2, x * x, {x: Fraction(1, 2)})
    with pytest.raises(Refused, match="no value for x"):
        d.differ("nowhere", x**2, x, {})


def test_a_measured_number_must_clear_its_bound() -> None:
    d = fresh()
    d.measured("clear", "x", Fraction(2), ">", Fraction(1), digits=60, certified=True)
    with pytest.raises(Refused, match="which is not > 1"):
        d.measured("wrong side", "x", Fraction(1, 2), ">", 1, digits=60, certified=True)
    with pytest.raises(Refused, match="which is not > 1"):
        d.measured("too near", "x", 1 + Fraction(1, 10**35), ">", 1, digits=60, certified=True)


def test_kinds_are_told_by_the_operations() -> None:
    d = fresh()
    x, n, z = d.positive("x"), d.integer("n"), d.complex("z")
    d.equal("rational", (x**2 - 1) / (x - 1), x + 1)
    d.equal("root", sp.sqrt(4 * x), 2 * sp.sqrt(x), "roots")
    d.equal("power", x**n * x, x ** (n + 1), "powers")
    d.equal("complex", z * (1 / z + 1), 1 + z, "expand")
    assert [s.kind for s in d.steps] == [Kind.RATIONAL, Kind.ROOT, Kind.IDENTITY, Kind.IDENTITY]


def test_two_steps_of_one_name_are_refused() -> None:
    d = fresh()
    x = d.real("x")
    d.equal("once", x, x)
    with pytest.raises(Refused, match="the same name"):
        d.equal("once", x, x)


def test_a_tactic_that_does_not_exist_is_refused() -> None:
    d = fresh()
    x = d.real("x")
    with pytest.raises(Refused, match="no tactic 'magic'"):
        d.equal("magic", x, x, "magic")

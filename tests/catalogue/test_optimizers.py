"""Each optimizer is the formula of its source, written here once more in SymPy, and stands to its variants as documented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import rule
from refopt.exact.numbers import decimal_numbers
from refopt.exact.run import Step, open_loop
from refopt.language.expression import Expression

theta, g, m, v, v_max = sp.symbols("theta g m v v_max", real=True)
lr, momentum, dampening, rho, beta1, beta2, eps, decay = sp.symbols("lr momentum dampening rho beta1 beta2 eps weight_decay", nonnegative=True)
t = sp.Symbol("t", integer=True, positive=True)

M = beta1 * m + (1 - beta1) * g
V = beta2 * v + (1 - beta2) * g**2
P, Q = 1 - beta1**t, 1 - beta2**t
_p, _q = sp.symbols("P Q", positive=True)  # what SymPy is told of them: both are positive for t >= 1
H = g + decay * theta
M_L2, V_L2 = beta1 * m + (1 - beta1) * H, beta2 * v + (1 - beta2) * H**2
MEAN_SQUARE, MEAN = rho * v + (1 - rho) * g**2, rho * m + (1 - rho) * g
OUTSIDE, INSIDE = momentum * v + g, momentum * v + lr * g
DAMPED = momentum * v + (1 - dampening) * g
RAW = sp.Piecewise((g, sp.Eq(t, 1)), (DAMPED, True))
LARGEST, LARGEST_HAT = sp.Max(v_max, V), sp.Max(v_max, V / Q)

FORMULAS: dict[str, dict[str, Any]] = {
    "sgd": {"theta": theta - lr * g},
    "momentum": {"v": INSIDE, "theta": theta - INSIDE},
    "momentum/lr_outside": {"v": OUTSIDE, "theta": theta - lr * OUTSIDE},
    "momentum/dampened": {"v": DAMPED, "theta": theta - lr * DAMPED},
    "momentum/raw_start": {"v": RAW, "theta": theta - lr * RAW},
    "nesterov": {"v": INSIDE, "theta": theta - (momentum * INSIDE + lr * g)},
    "nesterov/lr_outside": {"v": OUTSIDE, "theta": theta - lr * (g + momentum * OUTSIDE)},
    "nesterov/velocity": {"v": momentum * v - lr * g, "theta": theta + momentum * (momentum * v - lr * g) - lr * g},
    "rmsprop": {"v": MEAN_SQUARE, "theta": theta - lr * g / (sp.sqrt(MEAN_SQUARE) + eps)},
    "rmsprop/eps_in_sqrt": {"v": MEAN_SQUARE, "theta": theta - lr * g / sp.sqrt(MEAN_SQUARE + eps)},
    "rmsprop/centered": {"v": MEAN_SQUARE, "m": MEAN, "theta": theta - lr * g / (sp.sqrt(MEAN_SQUARE - MEAN**2) + eps)},
    "adam": {"m": M, "v": V, "theta": theta - lr * (M / P) / (sp.sqrt(V / Q) + eps)},
    "adam/eps_hat": {"m": M, "v": V, "theta": theta - lr * sp.sqrt(Q) / P * M / (sp.sqrt(V) + eps)},
    "adam/eps_in_sqrt": {"m": M, "v": V, "theta": theta - lr * (M / P) / sp.sqrt(V / Q + eps)},
    "adam/uncorrected": {"m": M, "v": V, "theta": theta - lr * M / (sp.sqrt(V) + eps)},
    "adam/l2": {"m": M_L2, "v": V_L2, "theta": theta - lr * (M_L2 / P) / (sp.sqrt(V_L2 / Q) + eps)},
    "adamw": {"m": M, "v": V, "theta": theta * (1 - lr * decay) - lr * (M / P) / (sp.sqrt(V / Q) + eps)},
    "amsgrad": {"m": M, "v": V, "v_max": LARGEST, "theta": theta - lr * (M / P) / (sp.sqrt(LARGEST / Q) + eps)},
    "amsgrad/max_hat": {"m": M, "v": V, "v_max": LARGEST_HAT, "theta": theta - lr * (M / P) / (sp.sqrt(LARGEST_HAT) + eps)},
}
"""Theta and each state after the update, from the values before it; the second moment's state stands for a nonnegative number."""

GRADIENTS = [Fraction(x) for x in ("3/4", "-5/8", "0", "7/2", "-1/64", "2", "-2")]
NUMBERS = decimal_numbers()
DIGITS = 60


def _plain(tree: Any) -> Any:
    """The same expression in symbols of which only this file's assumptions are known."""
    ours = {s.name: s for s in (theta, g, m, v, v_max, lr, momentum, dampening, rho, beta1, beta2, eps, decay, t)}
    return tree.xreplace({s: ours[s.name] for s in tree.free_symbols})


@pytest.mark.parametrize("name", FORMULAS)
def test_the_closed_form_is_the_formula_of_the_source(name: str) -> None:
    r = rule(name)
    closed = {name: _plain(tree) for name, tree in r.closed_form().items()}
    assert set(closed) == set(FORMULAS[r.name])
    for variable, expected in FORMULAS[r.name].items():
        difference = (closed[variable] - expected).subs({P: _p, Q: _q})
        assert sp.simplify(difference) == 0, variable


def _run(name: str, hyper: Mapping[str, str | int | Fraction] | None = None, rates: Sequence[Fraction] | None = None) -> list[Step]:
    r = rule(name)
    values = r.values({"eps": 0, **(hyper or {})} if "eps" in r.hyper_names else hyper)
    return open_loop(r, hyper=values, theta0=[Fraction(1)], gradients=[[x] for x in GRADIENTS], lr=rates, numbers=NUMBERS, digits=DIGITS)


def _same(first: Sequence[Any], second: Sequence[Any]) -> bool:
    """Equal but for rounding: far fewer than 10^10 operations of 60 digits on numbers of size 1 leave 50 decimals right."""
    assert len(first) == len(second)
    return all(abs(Fraction(a) - Fraction(b)) < Fraction(1, 10**50) for a, b in zip(first, second, strict=True))


def _thetas(steps: Sequence[Step]) -> list[Any]:
    return [s.theta[0] for s in steps]


def _states(steps: Sequence[Step], name: str) -> list[Any]:
    return [s.state[name][0] for s in steps]


FALLING = [Fraction(1, 2**i) for i in range(len(GRADIENTS))]
"""Learning rates that change at every step."""


@pytest.mark.parametrize(("inside", "outside"), [("momentum", "momentum/lr_outside"), ("nesterov", "nesterov/lr_outside")])
def test_where_the_rate_stands_matters_only_when_it_changes(inside: str, outside: str) -> None:
    assert _same(_thetas(_run(inside)), _thetas(_run(outside)))
    rate = rule(inside).values()["lr"]
    with NUMBERS.precision(DIGITS):
        scaled = [NUMBERS.number(rate) * x for x in _states(_run(outside), "v")]
    assert _same(_states(_run(inside), "v"), scaled)
    assert not _same(_thetas(_run(inside, rates=FALLING)), _thetas(_run(outside, rates=FALLING)))


@pytest.mark.parametrize("name", ["momentum/dampened", "momentum/raw_start"])
def test_without_dampening_a_dampened_variant_is_momentum_with_the_rate_outside(name: str) -> None:
    assert _run(name) == _run("momentum/lr_outside")
    assert _thetas(_run(name, {"dampening": "0.5"})) != _thetas(_run("momentum/lr_outside"))


def test_a_raw_start_takes_the_first_gradient_whole_and_only_the_first() -> None:
    raw, damped = (_states(_run(name, {"dampening": "0.25"}), "v") for name in ("momentum/raw_start", "momentum/dampened"))
    assert Fraction(raw[0]) == GRADIENTS[0] and Fraction(damped[0]) == GRADIENTS[0] * Fraction(3, 4)
    kept, after = Fraction(0.9) * GRADIENTS[0], Fraction(3, 4) * GRADIENTS[1]
    assert _same(raw[1:2], [kept + after])


def test_the_velocity_form_moves_theta_alike_and_has_the_velocity_of_the_other_sign() -> None:
    for rates in (None, FALLING):
        ours, theirs = _run("nesterov", rates=rates), _run("nesterov/velocity", rates=rates)
        assert _same(_thetas(ours), _thetas(theirs))
        assert _same(_states(ours, "v"), [x.copy_negate() for x in _states(theirs, "v")])


def test_nesterov_looks_ahead_of_momentum_by_one_more_velocity() -> None:
    """theta of nesterov is momentum's theta moved on by momentum*v: on gradients that do not depend on theta, exactly."""
    ahead, plain = _run("nesterov"), _run("momentum")
    kept = rule("momentum").values()["momentum"]
    assert _same(_thetas(ahead), [Fraction(s.theta[0]) - kept * Fraction(s.state["v"][0]) for s in plain])


@pytest.mark.parametrize(
    ("name", "other"),
    [("adam", "adam/eps_hat"), ("adam", "adam/eps_in_sqrt"), ("rmsprop", "rmsprop/eps_in_sqrt")],
)
def test_where_epsilon_stands_matters_only_when_it_is_not_zero(name: str, other: str) -> None:
    assert _same(_thetas(_run(name)), _thetas(_run(other)))
    assert not _same(_thetas(_run(name, {"eps": "0.125"})), _thetas(_run(other, {"eps": "0.125"})))


def test_eps_hat_is_adam_with_a_larger_epsilon() -> None:
    """adam/eps_hat with eps is adam with eps/sqrt(1 - beta2^t)."""
    difference = FORMULAS["adam/eps_hat"]["theta"] - FORMULAS["adam"]["theta"].subs(eps, eps / sp.sqrt(Q))
    point = {theta: 1, g: sp.Rational(3, 7), m: sp.Rational(1, 5), v: sp.Rational(1, 9), lr: 1, eps: sp.Rational(1, 3), t: 3}
    assert sp.simplify(difference.subs(point).subs({beta1: sp.Rational(9, 10), beta2: sp.Rational(99, 100)})) == 0


def test_adams_first_step_without_epsilon_is_the_rate_against_the_sign_of_the_gradient() -> None:
    first = rule("adam").closed_form()["theta"].subs({_symbol("eps"): 0, _symbol("m"): 0, _symbol("v"): 0, _symbol("t"): 1})
    for value in (sp.Rational(1, 10**9), sp.Integer(-(10**9))):
        assert sp.simplify(first.subs(_symbol("g"), value) - (_symbol("theta") - _symbol("lr") * sp.sign(value))) == 0


def _symbol(name: str) -> Any:
    trees: list[Expression] = [let.value for let in rule("adam").steps]
    return next(s.sym for tree in trees for s in tree.symbols() if s.name == name)


def test_no_weight_decay_is_plain_adam() -> None:
    assert _thetas(_run("adamw", {"weight_decay": 0})) == _thetas(_run("adam")) == _thetas(_run("adam/l2", {"weight_decay": 0}))


def test_amsgrad_never_forgets_its_largest_moment() -> None:
    for name in ("amsgrad", "amsgrad/max_hat"):
        largest = _states(_run(name), "v_max")
        assert largest == sorted(largest) and largest[-1] > largest[0]
    raw = _run("amsgrad")
    assert _states(raw, "v_max") == [max(_states(raw, "v")[: i + 1]) for i in range(len(GRADIENTS))]


def test_the_two_maxima_of_amsgrad_differ_where_the_moment_falls() -> None:
    first = _thetas(_run("amsgrad"))[0]
    assert first == _thetas(_run("amsgrad/max_hat"))[0]
    assert not _same(_thetas(_run("amsgrad")), _thetas(_run("amsgrad/max_hat")))


def test_the_mean_square_is_never_below_the_squared_mean() -> None:
    steps = _run("rmsprop/centered")
    assert all(x >= y * y for x, y in zip(_states(steps, "v"), _states(steps, "m"), strict=True))


def test_momentum_is_a_low_pass_filter_with_the_gain_that_its_note_says() -> None:
    along, across = lr * g / (1 - momentum), lr * g / (1 + momentum)
    velocity = FORMULAS["momentum"]["v"]
    assert sp.simplify(velocity.subs(v, along) - along) == 0
    assert sp.simplify(velocity.subs(v, -across) - across) == 0
    assert sp.simplify(along / across - (1 + momentum) / (1 - momentum)) == 0
    assert any("(1 + momentum)/(1 - momentum)" in note for note in rule("momentum").notes)


def test_adams_longest_step_is_the_one_that_its_note_says() -> None:
    """By Cauchy and Schwarz the longest step t is sqrt(sum a_i^2/b_i) rates, with a_i and b_i the weights of the two means."""
    with localcontext() as context:
        context.prec = 50
        b1, b2 = Decimal("0.9"), Decimal("0.999")
        ratio = b1 * b1 / b2
        limit = ((1 - b1) ** 2 / (1 - b2) / (1 - ratio)).sqrt()
        for number in (*range(1, 400), 1000, 10000, 100000):
            weights = (1 - b2**number) / (1 - b1**number) ** 2 * (1 - ratio**number)
            assert weights.sqrt() * limit <= limit
        assert round(limit, 4) == Decimal("7.2703")
    assert any("at most 7.2703 lr" in note for note in rule("adam").notes)

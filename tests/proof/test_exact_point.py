"""A few updates in exact numbers."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.proof.exact_point import Run, exact, exact_rates, exact_thetas


def test_descent_from_a_rational_point_stays_rational() -> None:
    run = Run({"lr": Fraction(1, 3)}, Fraction(1), (Fraction(3), Fraction(-1)), (Fraction(1, 3), Fraction(1, 2)))
    assert exact_thetas(catalogue.rule("sgd"), run) == [0, sp.Rational(1, 2)]


def test_the_first_step_of_adam_without_eps_is_the_rate() -> None:
    hyper = {"lr": Fraction(1, 7), "beta1": Fraction(1, 2), "beta2": Fraction(1, 3), "eps": Fraction(0)}
    (theta,) = exact_thetas(catalogue.rule("adam"), Run(hyper, Fraction(1), (Fraction(2, 5),), (Fraction(1, 7),)))
    assert sp.simplify(theta - sp.Rational(6, 7)) == 0


def test_a_root_stays_a_root() -> None:
    hyper = {"lr": Fraction(1), "rho": Fraction(1, 2), "eps": Fraction(1)}
    (theta,) = exact_thetas(catalogue.rule("rmsprop"), Run(hyper, Fraction(0), (Fraction(1),), (Fraction(1),)))
    assert sp.simplify(theta + 1 / (sp.sqrt(sp.Rational(1, 2)) + 1)) == 0
    assert theta.has(sp.sqrt(2))


def test_the_cosine_of_half_the_period_is_exact() -> None:
    schedule = catalogue.schedule("cosine_annealing")
    hyper = {"lr": Fraction(1), "lr_min": Fraction(0), "period": Fraction(10)}
    assert exact_rates(schedule, schedule, hyper, 5) == (sp.Rational(1, 2), sp.Rational(1, 2))
    assert exact(Fraction(2, 6)) == sp.Rational(1, 3)

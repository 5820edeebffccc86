"""`refopt.run`: the digits asked for are right, whatever the run loses on its way."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.errors import RefoptError
from refopt.exact import trajectory
from refopt.exact.trajectory import run

LONG = 120
"""Digits of the run that others are compared with."""


@pytest.mark.parametrize(("rule", "objective", "steps"), [("adam", "rosenbrock", 30), ("sgd", "two_wells", 12), ("rmsprop", "ravine", 25)])
@pytest.mark.parametrize("digits", [1, 3, 9, 40])
def test_every_digit_of_every_step_is_right(rule: str, objective: str, steps: int, digits: int) -> None:
    made, long = (run(rule, objective, steps=steps, digits=d, hyper={"lr": "0.01"}) for d in (digits, LONG))
    for i in range(steps):
        wanted = {n: [trajectory.printed(trajectory.to_fraction(x), digits) for x in xs] for n, xs in trajectory._variables(long.steps[i]).items()}
        assert made.texts(i) == wanted


def test_fewer_guard_digits_would_print_wrong_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a run loses digits is what the guard digits are for: without them the last ones are wrong."""
    right = run("adam", "rosenbrock", steps=30, digits=6, hyper={"lr": "0.1"}).text()
    monkeypatch.setattr(trajectory, "GUARDS", (0, 0))
    assert run("adam", "rosenbrock", steps=30, digits=6, hyper={"lr": "0.1"}).text() != right


def test_a_value_next_to_zero_has_its_digits_too() -> None:
    """lr kappa = 1 but for the last bit of lr: what is left of theta is the exact rest."""
    made = run("sgd", "ravine", steps=1, digits=10, hyper={"lr": "0.1"}, objective_hyper={"kappa": "10"})
    assert made.texts()["theta"][1] == trajectory.printed(1 - 10 * Fraction(0.1), 10) == "-5.551115123e-17"


def test_a_run_that_is_too_sensitive_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "GUARDS", (1,))
    with pytest.raises(RefoptError, match=r"sgd on two_wells: 9 digits after 5 steps need more than 1 beside them") as raised:
        run("sgd", "two_wells", steps=5, digits=9)
    assert raised.value.help == "fewer steps, or a smaller rate: the run is too sensitive"

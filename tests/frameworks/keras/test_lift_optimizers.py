"""Formulas that are read from keras' optimizers."""

from __future__ import annotations

import refopt
from refopt.proving.answer import Differs, Equal


def test_an_accumulator_starts_at_the_hyperparameter_that_it_is_given_and_not_at_its_default() -> None:
    """keras' Adagrad has its epsilon in the root, and starts at `initial_accumulator_value`, 0.1 where nobody says another."""
    found = refopt.prove("keras.optimizers.Adagrad")
    assert isinstance(found, Differs) and found.matches == ("adagrad/eps_in_sqrt",)
    assert isinstance(refopt.prove("keras.optimizers.Adagrad(initial_accumulator_value=0.5)", "adagrad/eps_in_sqrt"), Equal)

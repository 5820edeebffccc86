"""What an implementation's counter holds before an update is read from its first update, and proved of the later ones."""

from __future__ import annotations

import pytest

from refopt.language.expression import Expression, literal, scalar, t
from refopt.lifting.counters import before, without_counters
from refopt.lifting.paths import Explored
from tests.lifting.refused import refused


@pytest.mark.parametrize(("after_one", "held"), [(literal(0) + 1, t - 1), (literal(2), 2 * (t - 1)), (literal(0), literal(0))])
def test_what_is_held_before_an_update_follows_from_the_first(after_one: Expression, held: Expression) -> None:
    assert before(Explored({"step": after_one}), ["step"]) == {"step": held}


@pytest.mark.parametrize(("held", "after"), [(t - 1, t - 1 + 1), (2 * (t - 1), 2 * (t - 1) + 2), (literal(0), literal(0))])
def test_a_counter_that_goes_on_as_it_began_is_left_out_of_the_formula(held: Expression, after: Expression) -> None:
    assert without_counters(Explored({"step": after, "theta": t}), {"step": held}, later=True).values == {"theta": t}


@pytest.mark.parametrize("after", [t - 1, t + 1, 2 * t])
def test_one_that_does_not_is_refused(after: Expression) -> None:
    with refused("a counter of updates that goes from t - 1"):
        without_counters(Explored({"step": after, "theta": t}), {"step": t - 1}, later=True)


def test_one_that_is_no_whole_number_is_refused() -> None:
    with refused("a counter of updates that holds x"):
        before(Explored({"step": scalar("x")}), ["step"])

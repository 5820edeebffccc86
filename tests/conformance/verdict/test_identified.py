"""An implementation whose name says no rule: the rules whose values a momentum that is made by hand has, and no verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from refopt import catalogue
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.identified import identified
from refopt.conformance.verdict.verdict import Verdict
from refopt.errors import RefoptError
from tests.conformance.plain_momentum import DEFAULTS, Momentum

UNNAMED = Momentum(settings=DEFAULTS, rule=None)


def asked(loaded: Momentum, held: list[str] | None = None, refused: Sequence[str] = ()) -> Verdict:
    """What is told of it; `held` notes the rules that it was held against."""

    def judged_by(name: str) -> Any:
        if name in refused:
            raise RefoptError(f"it lacks what {name} needs")
        if held is not None:
            held.append(name)
        return replace(loaded, rule=name)

    return identified(loaded, judged_by)


def test_the_rule_whose_values_it_has_is_told_and_is_no_verdict() -> None:
    held: list[str] = []
    found = asked(UNNAMED, held)
    assert found.identified == ("momentum",) and found.worst.verdict == Conformance.SKIPPED and found.rule == ""
    assert found.worst.reason == Reason(Why.VALUES_OF, ("momentum",))
    assert {"sgd", "momentum", "nesterov"} <= set(held) and "adam" not in held, "only rules all of whose hyperparameters it takes"


def test_an_implementation_with_the_values_of_no_rule_is_told_none() -> None:
    found = asked(replace(UNNAMED, sign=-1.0))
    assert found.identified == () and found.worst.reason == Reason(Why.VALUES_OF_NONE) and found.worst.verdict == Conformance.SKIPPED


def test_rules_that_it_cannot_be_held_against_are_passed_over() -> None:
    held: list[str] = []
    every = [r.name for r in catalogue.rules()]
    assert asked(UNNAMED, held, refused=every).identified == () == tuple(held)
    assert asked(UNNAMED, held, refused=[n for n in every if n != "sgd"]).identified == ("momentum",) and held == ["sgd"], "what differs from it is named"


@pytest.mark.parametrize("loaded", [lambda v: 0 * v, lambda v: 3 * v])
def test_what_loading_does_to_its_state_says_nothing_of_its_rule(loaded: Callable[[Any], Any]) -> None:
    assert asked(replace(UNNAMED, loaded=loaded)).identified == ("momentum",)

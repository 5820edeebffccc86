"""A witness replayed with numbers: the implementation itself, in float64, must be nearer to what the proof says of it than to the rule."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from refopt.catalogue import rule as named
from refopt.conformance.protocol.implementation import Implementation, Ran, Request
from refopt.proving.answer import Differs
from refopt.rounding.formats import FLOAT64


def shows(implementation: Implementation, answer: Differs) -> bool:
    """Run the implementation from the witness, and see which of the two stated values it gives."""
    point = {n: [float(Fraction(x)) for x in written.split(", ")] for n, written in answer.witness.point.items() if n != "compared"}
    grads, rates = point.pop("g"), point.get("lr", [0.0])
    theta = point.pop("theta")
    hyper = {n: x[0] for n, x in point.items() if n in named(answer.asked.rule).hyper_names}
    lr = tuple(rates * len(grads) if len(rates) == 1 else rates)
    request = Request(
        answer.asked.rule, named(answer.asked.rule).state_names, FLOAT64, hyper, lr, (np.array(theta),), None, 1, tuple((np.array([g]),) for g in grads)
    )
    ran = implementation.run(request)
    assert isinstance(ran, Ran), ran
    value = float(ran.after[-1].theta[0][0])
    theirs, rules = float(Fraction(answer.witness.second)), float(Fraction(answer.witness.first))
    return abs(value - theirs) < abs(value - rules)

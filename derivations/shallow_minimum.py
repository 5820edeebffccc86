"""Sampling noise can leave a shallow minimum where the full batch stays

Two losses whose mean has a shallow and a deep well. Full-batch descent that starts in the shallow one stays there; with the same rate
and one sample a step the path jumps the ridge, and settles in the deep well when the rate falls.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.certify import certified
from refopt.exact.run import Step, closed_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Bottou 1991", "section 4, noise and local minima", "Stochastic Gradient Learning in Neural Networks"),
          Source("LeCun et al. 1998", "section 4.1, stochastic versus batch learning", "doi:10.1007/3-540-49430-8_2"))  # fmt: skip
CLAIM = "from `x = 0.9375` with `eta = 9/20` the full batch stays above 0.9; single samples leave over the ridge and, as `eta` falls, settle below -0.9"
RATE = Fraction(9, 20)
FALLING = {"lr": RATE, "factor": Fraction(1, 4), "every": Fraction(60)}


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """The two wells from the loss, then the runs."""
    samples = catalogue.objective("two_wells")
    loss, noise = samples.loss.sym, samples.inputs[0].sym
    x = d.real("x")
    each = [loss.subs(noise, sp.Rational(row[0])).subs(samples.parameters[0].sym, x) for row in samples.data]
    mean = x**4 / 4 - x**2 / 2 + x / 8
    d.say("The shipped objective has two samples, which differ in their slope by 2:")
    d.equal("their mean", sum(each) / 2, mean, "expand", called=sp.Function("J")(x))
    d.equal("their difference", each[0] - each[1], 2 * x, "expand")
    down = sp.Function("J'")
    slope, curvature = sp.diff(mean, x), sp.diff(mean, x, 2)
    d.equal("the slope of the mean", slope, x**3 - x + sp.Rational(1, 8), "expand", called=down(x))

    d.say("A slope that changes from minus to plus, and a curvature above 0 in between, is a well; the other way round a ridge.")
    for name, low, high in (("the shallow well", "9/10", "1"), ("the deep well", "-11/10", "-1")):
        ends = sp.Rational(low), sp.Rational(high)
        d.compare(f"{name}: downhill at {low}", slope.subs(x, ends[0]), "<", 0, called=down(ends[0]))
        d.compare(f"{name}: uphill at {high}", slope.subs(x, ends[1]), ">", 0, called=down(ends[1]))
        here = d.between("x_s" if low[0] != "-" else "x_d", *ends)
        d.compare(f"{name}: curved upwards between", curvature.subs(x, here), ">", 0)
    d.compare("the ridge: uphill before it", slope.subs(x, 0), ">", 0, called=down(0))
    d.compare("the ridge: downhill behind it", slope.subs(x, sp.Rational(1, 4)), "<", 0, called=down(sp.Rational(1, 4)))
    inside = next(s for s in d.letters if str(s) == "x_s")
    d.compare("the deep well is deeper, wherever the shallow one is", mean.subs(x, -1), "<", mean.subs(x, inside))

    d.say("With the full batch a step from between 0.9 and 1 ends there again, so it stays for ever:")
    step = d.rule(catalogue.rule("sgd"), lr=sp.Rational(RATE.numerator, RATE.denominator))
    after = step(theta=inside, g=slope.subs(x, inside))["theta"]
    d.compare("not below 0.9", after, ">", sp.Rational(9, 10))
    d.compare("not above 1", after, "<", 1)
    full = certified(lambda numbers, digits: [s.theta[0] for s in _full(numbers, digits)][-1:])
    _measure(d, "the full batch after 240 steps", full, ">", Fraction(9, 10))

    d.say("One sample a step, in the order that is written in the objective, at the same rate:")
    single = certified(lambda numbers, digits: [max(s.theta[0] for s in _single(numbers, digits)[14:])])
    _measure(d, "the largest x after step 14 of 240", single, "<", Fraction(1, 10), why="over the ridge, and never back")
    settled = certified(lambda numbers, digits: [max(s.theta[0] for s in _settling(numbers, digits)[-60:])])
    _measure(d, "the largest x in the last 60 of 240 steps", settled, "<", Fraction(-9, 10), why="step decay, a quarter of the rate every 60 steps")


def _measure(d: Derivation, what: str, found: Any, relation: str, bound: Fraction, why: str = "") -> None:
    d.measured(what, "x", Fraction(found.values[0]), relation, bound, digits=found.precision, certified=found.is_certified, why=why)


def _run(objective: str, schedule: bool) -> Callable[..., list[Step]]:
    more: dict[str, Any] = {"schedule": catalogue.schedule("step_decay"), "schedule_hyper": FALLING} if schedule else {}
    return lambda numbers=None, digits=30: closed_loop(
        catalogue.rule("sgd"), catalogue.objective(objective), hyper={"lr": RATE}, steps=240, numbers=numbers, digits=digits, **more
    )


_full, _single, _settling = _run("two_wells_batch", False), _run("two_wells", False), _run("two_wells", True)


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The three runs."""
    named = (("full batch", _full), ("one sample a step", _single), ("one sample a step, rate falling", _settling))
    curves = tuple(curve(name, [0.9375, *(float(s.theta[0]) for s in make())]) for name, make in named)
    return (Picture("Escape from the shallow well at 0.93 over the ridge at 0.13 into the deep one at -1.06", "update t", "x", curves),)

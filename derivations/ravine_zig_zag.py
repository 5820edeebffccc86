"""In a ravine plain descent zig-zags

Where the surface curves much more in one direction than in another, the steep one limits the rate, the flat one needs it:
the path jumps from wall to wall and creeps along the floor.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp

from refopt import catalogue
from refopt.derivation import Contours, Curve, Derivation, Picture, Source
from refopt.exact.certify import certified
from refopt.exact.run import closed_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Polyak 1964", "section 2", "doi:10.1016/0041-5553(64)90137-5"),
          Source("Nesterov 2004", "theorem 2.1.14", "Introductory Lectures on Convex Optimization"),
          Source("Sutton 1986", "the ravine", "Proc. 8th Conf. Cognitive Science Society, 823-831"))  # fmt: skip
CLAIM = "stable iff `0 < eta < 2/L`; it changes sides where `eta > 1/lambda`; best rate of convergence `(kappa - 1)/(kappa + 1)`, `kappa = L/mu`"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """One direction of a quadratic at a time."""
    eta, curvature, theta = d.positive("eta"), d.positive("lambda"), d.real("theta", nonzero=True)
    step = d.rule(catalogue.rule("sgd"), lr=eta)
    d.say("In a direction of curvature lambda the gradient is `lambda theta`, measured from the minimum.")
    factor = step(theta=theta, g=curvature * theta)["theta"] / theta
    ratio = d.equal("one step multiplies the distance", factor, 1 - eta * curvature)
    d.same_sign("it shrinks exactly while eta lambda < 2", 1 - ratio**2, 2 - eta * curvature, why="so the steepest direction, lambda = L, sets the limit 2/L")
    d.same_sign("it changes sides exactly where eta lambda > 1", -ratio, eta * curvature - 1, why="the zig-zag")

    d.say("Two directions, curvatures mu < L. The best rate makes both equally slow:")
    small, kappa = d.positive("mu"), d.between("kappa", 1, None)
    large = kappa * small
    best = 2 / (large + small)
    rate = (kappa - 1) / (kappa + 1)
    d.equal("along the floor at eta = 2/(L + mu)", ratio.subs({eta: best, curvature: small}), rate)
    d.equal("across the walls at eta = 2/(L + mu)", -ratio.subs({eta: best, curvature: large}), rate, why="the same, with the sign changing every step")
    h = d.between("h", 0, best)
    d.compare("a smaller rate is slower along the floor", ratio.subs({eta: best - h, curvature: small}), ">", rate)
    d.compare("a larger rate is slower across", -ratio.subs({eta: best + h, curvature: large}), ">", rate)
    d.equal("at kappa = 100", rate.subs(kappa, 100), sp.Rational(99, 101), why="a factor of 10 takes 115 steps")

    d.say("The shipped rule on the shipped ravine (kappa = 100) from (1, 1) with eta = 1/55, 20 steps, exactly:")
    found = certified(_changes)
    d.measured("it crosses the floor at every step", "signs of y that changed in 20 steps", Fraction(found.values[0]), ">", Fraction(19),
               digits=found.precision, certified=found.is_certified)  # fmt: skip
    d.measured(
        "and is still far along it", "x after 20 steps", Fraction(found.values[1]), ">", Fraction(2, 3), digits=found.precision, certified=found.is_certified
    )


def _changes(numbers: Any, digits: int) -> list[Any]:
    rule, ravine = catalogue.rule("sgd"), catalogue.objective("ravine")
    steps = closed_loop(rule, ravine, hyper={"lr": Fraction(1, 55)}, objective_hyper={"kappa": Fraction(100)}, steps=20, numbers=numbers, digits=digits)
    ys = [numbers.number(1), *(s.theta[1] for s in steps)]
    changed = sum(bool(a * b < 0) for a, b in pairwise(ys))
    return [numbers.number(changed), steps[-1].theta[0]]


# ---- pictures ----------------------------------------------------------------------------------------------------
RUNS = (
    ("sgd", {"lr": "0.09"}), ("momentum", {"lr": "0.03", "momentum": "0.8"}), ("rmsprop", {"lr": "0.2"}), ("adam", {"lr": "0.4"}),
)  # fmt: skip
KAPPA = 20
STEPS = 30


def pictures() -> tuple[Picture, ...]:
    """The same ravine, the same start, four shipped rules."""
    ravine, start = catalogue.objective("ravine"), (Fraction(-5), Fraction(1))
    made = []
    for name, hyper in RUNS:
        rule = catalogue.rule(name)
        steps = closed_loop(rule, ravine, hyper=rule.values(hyper), objective_hyper={"kappa": Fraction(KAPPA)}, steps=STEPS, theta0=start, digits=30)
        path = tuple((float(s[0]), float(s[1])) for s in (start, *(x.theta for x in steps)))
        told = ", ".join(f"{k} = {v}" for k, v in hyper.items())
        levels = tuple(Fraction(22) * Fraction(1, 2) ** i for i in range(7))
        made.append(Picture(f"{name}, {told}: {STEPS} steps", "x, along the valley", "y, across", (Curve(name, path, dots=True),),
                            x_range=(-5.6, 1.4), y_range=(-1.3, 1.3), contours=Contours(0.5, KAPPA / 2, tuple(map(float, levels)))))  # fmt: skip
    return tuple(made)

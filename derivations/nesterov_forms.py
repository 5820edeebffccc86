"""Nesterov's three forms are one

Nesterov's own method, Sutskever's velocity, and the look-ahead form that programs use: the same points under other names.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.derivation import Contours, Curve, Derivation, Picture, Source
from refopt.exact.run import closed_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Nesterov 1983", "method (7)", "Doklady 269:543-547"),
    Source("Sutskever et al. 2013", "equations (3) and (4)", "proceedings.mlr.press/v28/sutskever13"),
)
CLAIM = "with `y = x + gamma w` and `v = -w` all three give the same `x`, `y` and velocity at every step, for any loss"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """A change of variables, the gradient an unknown function."""
    eta, gamma = d.positive("eta"), d.between("gamma", 0, 1)
    x, w = d.real("x"), d.real("w")
    gradient = sp.Function("F", real=True)
    y = x + gamma * w
    d.say("Sutskever: the gradient F is taken at the look-ahead point `y = x + gamma w`; then `w <- gamma w - eta F(y)`, `x <- x + w`.")
    w_after = gamma * w - eta * gradient(y)
    x_after = x + w_after
    d.say("Nesterov: `x <- y - eta F(y)`, `y <- x_new + gamma (x_new - x)`.")
    x_nesterov = y - eta * gradient(y)
    d.equal("Nesterov's x is Sutskever's", x_nesterov, x_after, "expand")
    d.equal("Nesterov's y is Sutskever's look-ahead point", x_nesterov + gamma * (x_nesterov - x), x_after + gamma * w_after, "expand")

    d.say("The shipped rule keeps the look-ahead point itself as theta, and the velocity uphill:")
    step = d.rule(catalogue.rule("nesterov"), lr=eta, momentum=gamma)
    after = step(theta=y, v=-w, g=gradient(y))
    d.equal("its velocity is Sutskever's, turned round", after["v"], -w_after, "expand")
    d.equal("its theta is the new look-ahead point", after["theta"], x_after + gamma * w_after, "expand")

    d.equal("both start at rest", step.start()["v"], 0)

    d.say("Its variants, from the same state:")
    theta, v, g = d.real("theta"), d.real("v"), d.real("g")
    own = step(theta=theta, v=v, g=g)
    down = d.rule(catalogue.rule("nesterov/velocity"), lr=eta, momentum=gamma)(theta=theta, v=-v, g=g)
    outside = d.rule(catalogue.rule("nesterov/lr_outside"), lr=eta, momentum=gamma)(theta=theta, v=v / eta, g=g)
    d.equal("velocity downhill: theta", down["theta"], own["theta"], "expand")
    d.equal("velocity downhill: the velocity", down["v"], -own["v"], "expand")
    d.equal("rate outside, constant: theta", outside["theta"], own["theta"], "expand")
    d.equal("rate outside, constant: the velocity", eta * outside["v"], own["v"], "expand")
    heavy = d.rule(catalogue.rule("momentum"), lr=eta, momentum=gamma)(theta=theta, v=v, g=g)
    d.equal("beside plain momentum", heavy["theta"] - own["theta"], gamma * (own["v"] - v), "expand", why="it takes the next step's momentum in advance")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The shipped rule in the shipped ravine: the look-ahead points that it keeps, and the points of the other two forms, from the same run."""
    rule, kappa, gamma = catalogue.rule("nesterov"), Fraction(10), Fraction(3, 4)
    start = (Fraction(-5), Fraction(1))
    hyper = {**rule.values(), "lr": Fraction(1, 20), "momentum": gamma}
    made = closed_loop(rule, catalogue.objective("ravine"), hyper=hyper, objective_hyper={"kappa": kappa}, steps=30, theta0=start, digits=30)
    ahead = [tuple(map(float, start)), *((float(s.theta[0]), float(s.theta[1])) for s in made)]
    behind = [ahead[0], *(tuple(float(x + float(gamma) * v) for x, v in zip(s.theta, s.state["v"], strict=True)) for s in made)]
    levels = tuple(20.0 * 0.5**i for i in range(7))
    curves = (Curve("y, the look-ahead point: theta of the rule", tuple((p[0], p[1]) for p in ahead), dots=True),
              Curve("x = y + gamma v: Sutskever's and Nesterov's point", tuple((p[0], p[1]) for p in behind), dots=True, dashed=True))  # fmt: skip
    return (Picture("One run, two names for its points", "along the valley", "across", curves, x_range=(-5.4, 1), y_range=(-0.9, 1.2),
                    contours=Contours(0.5, float(kappa) / 2, levels)),)  # fmt: skip

"""Momentum turns kappa into its square root

The same shipped rule seen as a heavy ball in a ravine: it stands rates up to 2 (1 + gamma)/L, and at its best converges as if the
condition number were the square root of what it is.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.run import closed_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Polyak 1964", "theorem 9", "doi:10.1016/0041-5553(64)90137-5"), Source("Goh 2017", "Why Momentum Really Works", "doi:10.23915/distill.00006"))
CLAIM = "stable iff `0 < eta lambda < 2 (1 + gamma)`; best rate of convergence `(sqrt(kappa) - 1)/(sqrt(kappa) + 1)`"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """The characteristic polynomial of the shipped rule on a quadratic."""
    eta, gamma, curvature = d.positive("eta"), d.between("gamma", 0, 1), d.positive("lambda")
    step = d.rule(catalogue.rule("momentum"), lr=eta, momentum=gamma)
    now, before = d.real("theta"), d.real("theta_old")
    d.say("The velocity is the last move, `v = theta_old - theta`. On a quadratic, `g = lambda theta`, it can be left out:")
    after = step(theta=now, v=before - now, g=curvature * now)
    d.equal("theta from the two before it", after["theta"], (1 + gamma - eta * curvature) * now - gamma * before, "expand")
    d.equal("the velocity stays the last move", now - after["theta"], after["v"], "expand")

    d.say("Solutions `z^t` of that recursion have z as a root of p. Both roots lie within the unit circle if `p(1) > 0`, `p(-1) > 0`, "
          "their product is below 1 and the vertex lies between -1 and 1. With `s = eta lambda`:")  # fmt: skip
    z = d.complex("z")
    s = d.between("s", 0, 2 * (1 + gamma))
    matrix = sp.Matrix([[sp.diff(sp.expand(after["theta"]), x) for x in (now, before)], [1, 0]]).subs(eta * curvature, s).subs(eta, s / curvature)
    p = z**2 - (1 + gamma - s) * z + gamma
    d.equal("p is the characteristic polynomial", (z * sp.eye(2) - matrix).det(), p, "algebra", called=sp.Function("p")(z))
    d.compare("p(1)", p.subs(z, 1), ">", 0)
    d.compare("p(-1)", p.subs(z, -1), ">", 0, why="while s < 2 (1 + gamma)")
    d.compare("the product of the roots", gamma, "<", 1)
    d.compare("the vertex is left of 1", (1 + gamma - s) / 2, "<", 1)
    d.compare("the vertex is right of -1", (1 + gamma - s) / 2, ">", -1)
    beyond = d.positive("h")
    d.compare("beyond the limit a root is left of -1", p.subs(z, -1).subs(s, 2 * (1 + gamma) + beyond), "<", 0, why="p(-1) < 0 and p grows to infinity")

    d.say("The best eta and gamma for curvatures between mu and L, with `m = sqrt(mu)`, `M = sqrt(L)`, r = M/m:")
    low, r = d.positive("m"), d.between("r", 1, None)
    high = r * low
    best_eta, best_gamma = (2 / (high + low)) ** 2, ((high - low) / (high + low)) ** 2
    discriminant = (1 + best_gamma - best_eta * curvature) ** 2 - 4 * best_gamma
    factored = 16 * (curvature - low**2) * (curvature - high**2) / (high + low) ** 4
    d.equal("the discriminant of p", discriminant, factored)
    inside = d.between("l", low**2, high**2)
    d.compare("is below 0 between mu and L: both roots are complex", factored.subs(curvature, inside), "<", 0)
    d.equal("and 0 at mu", discriminant.subs(curvature, low**2), 0)
    d.equal("and 0 at L", discriminant.subs(curvature, high**2), 0)
    rate = (r - 1) / (r + 1)
    d.equal("so every direction converges like sqrt(gamma)", sp.sqrt(best_gamma), rate, "roots", why="the modulus of both roots; r = sqrt(kappa)")
    d.compare("faster than plain descent at its best", rate, "<", (r**2 - 1) / (r**2 + 1))
    d.equal("at kappa = 100", rate.subs(r, 10), sp.Rational(9, 11), why="a factor of 10 takes 12 steps; plain descent takes 115")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """Plain descent and the heavy ball at their best rates for kappa = 100, in the shipped ravine."""
    ravine, kappa, steps = catalogue.objective("ravine"), Fraction(100), 120
    best = {"sgd": {"lr": Fraction(2) / (1 + kappa)}, "momentum": {"lr": Fraction(2, 11) ** 2, "momentum": Fraction(9, 11) ** 2}}
    curves = []
    for name, hyper in best.items():
        rule = catalogue.rule(name)
        made = closed_loop(rule, ravine, hyper={**rule.values(), **hyper}, objective_hyper={"kappa": kappa}, steps=steps, digits=40)
        far = [2**0.5, *(float(s.theta[0] ** 2 + s.theta[1] ** 2) ** 0.5 for s in made)]
        curves.append(curve(f"{name}, at its best", far))
    for name, rate in (("(kappa - 1)/(kappa + 1)", 99 / 101), ("(r - 1)/(r + 1), r = sqrt(kappa)", 9 / 11)):
        curves.append(curve(name, [2**0.5 * rate**t for t in range(steps + 1)], dashed=True))
    return (Picture("Distance from the minimum, kappa = 100", "update", "distance", tuple(curves), log_y=True),)

"""The negative gradient is the direction of steepest descent

Standing on a hill in a fog, of all directions of length 1 the one against the gradient leads down fastest. No other is as steep.
"""

from __future__ import annotations

import math

import sympy as sp

from refopt import catalogue
from refopt.derivation import Curve, Derivation, Picture, Source, Update

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Cauchy 1847", "the method of descent", "Comptes rendus 25:536-538"),
          Source("Nocedal & Wright 2006", "section 2.2, the steepest descent direction", "doi:10.1007/978-0-387-40065-5"))  # fmt: skip
CLAIM = "the slope `g.u` of `J` along a direction `u` of length 1 is least, namely `-|g|`, at `u = -g/|g|`"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Lagrange's identity, which is Cauchy-Schwarz with what it leaves out."""
    d.say("The slope of J along u is `g.u`. In three dimensions (g is not 0, say in its first component), what Cauchy-Schwarz leaves out is a sum of squares:")
    g, u = ([d.real(f"{x}_{i}", nonzero=x == "g" and i == 1) for i in (1, 2, 3)] for x in "gu")
    pairs = ((0, 1), (0, 2), (1, 2))
    dot = sum(a * b for a, b in zip(g, u, strict=True))
    left = sum(a**2 for a in g) * sum(b**2 for b in u) - dot**2
    squares = sum((g[i] * u[j] - g[j] * u[i]) ** 2 for i, j in pairs)
    d.equal("Lagrange's identity", left, squares, "expand")
    d.compare("so |g|^2 |u|^2 >= (g.u)^2", squares, ">=", 0)

    d.say("One dimension more, for any number of them: with `A = |g|^2`, `B = g.u`, `C = |u|^2` so far, and the new components x of g and y of u:")
    many_a, many_b, many_c, x, y = (d.real(n) for n in ("A", "B", "C", "x", "y"))
    more = (many_a + x**2) * (many_c + y**2) - (many_b + x * y) ** 2
    d.equal("what one more dimension adds", more - (many_a * many_c - many_b**2), many_a * y**2 - 2 * many_b * x * y + many_c * x**2, "expand")
    d.equal("is the length of y g - x u, squared", sum((y * a - x * b) ** 2 for a, b in zip(g, u, strict=True)),
            sum(a**2 for a in g) * y**2 - 2 * dot * x * y + sum(b**2 for b in u) * x**2, "expand",
            why="three dimensions; any others add terms of the same form")  # fmt: skip

    d.say("The least slope is reached, and only against the gradient. By a Lagrange multiplier: where `g.u + h (u.u - 1)` is stationary, `u = -g/(2 h)`.")
    h = d.positive("h")
    lagrangian = dot + h * (sum(b**2 for b in u) - 1)
    d.equal("stationary in each direction", sp.diff(lagrangian, u[0]).subs(u[0], -g[0] / (2 * h)), 0)
    length = sp.sqrt(sum(a**2 for a in g))
    steepest = [-a / length for a in g]
    d.equal("it has length 1", sum(s**2 for s in steepest), 1)
    d.equal("its slope", sum(a * s for a, s in zip(g, steepest, strict=True)), -length, "roots")

    d.say("The shipped rule steps that way, and the loss falls to first order:")
    eta = d.positive("eta")
    step = d.rule(catalogue.rule("sgd"), lr=eta)
    theta = d.real("theta")
    moves = [step(theta=theta, g=a)["theta"] - theta for a in g]
    for i, word in enumerate(("first", "second", "third")):
        d.equal(f"the {word} component of the step", moves[i], eta * length * steepest[i], "roots", called=sp.Symbol(f"Delta_{i + 1}"))
    d.compare("the change of the loss to first order", sum(a * m for a, m in zip(g, moves, strict=True)), "<", 0)


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The slope of the shipped ravine at one point, by direction; and the direction in which the shipped rule steps."""
    ravine = catalogue.objective("ravine")
    point = {ravine.parameters[0].sym: -2, ravine.parameters[1].sym: sp.Rational(1, 10), ravine.hyper[0].symbol.sym: 10}
    gx, gy = (float(p.sym.subs(point)) for p in ravine.gradient)
    size, uphill = (gx**2 + gy**2) ** 0.5, math.atan2(gy, gx)
    angles = [math.radians(a) for a in range(0, 361, 3)]
    slopes = tuple((math.degrees(a), (gx * math.cos(uphill + a) + gy * math.sin(uphill + a))) for a in angles)
    step = Update(catalogue.rule("sgd"), {"lr": 1})
    moved = [float(step(theta=0, g=g)["theta"]) for g in (gx, gy)]
    turned = math.degrees(math.atan2(moved[1], moved[0]) - uphill) % 360
    own = (gx * moved[0] + gy * moved[1]) / size
    return (Picture("The slope in each direction", "angle between the direction and the gradient, degrees", "slope",
                    (Curve("slope g.u", slopes), Curve("the step of the shipped rule", ((turned, own), (turned, -0.0), (turned, own)), dots=True)),
                    x_range=(0, 360)),)  # fmt: skip

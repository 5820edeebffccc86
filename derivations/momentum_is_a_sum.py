"""Momentum is a sum of all past gradients, the older the less

Consistent gradients add up: on a constant slope the speed grows at every step, towards 1/(1 - gamma) times the plain one.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak 1964", "equation (9)", "doi:10.1016/0041-5553(64)90137-5"),
    Source("Qian 1999", "section 1, the momentum term", "doi:10.1016/S0893-6080(98)00116-6"),
)
CLAIM = "`v_t = eta * sum_{i=1..t} gamma^(t-i) g_i`"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Induction over the shipped rule."""
    eta, gamma = d.positive("eta"), d.between("gamma", 0, 1)
    step = d.rule(catalogue.rule("momentum"), lr=eta, momentum=gamma)
    t, i = d.integer("t"), d.integer("i")
    g = sp.Function("g", real=True)

    def velocity(before: sp.Expr, n: sp.Expr) -> sp.Expr:
        return step(v=before, g=g(n + 1))["v"]

    d.induction(
        "the velocity is a sum", over=t, first=0, start=step.start()["v"], advance=velocity,
        closed=lambda n: eta * sp.Sum(gamma ** (n - i) * g(i), (i, 1, n)), tactic="last term", called=sp.Function("v")(t),
    )  # fmt: skip
    theta, v = d.real("theta"), d.real("v")
    after = step(theta=theta, v=v, g=g(t))
    d.equal("the parameter moves by the new velocity", theta - after["theta"], after["v"])

    d.say("If we move in one direction all the time we gain speed. With a constant gradient c:")
    c = d.positive("c")
    speed = d.induction(
        "the speed on a constant slope", over=t, first=0, start=step.start()["v"], advance=lambda x, n: step(v=x, g=c)["v"],
        closed=lambda n: eta * c * (1 - gamma**n) / (1 - gamma), tactic="powers", called=sp.Function("v")(t),
    )  # fmt: skip
    more = speed.subs(t, t + 1) - speed
    d.equal("what one more step adds", more, eta * c * gamma**t, "powers")
    d.compare("it is always more", eta * c * gamma**t, ">", 0, known={gamma**t: (0, 1)})
    d.limit("the speed in the end", speed, t, sp.oo, eta * c / (1 - gamma), why="10 times eta c at gamma = 0.9")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The speed on a constant slope, from the shipped rule's own updates."""
    from refopt.derivation import Update

    curves = []
    for gamma in ("0", "0.5", "0.9"):
        step, v, speeds = Update(catalogue.rule("momentum"), {"lr": 1, "momentum": sp.Rational(gamma)}), sp.Integer(0), [0.0]
        for _ in range(40):
            v = step(v=v, g=1)["v"]
            speeds.append(float(v))
        curves.append(curve(f"gamma = {gamma}", speeds))
    return (Picture("Speed on a constant slope", "update t", "v_t / (eta c)", tuple(curves)),)

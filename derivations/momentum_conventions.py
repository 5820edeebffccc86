"""The two momentum conventions agree only while the rate is constant

The learning rate stands inside the velocity (this text, keras, sklearn) or outside (torch, optax). With a constant rate both take the
same path; with a schedule they part, by an amount that can be written down.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.run import open_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak 1964", "equation (9)", "doi:10.1016/0041-5553(64)90137-5"),
    Source("Sutskever et al. 2013", "section 2", "proceedings.mlr.press/v28/sutskever13"),
)
CLAIM = "`theta outside - theta inside = sum_{r<s} gamma^(s-r) (eta_r - eta_s) g_r`: zero for all gradients iff `eta` is constant"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """An invariant for a constant rate; both written out for one that changes."""
    eta, gamma = d.positive("eta"), d.between("gamma", 0, 1)
    inside = d.rule(catalogue.rule("momentum"), momentum=gamma)
    outside = d.rule(catalogue.rule("momentum/lr_outside"), momentum=gamma)
    theta, w, g = d.real("theta"), d.real("w"), d.real("g")
    d.say("With a constant rate, `v = eta w` holds before and after every update, and theta is the same:")
    one, other = inside(theta=theta, v=eta * w, g=g, lr=eta), outside(theta=theta, v=w, g=g, lr=eta)
    d.equal("the velocities", one["v"], eta * other["v"], "expand")
    d.equal("theta", one["theta"], other["theta"], "expand")
    d.equal("at the start", inside.start()["v"], eta * outside.start()["v"])

    d.say("With rates eta_1, eta_2, ... that change:")
    rates, gradients = ([d.positive(f"eta_{i}") for i in range(1, 6)], [d.real(f"g_{i}") for i in range(1, 6)])

    def parted(steps: int) -> sp.Expr:
        a, b = ({"theta": theta, "v": sp.Integer(0)} for _ in range(2))
        for i in range(steps):
            a = inside(**a, g=gradients[i], lr=rates[i])
            b = outside(**b, g=gradients[i], lr=rates[i])
        return b["theta"] - a["theta"]

    def predicted(steps: int) -> sp.Expr:
        return sum(gamma ** (s - r) * (rates[r] - rates[s]) * gradients[r] for s in range(steps) for r in range(s))

    d.equal("after 2 updates", parted(2), gamma * (rates[0] - rates[1]) * gradients[0], "expand")
    d.equal("after 5 updates", sp.expand(parted(5)), predicted(5), "expand")
    d.say("From one update to the next the difference grows by the last rate's row of the sum, for any t. With `V = sum gamma^(t-r) eta_r g_r` and "
          "`W = sum gamma^(t-r) g_r`, the two velocities:")  # fmt: skip
    big_v, big_w = d.real("V"), d.real("W")
    a, b = inside(theta=theta, v=big_v, g=g, lr=eta), outside(theta=theta, v=big_w, g=g, lr=eta)
    d.equal("one update more", (b["theta"] - theta) - (a["theta"] - theta), gamma * (big_v - eta * big_w), "expand",
            why="gamma (V - eta W) is the sum of gamma^(t+1-r) (eta_r - eta) g_r")  # fmt: skip
    half = sp.Rational(1, 2)
    d.differ("a rate that is halved once", gamma * (rates[0] - rates[1]) * gradients[0], sp.Integer(0),
             {gamma: sp.Rational(9, 10), rates[0]: 1, rates[1]: half, gradients[0]: 1}, why="the old gradient counts for 0.45 less")  # fmt: skip


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """Both shipped rules with the same gradients, all 1, and a rate that falls to a tenth after 20 updates."""
    steps = 60
    rates = [Fraction(1, 10)] * 20 + [Fraction(1, 100)] * (steps - 20)
    curves = []
    for name, told in (("momentum", "rate inside the velocity"), ("momentum/lr_outside", "rate outside")):
        rule = catalogue.rule(name)
        made = open_loop(rule, hyper=rule.values({"momentum": "0.9"}), theta0=[Fraction(0)], gradients=[[Fraction(1)]] * steps, lr=rates, digits=30)
        curves.append(curve(told, [0.0, *(float(s.theta[0]) for s in made)]))
    return (Picture("The same gradients, a rate that falls to a tenth at update 20", "update", "theta", tuple(curves)),)

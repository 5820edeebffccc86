"""Momentum is a low-pass filter

Across a ravine the gradient changes its sign at every step, along its floor it stays. Momentum adds up past gradients, so that
what alternates cancels and what stays accumulates: it damps the zig-zag and keeps the slope.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Curve, Derivation, Picture, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak 1964", "equation (9)", "doi:10.1016/0041-5553(64)90137-5"),
    Source("Goh 2017", "Why Momentum Really Works", "doi:10.23915/distill.00006"),
)
CLAIM = "a gradient `g_t = z^t` comes back as `H(z) z^t` with `H(z) = eta/(1 - gamma/z)`: `1/(1 - gamma)` along the valley, `1/(1 + gamma)` across"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """From the shipped rule to the gain of every frequency."""
    eta, gamma = d.positive("eta"), d.between("gamma", 0, 1)
    step = d.rule(catalogue.rule("momentum"), lr=eta, momentum=gamma)
    t, i = d.integer("t"), d.integer("i")

    def velocity(before: object, g: object) -> sp.Expr:
        return step(v=before, g=g)["v"]

    d.say("The velocity is a weighted sum of all gradients so far. One more step multiplies every old weight by gamma:")
    d.equal("one more step keeps the sum", velocity(eta * gamma ** (t - i), 0), eta * gamma ** (t + 1 - i), "powers")
    d.equal("the newest weight is eta", velocity(0, 1), eta)
    theta, v, g = d.real("theta"), d.real("v"), d.real("g")
    after = step(theta=theta, v=v, g=g)
    d.equal("the parameter moves by the new velocity", theta - after["theta"], after["v"])
    gradients = [d.real(f"g_{k}") for k in range(1, 7)]
    written = sp.Integer(0)
    for g in gradients:
        written = velocity(written, g)
    d.equal("written out for t = 6", written, sum(eta * gamma ** (5 - k) * g for k, g in enumerate(gradients)), "expand", called=sp.Symbol("v_6"))

    d.say("Feed it the gradient `z^t`. In the long run the velocity is a multiple `H(z) z^t`; the rule itself says which:")
    z, transfer, unknown = d.complex("z"), sp.Function("H"), sp.Symbol("V")
    gain = sp.solve(sp.Eq(unknown, velocity(unknown / z, 1)), unknown)[0]
    d.equal("g_t = z^t comes back as H(z) z^t", gain, eta / (1 - gamma / z), called=transfer(z))
    d.equal("along the valley (z = 1)", gain.subs(z, 1), eta / (1 - gamma), called=transfer(1), why="the effective step")
    d.equal("across the walls (z = -1)", gain.subs(z, -1), eta / (1 + gamma), called=transfer(-1))
    ratio = d.equal("the ratio", gain.subs(z, 1) / gain.subs(z, -1), (1 + gamma) / (1 - gamma), called=transfer(1) / transfer(-1))
    d.equal("at gamma = 0.9 a step along the valley counts 19 times one across it", ratio.subs(gamma, sp.Rational(9, 10)), 19)

    d.say("Between the two the gain has no bump. At the frequency omega, `z = exp(i omega)`:")
    omega = d.between("omega", 0, sp.pi)
    inverse = (1 - gamma * sp.cos(omega)) ** 2 + (gamma * sp.sin(omega)) ** 2
    squared = eta**2 / (1 - 2 * gamma * sp.cos(omega) + gamma**2)
    d.equal("the squared gain, from cosine and sine", eta**2 / inverse, squared, "trig", called=sp.Abs(transfer(sp.exp(sp.I * omega))) ** 2)
    turned, cosine = sp.exp(sp.I * omega), (sp.exp(sp.I * omega) + sp.exp(-sp.I * omega)) / 2
    d.equal("and it is H times its conjugate", (gain * gain.subs(z, 1 / z)).subs(z, turned), squared.subs(sp.cos(omega), cosine), "algebra")
    d.equal("its slope", sp.diff(squared, omega), -2 * gamma * eta**2 * sp.sin(omega) / (1 - 2 * gamma * sp.cos(omega) + gamma**2) ** 2)
    d.compare(
        "the gain falls all the way from valley to walls", sp.diff(squared, omega), "<", 0,
        known={sp.sin(omega): (0, 1), sp.cos(omega): (-1, 1)}, why="no bump",
    )  # fmt: skip

    n = d.integer("n")
    d.say("On a constant slope the velocity settles at the effective step:")
    d.limit("a constant gradient in the end", eta * (1 - gamma**n) / (1 - gamma), n, sp.oo, eta / (1 - gamma))


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The gain over the frequency."""
    frequencies = [sp.pi * j / 60 for j in range(61)]

    def gains(gamma: sp.Rational) -> tuple[tuple[float, float], ...]:
        return tuple((float(w / sp.pi), float(1 / sp.sqrt(1 - 2 * gamma * sp.cos(w) + gamma**2))) for w in frequencies)

    curves = tuple(Curve(f"gamma = {float(x):g}", gains(x)) for x in (sp.Rational(1, 2), sp.Rational(9, 10), sp.Rational(99, 100)))
    return (Picture("How much a gradient of each frequency counts", "frequency omega/pi: 0 along the valley, 1 across it", "gain / eta", curves, log_y=True),)

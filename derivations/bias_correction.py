"""Bias correction undoes the start at zero

Both moments start at 0 and are too small at first. Divided by 1 - beta^t they are right on average from the first update on.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "section 3", "arXiv:1412.6980"),)
CLAIM = "`E m_t = (1 - beta1^t) E g` and `E v_t = (1 - beta2^t) E g^2`, for gradients of one distribution"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """The recursion of the means, solved and proved by induction."""
    eta, eps, beta1, beta2 = d.positive("eta"), d.positive("epsilon"), d.between("beta_1", 0, 1), d.between("beta_2", 0, 1)
    adam = d.rule(catalogue.rule("adam"), lr=eta, beta1=beta1, beta2=beta2, eps=eps)
    t = d.integer("t")
    mean, square = d.real("mu", nonzero=True), d.positive("nu")
    m, v, g = d.real("m"), d.nonnegative("v"), d.real("g")
    d.say("Each moment is linear in itself and in g or g^2, so means obey the same recursion. With `mu = E g` and `nu = E g^2`:")
    d.equal("the first moment is linear in m and g", adam(m=m, g=g)["m"], beta1 * m + (1 - beta1) * g, "expand")
    d.equal("the second in v and g^2", adam(v=v, g=g)["v"], beta2 * v + (1 - beta2) * g**2, "expand")

    n, sequence = sp.Symbol("n", integer=True), sp.Function("E")
    solved = sp.rsolve(sequence(n + 1) - beta1 * sequence(n) - (1 - beta1) * mean, sequence(n), {sequence(0): 0})
    d.equal("the recursion, solved by rsolve", solved.subs(n, t), (1 - beta1**t) * mean, "powers")
    first = d.induction("the mean of m", over=t, first=0, start=adam.start()["m"], advance=lambda x, _: adam(m=x, g=mean)["m"],
                        closed=lambda n: (1 - beta1**n) * mean, tactic="powers", called=sp.Function("Em")(t))  # fmt: skip
    root = sp.sqrt(square)
    second = d.induction("the mean of v", over=t, first=0, start=adam.start()["v"], advance=lambda x, _: adam(v=x, g=root)["v"],
                         closed=lambda n: (1 - beta2**n) * square, tactic="powers", called=sp.Function("Ev")(t))  # fmt: skip
    d.equal("corrected, the first is right from the start", first / (1 - beta1**t), mean)
    d.equal("and so is the second", second / (1 - beta2**t), square)
    d.limit("without correction it is right only in the end", first, t, sp.oo, mean)

    d.say("It also follows that the very first step of the shipped rule has the full length, whatever the betas:")
    a = d.positive("a")
    begin = {**adam.start(), "theta": 0, "g": a, "t": 1}
    d.equal("the first step", adam(**begin)["theta"], -eta * a / (a + eps), "roots")
    raw = d.rule(catalogue.rule("adam/uncorrected"), lr=eta, beta1=beta1, beta2=beta2, eps=0)
    d.equal("without correction (eps = 0)", raw(theta=0, m=0, v=0, g=a)["theta"], -eta * (1 - beta1) / sp.sqrt(1 - beta2), "roots")
    at_defaults = ((1 - beta1) ** 2 / (1 - beta2)).subs({beta1: sp.Rational(9, 10), beta2: sp.Rational(999, 1000)})
    d.equal("its square at the defaults", at_defaults, 10, why="sqrt(10) = 3.16 times too long")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """First steps of the shipped rules on a constant gradient."""
    from refopt.derivation import Update

    letters = {"lr": 1, "beta1": sp.Float("0.9", 30), "beta2": sp.Float("0.999", 30), "eps": 0}
    curves = []
    for name in ("adam", "adam/uncorrected"):
        step, state, lengths = Update(catalogue.rule(name), letters), {"theta": sp.Float(0), "m": sp.Float(0), "v": sp.Float(0)}, []
        for t in range(1, 101):
            after = step(**state, g=sp.Float(1, 30), t=t)
            lengths.append(float(state["theta"] - after["theta"]))
            state = after
        curves.append(curve(name, lengths, 1))
    return (Picture("Length of a step on a constant gradient", "update t", "step / eta", tuple(curves)),)

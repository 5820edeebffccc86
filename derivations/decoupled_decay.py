"""Decoupled weight decay is L2 for plain descent, not for Adam

Added to the gradient, the penalty passes through Adam's moments and is scaled away with the rest; decoupled, it shrinks every weight alike.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.run import open_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2019", "propositions 1 and 2", "arXiv:1711.05101"),)
CLAIM = "`theta - eta (g + lambda theta) = (1 - eta lambda) theta - eta g`; at `t = 1` Adam with L2 gives 1.900000001, AdamW 1.880000001"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """An identity, and a point."""
    eta, decay, theta, g = d.positive("eta"), d.positive("lambda"), d.real("theta"), d.real("g")
    sgd = catalogue.rule("sgd")
    coupled = d.rule(with_weight_decay(sgd, decoupled=False), lr=eta, weight_decay=decay)
    apart = d.rule(with_weight_decay(sgd), lr=eta, weight_decay=decay)
    d.equal("plain descent: L2 is decoupled decay", coupled(theta=theta, g=g)["theta"], apart(theta=theta, g=g)["theta"], "expand")
    d.equal("written out", apart(theta=theta, g=g)["theta"], (1 - eta * decay) * theta - eta * g, "expand")

    d.say("With Adam the two part at the first step. Without a gradient, L2 moves every weight by the same eta, large or small; decay by its share:")
    eps, beta1, beta2 = d.positive("epsilon"), d.between("beta_1", 0, 1), d.between("beta_2", 0, 1)
    letters = {"lr": eta, "beta1": beta1, "beta2": beta2, "weight_decay": decay}
    l2 = d.rule(catalogue.rule("adam/l2"), **letters)
    adamw = d.rule(catalogue.rule("adamw"), **letters)
    w = d.positive("w")
    first = {"theta": w, "m": 0, "v": 0, "t": 1}
    d.equal("L2, no gradient, eps = 0", l2(**first, g=0, eps=0)["theta"], w - eta, "roots", why="a step of eta, whatever w and lambda")
    d.equal("decoupled, no gradient", adamw(**first, g=0, eps=eps)["theta"], w - eta * decay * w, "roots")
    tenth = sp.Rational(1, 10)
    point = {eta: tenth, decay: tenth, beta1: sp.Rational(9, 10), beta2: sp.Rational(999, 1000), eps: sp.Rational(1, 10**8), w: 2}
    d.differ("a point where they differ: theta = 2, g = 1", l2(**first, g=1, eps=eps)["theta"], adamw(**first, g=1, eps=eps)["theta"], point)
    value = adamw(**first, g=1, eps=eps)["theta"].subs(point)
    d.compare("AdamW there, below", value, "<", sp.Rational("1.8800000011"))
    d.compare("AdamW there, above", value, ">", sp.Rational("1.8800000009"))

    d.say("The shipped AdamW is what decoupled decay makes of the shipped Adam:")
    t, m, v = d.integer("t"), d.real("m"), d.nonnegative("v")
    made = d.rule(with_weight_decay(catalogue.rule("adam")), **letters)
    state = {"theta": theta, "m": m, "v": v, "g": g, "t": t, "eps": eps}
    d.equal("the same theta", made(**state)["theta"], adamw(**state)["theta"], "roots")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """Two weights without a gradient, by the shipped rules: L2 moves both by the same step, decay by their share."""
    steps, curves = 60, []
    for name, told in (("adam/l2", "L2 in Adam"), ("adamw", "AdamW")):
        rule = catalogue.rule(name)
        hyper = rule.values({"lr": "0.01", "weight_decay": "1"})
        weights = [Fraction(2), Fraction(1, 2)]
        made = open_loop(rule, hyper=hyper, theta0=weights, gradients=[[Fraction(0)] * 2] * steps, digits=40)
        for i, weight in enumerate(weights):
            curves.append(curve(f"{told}, from {float(weight):g}", [float(weight), *(float(s.theta[i]) for s in made)], dashed=name == "adamw"))
    return (Picture("Two weights that get no gradient", "update", "weight", tuple(curves)),)

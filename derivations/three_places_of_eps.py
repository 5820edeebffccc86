"""The three places of epsilon

Outside the root after the correction (the text, torch, optax), before the correction (keras, scikit-learn), or under the root. The second is
the first with another epsilon at every step; the third is neither.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.derivation import Curve, Derivation, Picture, Source
from refopt.exact.run import open_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "Algorithm 1 and the end of section 2", "arXiv:1412.6980"),)
CLAIM = "adam with `eps` is adam/eps_hat with `eps sqrt(1 - beta2^t)`; `eps` under the root is another formula"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """With p = 1 - beta1^t and q = 1 - beta2^t named, all three are formulas under one root."""
    eta, eps = d.positive("eta"), d.positive("epsilon")
    beta1, beta2 = d.between("beta_1", 0, 1), d.between("beta_2", 0, 1)
    p, q, t = d.between("p", 0, 1), d.between("q", 0, 1), d.integer("t")
    theta, m, g, v = d.real("theta"), d.real("m"), d.real("g"), d.nonnegative("v")
    named = {beta1**t: 1 - p, beta2**t: 1 - q}
    betas = {"lr": eta, "beta1": beta1, "beta2": beta2}
    before = {"theta": theta, "m": m, "v": v, "g": g, "t": t}
    adam = d.rule(catalogue.rule("adam"), **betas, eps=eps)
    hat = d.rule(catalogue.rule("adam/eps_hat"), **betas)
    under = d.rule(catalogue.rule("adam/eps_in_sqrt"), **betas, eps=eps)

    d.say("With `p = 1 - beta1^t` and `q = 1 - beta2^t`:")
    outside = adam(**before)["theta"].xreplace(named)
    d.equal("eps_hat = eps sqrt(q) gives the same theta", hat(**before, eps=eps * sp.sqrt(q))["theta"].xreplace(named), outside, "roots")
    for state in ("m", "v"):
        d.equal(f"and the same {state}", hat(**before, eps=eps)[state], adam(**before)[state], "expand")
    n = d.integer("n")
    d.limit("the two grow together: eps_hat/eps", sp.sqrt(1 - beta2**n), n, sp.oo, 1)
    at_first = sp.sqrt(1 - beta2).subs(beta2, sp.Rational(999, 1000))
    d.equal("at t = 1 and beta2 = 0.999", at_first, 1 / (10 * sp.sqrt(10)), "roots", why="31.6 times smaller")

    d.say("Under the root it is a third formula. The divisors for a corrected second moment `r^2`:")
    r = d.positive("r")
    divisor_outside, divisor_under = r + eps, sp.sqrt(r**2 + eps**2)
    d.compare("an epsilon outside divides by more than its square under the root", divisor_outside**2, ">", divisor_under**2)
    d.equal("the third formula", under(**before)["theta"].xreplace(named),
            theta - eta * (beta1 * m + (1 - beta1) * g) / p / sp.sqrt((beta2 * v + (1 - beta2) * g**2) / q + eps), "roots")  # fmt: skip
    first = {"theta": 0, "m": 0, "v": 0, "g": g, "t": 1}
    small = sp.Rational(1, 10**8)
    point = {eta: 1, beta1: sp.Rational(9, 10), beta2: sp.Rational(999, 1000), eps: small, g: small}
    d.differ("one step, gradient as small as eps", adam(**first)["theta"], under(**first)["theta"], point, why="a half against a ten-thousandth")
    d.differ("nor is eps_hat with the same number", adam(**first)["theta"], hat(**first, eps=eps)["theta"], point)

    d.say("What it is for: with eps > 0 the divisor is never 0, with eps = 0 it is where no gradient has come yet.")
    w = d.nonnegative("w")
    d.compare("outside", w + eps, ">", 0, why="w = sqrt(v_hat)")
    d.compare("under the root", w**2 + eps, ">", 0)
    bare = sp.fraction(sp.together(theta - adam(theta=theta, m=m, v=w**2 * (1 - beta2) / beta2, g=0, t=1)["theta"]))[1]
    d.compare("the whole denominator of a step without a gradient", (w + eps) * (1 - beta1), ">", 0)
    d.equal("with eps = 0 and w = 0", bare.subs({eps: 0, w: 0}), 0, "roots")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The first step of the shipped rules, by the size of the gradient."""
    curves = []
    for name in ("adam", "adam/eps_hat", "adam/eps_in_sqrt"):
        rule, points = catalogue.rule(name), []
        for i in range(-8, 33):
            size = Fraction(10) ** (i // 4) * Fraction(1778, 1000) ** (i % 4) * Fraction(1, 10**8)
            (made,) = open_loop(rule, hyper=rule.values({"lr": "1"}), theta0=[Fraction(0)], gradients=[[size]], digits=40)
            points.append((i / 4, -float(made.theta[0])))
        curves.append(Curve(name, tuple(points)))
    return (Picture("How long the first step is", "gradient, as a power of ten times eps", "step / eta", tuple(curves), y_range=(0, 1.05)),)

"""One Adam step is at most 7.2703 eta

Whatever the gradients: at the default betas no single step is longer than 7.2703 learning rates, and gradients that grow by beta2/beta1 a
step come as near to that as one likes.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.certify import certified
from refopt.exact.run import open_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "section 2.1, which has (1 - beta1)/sqrt(1 - beta2) for one extreme case", "arXiv:1412.6980"),)
CLAIM = "`|step| <= eta (1 - beta1)/sqrt((1 - beta2)(1 - beta1^2/beta2))` for every `t`, if `beta1^2 < beta2`; no smaller number will do"
BETA1, BETA2 = Fraction(9, 10), Fraction(999, 1000)


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Cauchy-Schwarz, one update at a time, straight from the shipped rule."""
    eta, beta2 = d.positive("eta"), d.between("beta_2", 0, 1)
    r = d.between("r", 0, 1)
    beta1 = d.between("beta_1", 0, 1)
    adam = d.rule(catalogue.rule("adam"), lr=eta, beta1=beta1, beta2=beta2, eps=0)
    m, g, t = d.real("m"), d.real("g"), d.integer("t")
    d.say("`m^2 <= K v` after every update, with K growing as `K <- (1 - beta1)^2/(1 - beta2) + beta1^2/beta2 K`, from K = 0 at the start. "
          "Let it hold before, `K v = m^2 + e` with e >= 0. Then after the update:")  # fmt: skip
    bound, left = d.positive("K"), d.nonnegative("e")
    grown = (1 - beta1) ** 2 / (1 - beta2) + beta1**2 / beta2 * bound
    before = {"m": m, "v": (m**2 + left) / bound, "g": g}
    after = adam(**before)
    rest = (beta1**2 + beta2 * (1 - beta1) ** 2 / ((1 - beta2) * bound)) * left
    square = (beta2 * (1 - beta1) * m - beta1 * (1 - beta2) * bound * g) ** 2 / (beta2 * (1 - beta2) * bound)
    d.equal("what is left over", grown * after["v"] - after["m"] ** 2, rest + square)
    d.compare("is never negative", rest + square, ">=", 0)
    first = adam(m=0, v=0, g=g)
    start = (1 - beta1) ** 2 / (1 - beta2)
    d.equal("the first update, with K = (1 - beta1)^2/(1 - beta2): nothing is left over", start * first["v"], first["m"] ** 2, "expand")

    d.say("K in closed form, with `r = beta1^2/beta2`; r < 1:")
    closed = d.induction("K after t updates", over=t, first=1, start=start, advance=lambda x, _: start + r * x,
                         closed=lambda n: start * (1 - r**n) / (1 - r), tactic="powers", called=sp.Function("K")(t))  # fmt: skip
    d.limit("in the end", closed, t, sp.oo, start / (1 - r))

    p, q, v, theta = d.between("p", 0, 1), d.between("q", 0, 1), d.positive("v"), d.real("theta")
    whole = {name: x.xreplace({beta1**t: 1 - p, beta2**t: 1 - q}) for name, x in adam(theta=theta, m=m, v=v, g=g, t=t).items()}
    d.say("The step itself, with `p = 1 - beta1^t` and `q = 1 - beta2^t`:")
    d.equal("the square of a step", (theta - whole["theta"]) ** 2, eta**2 * q / p**2 * whole["m"] ** 2 / whole["v"], "roots")
    root, eps = d.positive("w"), d.positive("epsilon")
    d.compare("eps makes it shorter", 1 / (root + eps), "<", 1 / root)
    d.say("So it is at most `eta^2 K q/p^2`, and with "
          "`R = x^2 = r^t`, `Q = y^2 = beta2^t`, so that `beta1^t = x y`, the correction takes no more than K gave:")  # fmt: skip
    x, y = d.between("x", 0, 1), d.between("y", 0, 1)
    d.equal("the correction", (1 - x * y) ** 2 - (1 - x**2) * (1 - y**2), (x - y) ** 2, "expand")
    d.compare("so (1 - R)(1 - Q) <= (1 - beta1^t)^2", (x - y) ** 2, ">=", 0)
    b1, b2 = (sp.Rational(b.numerator, b.denominator) for b in (BETA1, BETA2))
    limit = (start / (1 - r)).subs(r, beta1**2 / beta2).subs({beta1: b1, beta2: b2})
    d.equal("the square of the bound at the defaults", limit, sp.Rational(1110, 21), "algebra", why="sqrt(1110/21) = 7.2703")
    d.compare("below 7.2704", limit, "<", sp.Rational(72704, 10000) ** 2)
    d.compare("above 7.2702", limit, ">", sp.Rational(72702, 10000) ** 2)

    d.say("Nothing is left over where every gradient is the last one times beta1/beta2, seen backwards: the bound is reached.")
    m_sum = (1 - beta1) * (1 - r**t) / (1 - r)
    v_sum = (1 - beta2) * (1 - r**t) / (1 - r)
    s = beta2 / beta1
    d.equal("the next m, if the gradient has grown to 1", adam(m=m_sum / s, v=0, g=1)["m"].subs(beta2, beta1**2 / r), m_sum.subs(t, t + 1), "powers")
    d.equal("the next v", adam(m=0, v=v_sum / s**2, g=1)["v"].subs(beta1, sp.sqrt(r * beta2)), v_sum.subs(t, t + 1), "powers")
    d.equal("then m^2 is K v", m_sum**2, closed * v_sum, "powers")

    d.say("A run of the shipped rule at its defaults (eps = 0) on 4000 such gradients:")
    found = certified(_last_step)
    last = Fraction(found.values[0])
    for relation, bound_there, told in ((">", "7.1", "above"), ("<", "7.2703", "below")):
        name = f"the last step is {told} {bound_there} eta"
        d.measured(name, "last step / eta", last, relation, Fraction(bound_there), digits=found.precision, certified=found.is_certified)


def _last_step(numbers: Any, digits: int) -> list[Any]:
    ratio, steps = BETA2 / BETA1, 4000
    gradients = [[ratio ** (i - steps) if i > steps - 400 else Fraction(0)] for i in range(steps)]
    hyper = {"lr": Fraction(1), "beta1": BETA1, "beta2": BETA2, "eps": Fraction(0)}
    gradients[0] = [Fraction(1, 10**60)]  # a gradient of 0 would be divided by 0
    made = open_loop(catalogue.rule("adam"), hyper=hyper, theta0=[Fraction(0)], gradients=gradients, numbers=numbers, digits=digits)
    return [made[-2].theta[0] - made[-1].theta[0]]


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The length of each step of the shipped rule: gradients that grow as the proof says, constant ones, and one that comes alone."""
    adam, steps = catalogue.rule("adam"), 1500
    growing = [(BETA2 / BETA1) ** t for t in range(steps)]
    runs = {"gradients that grow by beta2/beta1": growing, "constant gradients": [Fraction(1)] * steps,
            "one gradient, then none": [Fraction(1)] + [Fraction(0)] * (steps - 1)}  # fmt: skip
    curves = []
    for name, gradients in runs.items():
        made = open_loop(adam, hyper=adam.values({"lr": "1", "eps": "1e-30"}), theta0=[Fraction(0)], gradients=[[g] for g in gradients], digits=40)
        places = [0.0, *(float(s.theta[0]) for s in made)]
        curves.append(curve(name, [abs(b - a) for a, b in pairwise(places)], 1))
    limit = float((1 - BETA1) ** 2 / ((1 - BETA2) * (1 - BETA1**2 / BETA2))) ** 0.5
    curves.append(curve("the bound", [limit] * steps, 1, dashed=True))
    return (Picture("No step is longer than 7.27 eta", "update", "length of the step / eta", tuple(curves), y_range=(0, 8)),)

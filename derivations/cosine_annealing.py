"""Cosine annealing: its ends, its mean, its recursion

Half a cosine from the first rate to the last: it never rises, spends as much above the middle as below it, and PyTorch's recursion is the
closed form.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2017", "equation (5)", "arXiv:1608.03983"),)
CLAIM = "`eta_max` at `k = 0`, `eta_min` at `k = T`, falling between, mean `(eta_max + eta_min)/2`; closed form = recursion"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """From the shipped closed form."""
    low, more = d.nonnegative("eta_min"), d.positive("delta")
    high = low + more
    period = d.integer("T")
    letters = {"lr": high, "lr_min": low, "period": period}
    d.say("With `delta = eta_max - eta_min`. The reference stays at its last rate after T, the variant of PyTorch rises again; up to T they are one:")
    reference, periodic = d.schedule(catalogue.schedule("cosine_annealing"), **letters), d.schedule(catalogue.schedule("cosine_annealing/periodic"), **letters)
    k, j = d.integer("k", 0), d.integer("j", 0)
    before = {period: k + j}
    d.suppose(sp.Ge(k + j, 1))
    d.equal("up to T (T = k + j)", reference(k).subs(before), periodic(k).subs(before), "trig")
    d.equal("after T", reference(period + j), low, "trig")

    d.say("Its values:")
    d.equal("at the start", periodic(0), high, "trig")
    d.equal("at the end", periodic(period), low, "trig")
    d.equal("half way", periodic(period / 2), (high + low) / 2, "trig")
    x = d.between("x", 0, period)
    slope = sp.diff(periodic(sp.Symbol("k", integer=True, nonnegative=True)).subs(sp.Symbol("k", integer=True, nonnegative=True), x), x)
    d.compare("it falls all the way", slope, "<", 0, known={sp.sin(sp.pi * x / period): (0, 1)})

    d.say("Its mean, over the curve and over the steps: k and T - k always make up the same sum.")
    d.equal("the mean of the curve", sp.integrate(periodic(x), (x, 0, period)) / period, (high + low) / 2, "trig")
    d.equal("steps k and T - k", periodic(k) + periodic(period - k), high + low, "trig", why="so the mean over k = 0 ... T is half of that")
    for length in (4, 7):
        steps = [periodic(sp.Integer(i)).subs(period, length) for i in range(length + 1)]
        d.equal(f"written out for T = {length}", sp.Add(*steps) / (length + 1), (high + low) / 2, "simplify")

    d.say("The recursion, from step k to k + 1 (before the end, where it would divide by 0):")
    d.suppose(sp.Lt(k + 1, period))
    cases = reference.cases(k + 1, periodic(k))
    d.equal("is the closed form", cases[0][0], periodic(k + 1), "trig")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The reference and the variant, exactly."""
    from refopt.exact.run import rates

    curves = []
    for name in ("cosine_annealing", "cosine_annealing/periodic"):
        schedule = catalogue.schedule(name)
        values = rates(schedule, schedule.values({"lr": 1, "lr_min": "0.1", "period": 60}), range(151), digits=30)
        curves.append(curve(name, [float(x) for x in values], dashed="/" in name))
    return (Picture("After the period the two part", "step k", "rate", tuple(curves)),)

"""A constant rate leaves a noise floor; only decay of the rate lowers it

With noisy gradients plain descent does not settle: it fluctuates about the minimum with a variance in proportion to the rate. Momentum at the
same speed has the same floor. A high rate forgets the start fast, a low one fluctuates little: that is what a schedule is for.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Robbins & Monro 1951", "section 2, the conditions on the rate", "doi:10.1214/aoms/1177729586"),
          Source("Bottou et al. 2018", "theorem 4.6", "arXiv:1606.04838"))  # fmt: skip
CLAIM = "`E theta^2 -> eta sigma^2/(lambda (2 - eta lambda))` at a constant rate; `-> 0` with `eta_t = 1/(lambda t)`"


def _mean(square: Any, noise: Any, sigma: Any, moments: dict[Any, Any]) -> Any:
    """The mean of a quadratic in the noise and the state: the noise has mean 0, variance sigma^2, and is independent of the state."""
    expanded = sp.expand(square)
    quiet = expanded.coeff(noise, 0) + expanded.coeff(noise, 2) * sigma**2
    return sp.expand(quiet).subs(moments)


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Second moments of the shipped rules on a quadratic with noise."""
    eta, curvature, sigma = d.positive("eta"), d.positive("lambda"), d.positive("sigma")
    theta, noise = d.real("theta"), d.real("xi")
    sgd = d.rule(catalogue.rule("sgd"), lr=eta)
    d.say("The gradient is `lambda theta + xi`, the noise xi with mean 0 and variance sigma^2, independent of theta. "
          "Squared and averaged, with `S = E theta^2`:")  # fmt: skip
    moved = sgd(theta=theta, g=curvature * theta + noise)["theta"]
    spread = d.nonnegative("S")
    after = _mean(moved**2, noise, sigma, {theta**2: spread})
    d.equal("the spread after a step", after, (1 - eta * curvature) ** 2 * spread + eta**2 * sigma**2, "expand")
    floor = eta * sigma**2 / (curvature * (2 - eta * curvature))
    d.equal("the floor stays what it is", after.subs(spread, floor), floor)
    t, start = d.integer("t"), d.nonnegative("S_0")
    q = d.between("q", 0, 1)
    n, sequence = sp.Symbol("n", integer=True, nonnegative=True), sp.Function("S")
    solved = sp.rsolve(sequence(n + 1) - q * sequence(n) - eta**2 * sigma**2, sequence(n), {sequence(0): start})
    closed = eta**2 * sigma**2 / (1 - q) + q**t * (start - eta**2 * sigma**2 / (1 - q))
    d.say("With `q = (1 - eta lambda)^2`, the recursion is solved and goes to the floor from any start:")
    d.equal("solved by rsolve", solved.subs(n, t), closed, "powers")
    d.limit("in the end", closed, t, sp.oo, eta**2 * sigma**2 / (1 - q))
    d.equal("which is the floor", (eta**2 * sigma**2 / (1 - q)).subs(q, (1 - eta * curvature) ** 2), floor)

    d.say("A high rate early, a low rate late. For rates between 0 and 1/lambda, `eta = a`:")
    a = d.between("a", 0, 1 / curvature)
    d.compare("a higher rate forgets the start faster", sp.diff((1 - a * curvature) ** 2, a), "<", 0)
    d.compare("and has a higher floor", sp.diff(floor.subs(eta, a), a), ">", 0)
    half = floor.subs(eta, a) - floor.subs(eta, a / 2)
    d.compare("half the rate lowers the floor", half, ">", 0)

    d.say("Momentum does not lower it. The shipped rule with the same noise; u, c, w are E theta^2, E theta v, E v^2:")
    gamma, v = d.between("gamma", 0, 1), d.real("v")
    u, c, w = d.real("u"), d.real("c"), d.real("w")
    ball = d.rule(catalogue.rule("momentum"), lr=eta, momentum=gamma)
    new = ball(theta=theta, v=v, g=curvature * theta + noise)
    moments = {theta**2: u, theta * v: c, v**2: w}
    products = {"theta^2": (new["theta"] ** 2, u), "theta v": (new["theta"] * new["v"], c), "v^2": (new["v"] ** 2, w)}
    equations = {name: (_mean(x, noise, sigma, moments), y) for name, (x, y) in products.items()}
    found = sp.solve([x - y for x, y in equations.values()], [u, c, w], dict=True)[0]
    for name, (x, y) in equations.items():
        d.equal(f"at the floor E {name} stays", x.subs(found), y.subs(found))
    d.say("Both roots of the heavy ball lie within the unit circle, so that every start ends there (refopt derive heavy_ball).")
    heavy = eta * sigma**2 * (1 + gamma) / (curvature * (1 - gamma) * (2 * (1 + gamma) - eta * curvature))
    d.equal("the floor of momentum", found[u], heavy)
    s = d.between("s", 0, 2)
    ratio = (heavy / floor).subs(eta, s / curvature)
    d.same_sign("at the same rate it is higher while eta lambda < 1 + gamma", ratio - 1, 1 + gamma - s, why="s = eta lambda < 2, where both are stable")
    small = d.positive("x")
    same_speed = (heavy / floor.subs(eta, eta / (1 - gamma))).subs(eta, small / curvature)
    d.limit("at the same effective rate eta/(1 - gamma) it is the same for small rates", same_speed, small, 0, 1, why="x = eta lambda")

    d.say("Only decay does. With the rate `1/(lambda t)` at update t, from any start:")
    falling = d.rule(catalogue.rule("sgd"))
    first = _mean(falling(theta=theta, g=curvature * theta + noise, lr=1 / curvature)["theta"] ** 2, noise, sigma, {theta**2: spread})
    d.equal("the first update forgets the start", first, sigma**2 / curvature**2)

    def one_more(x: Any, n: Any) -> Any:
        rate = 1 / (curvature * (n + 1))
        return _mean(falling(theta=theta, g=curvature * theta + noise, lr=rate)["theta"] ** 2, noise, sigma, {theta**2: x})

    decayed = d.induction("the spread after t updates", over=t, first=1, start=first, advance=one_more,
                          closed=lambda n: sigma**2 / (curvature**2 * n), called=sp.Function("S")(t))  # fmt: skip
    d.limit("it settles", decayed, t, sp.oo, 0)


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """E theta^2 by the recursion of the shipped rule, lambda = sigma = 1, under the shipped schedules."""
    from refopt.derivation import Update
    from refopt.exact.run import rates

    step, theta, noise = Update(catalogue.rule("sgd"), {}), sp.Symbol("theta", real=True), sp.Symbol("xi", real=True)
    steps, rate, spread = 200, sp.Symbol("eta"), sp.Symbol("S")
    after = sp.lambdify((rate, spread), _mean(step(theta=theta, g=theta + noise, lr=rate)["theta"] ** 2, noise, sp.Integer(1), {theta**2: spread}))

    def shipped(name: str, **hyper: str) -> list[float]:
        schedule = catalogue.schedule(name)
        return [float(x) for x in rates(schedule, schedule.values(hyper), range(steps), digits=30)]

    schedules = {
        "constant 1/5": shipped("constant", lr="0.2"),
        "constant 1/50": shipped("constant", lr="0.02"),
        "step decay, 1/4 every 40": shipped("step_decay", lr="0.2", factor="0.25", every="40"),
        "cosine annealing": shipped("cosine_annealing", lr="0.2", lr_min="0", period=str(steps)),
        "1/t": [1 / (k + 1) for k in range(steps)],
    }
    curves = []
    for name, each in schedules.items():
        values = [100.0]
        for eta in each:
            values.append(float(after(eta, values[-1])))
        curves.append(curve(name, values))
    return (Picture("The noise floor with and without decay of the rate", "update t", "E theta^2 (lambda = sigma = 1)", tuple(curves), log_y=True),)

"""RMSProp and Adam do not feel the scale of the gradient, and rare features get larger steps

Each parameter has a rate of its own: the gradient is measured against the size of its own past. Multiply a loss by 1000 and nothing
changes; a feature that is seen seldom is moved further each time.
"""

from __future__ import annotations

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "section 2.1", "arXiv:1412.6980"),
          Source("Tieleman & Hinton 2012", "lecture 6e", "COURSERA: Neural Networks for Machine Learning"),
          Source("Duchi et al. 2011", "a rate for each parameter from the history of its gradients", "jmlr.org/papers/v12/duchi11a"))  # fmt: skip
CLAIM = (
    "with `eps = 0`: `g -> c g` gives `m -> c m`, `v -> c^2 v` and the same `theta`; "
    "a gradient of period `k` moves `theta` by `eta sqrt((1 - rho^k)/(1 - rho))`"
)


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Equivariance of one update, then a feature of period k."""
    eta, c = d.positive("eta"), d.positive("c")
    theta, m, g = d.real("theta"), d.real("m"), d.real("g", nonzero=True)
    v, t = d.nonnegative("v"), d.integer("t")
    beta1, beta2, rho = (d.between(x, 0, 1) for x in ("beta_1", "beta_2", "rho"))
    p, q = d.between("p", 0, 1), d.between("q", 0, 1)
    corrected = {beta1**t: 1 - p, beta2**t: 1 - q}

    rmsprop = d.rule(catalogue.rule("rmsprop"), lr=eta, rho=rho, eps=0)
    plain, scaled = rmsprop(theta=theta, v=v, g=g), rmsprop(theta=theta, v=c**2 * v, g=c * g)
    d.equal("RMSProp: the start", rmsprop.start()["v"], c**2 * rmsprop.start()["v"], why="0 is the only start that has no scale")
    d.equal("RMSProp: the mean square", scaled["v"], c**2 * plain["v"], "expand")
    d.equal("RMSProp: theta", scaled["theta"], plain["theta"], "roots")

    adam = d.rule(catalogue.rule("adam"), lr=eta, beta1=beta1, beta2=beta2, eps=0)
    d.say("Adam, with `p = 1 - beta1^t` and `q = 1 - beta2^t`:")
    plain, scaled = ({k: x.xreplace(corrected) for k, x in adam(theta=theta, m=a * m, v=a**2 * v, g=a * g, t=t).items()} for a in (sp.Integer(1), c))
    for state, scale in (("m", c), ("v", c**2)):
        d.equal(f"Adam: the start of {state}", adam.start()[state], scale * adam.start()[state])
    d.equal("Adam: the first moment", scaled["m"], c * plain["m"], "expand")
    d.equal("Adam: the second moment", scaled["v"], c**2 * plain["v"], "expand")
    d.equal("Adam: theta", scaled["theta"], plain["theta"], "roots")

    a = d.positive("a")
    for side, told in ((a, "above"), (-a, "below")):
        d.equal(f"so the first step is eta, against a gradient {told} 0", adam(theta=theta, m=0, v=0, g=side, t=1)["theta"], theta - eta * side / a, "roots")

    d.say("Plain descent does feel it, and so does Adam where eps is not 0:")
    sgd = d.rule(catalogue.rule("sgd"), lr=eta)
    d.equal("plain descent's step grows by c", sgd(theta=theta, g=c * g)["theta"], theta - c * eta * g, "expand")
    d.differ("plain descent", sgd(theta=theta, g=c * g)["theta"], sgd(theta=theta, g=g)["theta"], {eta: sp.Rational(1, 10), theta: 1, g: 1, c: 1000})
    eps = d.positive("epsilon")
    near = d.rule(catalogue.rule("adam"), lr=eta, beta1=beta1, beta2=beta2, eps=eps)
    first = [near(theta=theta, m=0, v=0, g=a * g, t=1)["theta"] for a in (sp.Integer(1), c)]
    nine = sp.Rational(9, 10)
    d.differ("Adam with eps = 10^-8 and gradients as small", first[1], first[0],
             {eta: 1, beta1: nine, beta2: sp.Rational(999, 1000), eps: sp.Rational(1, 10**8), theta: 0, g: sp.Rational(1, 10**8), c: 1000})  # fmt: skip

    d.say("A feature that is seen every k-th update, with a gradient of size c. Between, RMSProp's mean square only decays. With `r = rho^(k-1)`, the mean "
          "square is `V = (1 - rho) c^2/(1 - rho r)` after every sighting:")  # fmt: skip
    k, r, off = d.integer("k"), d.between("r", 0, 1), d.nonnegative("h")
    unseen = rmsprop(theta=theta, v=v, g=0)
    d.equal("an update without it", unseen["v"], rho * v)
    d.equal("and theta does not move", unseen["theta"], theta)
    steady = (1 - rho) * c**2 / (1 - rho * r)
    seen = rmsprop(theta=theta, v=r * steady, g=c)
    d.equal("V after a period is V again", seen["v"], steady)
    beside = rmsprop(theta=theta, v=r * (steady + off), g=c)
    d.equal("a difference h shrinks by rho^k", beside["v"] - steady, rho * r * off)
    d.equal(
        "so at a sighting theta moves by", theta - seen["theta"], eta * sp.sqrt((1 - rho * r) / (1 - rho)), "roots", why="rho r = rho^k; the size c is gone"
    )
    square = (1 - rho**k) / (1 - rho)
    d.equal("seen at every update it moves by eta", square.subs(k, 1), 1)
    d.equal("the square of the move, one update rarer", square.subs(k, k + 1) - square, rho**k, "powers")
    d.compare("is always more", rho**k, ">", 0, known={rho**k: (0, 1)})
    d.limit("seen once in a blue moon", square, k, sp.oo, 1 / (1 - rho), why="sqrt(10) = 3.16 times as far at rho = 0.9")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The move at a sighting by the shipped rule, once it is periodic."""
    from refopt.derivation import Update

    curves = []
    for decay in ("0.9", "0.99"):
        step, moves = Update(catalogue.rule("rmsprop"), {"lr": 1, "rho": sp.Float(decay, 30), "eps": 0}), []
        for k in range(1, 41):
            rho = sp.Float(decay, 30)
            v = (1 - rho) / (1 - rho**k)
            moves.append(float(-step(theta=0, v=v * rho ** (k - 1), g=1)["theta"]))
        curves.append(curve(f"rho = {decay}", moves, 1))
    return (Picture("How far a feature moves when it is seen", "it is seen every k-th update", "move / eta", tuple(curves)),)

"""Adam contains the others

Adam is momentum's moving average over RMSProp's root. Special values of its hyperparameters give RMSProp and sign descent back.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from refopt import catalogue
from refopt.derivation import Derivation, Picture, Source
from refopt.derivation.picture import curve
from refopt.exact.run import open_loop

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Kingma & Ba 2015", "section 5", "arXiv:1412.6980"), Source("Bernstein et al. 2018", "section 3", "arXiv:1802.04434"))
CLAIM = "`beta1 = 0` is RMSProp; `beta1 = beta2 = eps = 0` is sign descent; `m` is dampened momentum, `v` is RMSProp's mean square"


# ---- derivation --------------------------------------------------------------------------------------------------
def derive(d: Derivation) -> None:
    """Special values put into the shipped rules."""
    eta, eps = d.positive("eta"), d.positive("epsilon")
    beta1, beta2, t = d.between("beta_1", 0, 1), d.between("beta_2", 0, 1), d.integer("t")
    p, q = d.between("p", 0, 1), d.between("q", 0, 1)
    named = {beta1**t: 1 - p, beta2**t: 1 - q}
    theta, m, g, v = d.real("theta"), d.real("m"), d.real("g"), d.nonnegative("v")
    adam = d.rule(catalogue.rule("adam"), lr=eta)
    rmsprop = d.rule(catalogue.rule("rmsprop"))
    whole = adam(theta=theta, m=m, v=v, g=g, t=t, beta1=beta1, beta2=beta2, eps=eps)

    d.say("Its parts:")
    dampened = d.rule(catalogue.rule("momentum/dampened"), lr=eta)
    moved = dampened(theta=theta, v=m, g=g, momentum=beta1, dampening=beta1)
    d.equal("m is the velocity of dampened momentum", whole["m"], moved["v"], "expand")
    d.equal("which moves theta by eta m", moved["theta"], theta - eta * whole["m"], "expand")
    d.equal("v is RMSProp's mean square", whole["v"], rmsprop(v=v, g=g, rho=beta2)["v"], "expand")

    d.say("Without the first moment, beta1 = 0:")
    uncorrected = d.rule(catalogue.rule("adam/uncorrected"), lr=eta)
    d.equal("uncorrected it is RMSProp", uncorrected(theta=theta, m=m, v=v, g=g, beta1=0, beta2=beta2, eps=eps)["theta"],
            rmsprop(theta=theta, v=v, g=g, lr=eta, rho=beta2, eps=eps)["theta"], "roots")  # fmt: skip
    zero = adam(theta=theta, m=m, v=v, g=g, t=t, beta1=0, beta2=beta2, eps=eps)["theta"].xreplace(named)
    scaled = rmsprop(theta=theta, v=v, g=g, lr=eta * sp.sqrt(q), rho=beta2, eps=eps * sp.sqrt(q))["theta"]
    d.equal("corrected it is RMSProp with eta sqrt(q) and eps sqrt(q), q = 1 - beta2^t", zero, scaled, "roots")

    d.say("Without any memory, beta1 = beta2 = eps = 0, for a gradient of size a on either side:")
    a = d.positive("a")
    for sign, told in ((1, "above 0"), (-1, "below 0")):
        bare = adam(theta=theta, m=m, v=v, g=sign * a, t=t, beta1=0, beta2=0, eps=0)["theta"]
        d.equal(f"a gradient {told}", bare, theta - sign * eta, "roots", why="a step of length eta, whatever a")

    d.say("Its relatives contain it, with `p = 1 - beta1^t` and `q = 1 - beta2^t`:")
    decay = d.rule(catalogue.rule("adamw"), lr=eta)
    own = whole["theta"].xreplace(named)
    without = decay(theta=theta, m=m, v=v, g=g, t=t, beta1=beta1, beta2=beta2, eps=eps, weight_decay=0)["theta"]
    d.equal("AdamW without decay is Adam", without.xreplace(named), own, "roots")
    most = d.rule(catalogue.rule("amsgrad"), lr=eta)
    less, moment = d.between("w", 0, 1), whole["v"]
    largest = most(theta=theta, m=m, v=v, v_max=less * moment, g=g, t=t, beta1=beta1, beta2=beta2, eps=eps)["theta"].xreplace(named)
    d.compare("AMSGrad's maximum is v while v has not fallen", moment, ">=", less * moment)
    d.equal("and then it is Adam", largest.xreplace({sp.Max(less * moment, moment): moment}), own, "roots")
    momentum, sgd = d.rule(catalogue.rule("momentum"), lr=eta), d.rule(catalogue.rule("sgd"), lr=eta)
    d.equal("momentum with gamma = 0 is plain descent", momentum(theta=theta, v=m, g=g, momentum=0)["theta"], sgd(theta=theta, g=g)["theta"], "expand")


# ---- pictures ----------------------------------------------------------------------------------------------------
def pictures() -> tuple[Picture, ...]:
    """The shipped rules with the same gradients, which change size and sign: Adam with special values goes where the others go."""
    gradients = [Fraction(3 if t % 10 < 6 else -1, 1 + t % 4) for t in range(40)]
    runs = (("adam, beta1 = 0, uncorrected", "adam/uncorrected", {"beta1": "0", "beta2": "0.9"}, False), ("rmsprop", "rmsprop", {"rho": "0.9"}, True),
            ("adam, beta1 = beta2 = 0, eps = 1e-30: the sign", "adam", {"beta1": "0", "beta2": "0", "eps": "1e-30"}, False),
            ("adam", "adam", {"beta2": "0.9"}, False))  # fmt: skip
    curves = []
    for told, name, hyper, dashed in runs:
        rule = catalogue.rule(name)
        made = open_loop(rule, hyper=rule.values({"lr": "0.1", **hyper}), theta0=[Fraction(0)], gradients=[[g] for g in gradients], digits=40)
        curves.append(curve(told, [0.0, *(float(s.theta[0]) for s in made)], dashed=dashed))
    return (Picture("The same gradients, special values of Adam", "update", "theta", tuple(curves)),)

"""Sophia: m <- beta1*m + (1 - beta1)*g; h <- beta2*h + (1 - beta2)*hessian at every k-th update from the first one on;
theta <- theta - lr*weight_decay*theta - lr*clip(m/max(gamma*h, eps), 1).

The diagonal of the Hessian is an input: how it is estimated is no part of the rule, and it is looked at in every k-th update only.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import WEIGHT_DECAY
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, weight_decay
from refopt.language.expression import Kind, equal, g, maximum, minimum, modulo, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.input import Input, InputRole
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Liu et al. 2023", "Algorithm 3", "arXiv:2305.14342"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
gamma, interval = scalar("gamma", r"\gamma", sign="nonnegative"), scalar("interval", "k", sign="positive", kind=Kind.INTEGER)
HYPER = (
    LR_ADAPTIVE,
    Hyper(beta1, "0.965", (beta1 >= 0, beta1 < 1), Role.DECAY, "decay of the mean", "at 1 no gradient would enter the mean"),
    Hyper(beta2, "0.99", (beta2 >= 0, beta2 < 1), Role.DECAY, "decay of the Hessian's mean", "at 1 no Hessian would enter the mean"),
    Hyper(gamma, "0.01", gamma >= 0, Role.FACTOR, "what the Hessian is multiplied by", "the step would be held by eps alone"),
    replace(EPS, default="1e-12"),
    Hyper(interval, "10", interval >= 1, Role.COUNT, "updates from one Hessian to the next", "there would be none"),
    WEIGHT_DECAY,
)

# ---- inputs ------------------------------------------------------------------------------------------------------
hessian = tensor("hessian", r"\hat h")
INPUTS = (Input(hessian, InputRole.HESSIAN_DIAGONAL, "an estimate of the diagonal of the Hessian at theta"),)

# ---- state -------------------------------------------------------------------------------------------------------
h = tensor("h")
STATE = (State(m, 0, "mean of the gradients"), State(h, 0, "mean of the Hessian's diagonal"))

# ---- steps -------------------------------------------------------------------------------------------------------
d = tensor("d")
STEPS = (
    Let(m, beta1 * m + (1 - beta1) * g),
    Let(h, where(equal(modulo(t - 1, interval), 0), beta2 * h + (1 - beta2) * hessian, h)),
    Let(d, m / maximum(gamma * h, eps)),
    Let(theta, theta - lr * weight_decay * theta - lr * maximum(-1, minimum(1, d))),
)

SOPHIA = Rule(
    "sophia", "a mean of gradients over a mean of the Hessian's diagonal, clipped",
    SOURCE, HYPER, STATE, STEPS, inputs=INPUTS,
    notes=("t mod k = 1 in the paper, which no update is at k = 1: meant is every k-th update from the first one on",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

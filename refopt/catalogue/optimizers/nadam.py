"""NAdam: Adam with Nesterov's momentum, whose share mu grows from update to update.

mu <- beta1*(1 - 0.5*0.96^(t*momentum_decay)), mu_next the same of t + 1; mu_product <- mu_product*mu; Adam's moments;
theta <- theta - lr*((1 - mu)/(1 - mu_product)*g + mu_next/(1 - mu_product*mu_next)*m)/(sqrt(v_hat) + eps).
The product of the shares is one number for the whole tensor.
"""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, STATE, why
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v, v_hat
from refopt.language.expression import g, literal, scalar, sqrt, t, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
DOZAT = "openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ"
SOURCE = (Source("Dozat 2016", "Algorithm 2, with a schedule of momenta", DOZAT),)
CONSTANT = (Source("Dozat 2016", "Algorithm 2, a constant momentum", DOZAT),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
psi = scalar("momentum_decay", r"\psi", sign="nonnegative")
PSI = Hyper(psi, "0.004", psi >= 0, Role.EXPONENT, "how soon the momentum grows to beta1", "the momentum would fall below beta1/2",
            Samples("0.00390625", "8", None, "-0.5", ("1",)))  # fmt: skip
HYPER_CONSTANT = tuple(replace(h, default="0.002") if h.role is Role.RATE else h for h in why(HYPER, "nadam"))
HYPER_NADAM = (*HYPER_CONSTANT, PSI)

# ---- state -------------------------------------------------------------------------------------------------------
mu_product = scalar("mu_product", r"\mu^{\Pi}", sign="nonnegative")
STATE_NADAM = (*STATE, State(mu_product, 1, "product of the momenta so far"))

# ---- steps -------------------------------------------------------------------------------------------------------
mu, mu_next = scalar("mu", r"\mu_t", sign="nonnegative"), scalar("mu_next", r"\mu_{t+1}", sign="nonnegative")
STEPS = (
    Let(mu, beta1 * (1 - literal("0.5") * literal("0.96") ** (t * psi))),
    Let(mu_next, beta1 * (1 - literal("0.5") * literal("0.96") ** ((t + 1) * psi))),
    Let(mu_product, mu_product * mu),
    *MOMENTS,
    Let(v_hat, v / (1 - beta2**t)),
    Let(theta, theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product * mu_next) * m) / (sqrt(v_hat) + eps)),
)

NADAM = Rule(
    "nadam", "Adam with Nesterov momentum of a growing share",
    SOURCE, HYPER_NADAM, STATE_NADAM, STEPS,
    used_by=("torch", "keras, momentum_decay = 1"),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
CONSTANT_MOMENTUM = Rule(
    "nadam/constant_momentum", "NAdam with beta1 for every momentum",
    CONSTANT, HYPER_CONSTANT, STATE,
    (
        *MOMENTS,
        CORRECTIONS[1],
        Let(theta, theta - lr * (beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)) / (sqrt(v_hat) + eps)),
    ),
    differs="the momentum is beta1 at every update", used_by=("optax",),
)  # fmt: skip
ONE_CORRECTION = Rule(
    "nadam/one_correction", "NAdam with beta1 for every momentum, moment and gradient corrected alike",
    CONSTANT, HYPER_CONSTANT, STATE,
    (
        *MOMENTS,
        CORRECTIONS[1],
        Let(theta, theta - lr * (beta1 * m + (1 - beta1) * g) / (1 - beta1**t) / (sqrt(v_hat) + eps)),
    ),
    differs="beta1 at every update; both terms are divided by 1 - beta1^t", used_by=("timm",),
)  # fmt: skip
VARIANTS = (CONSTANT_MOMENTUM, ONE_CORRECTION)

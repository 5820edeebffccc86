"""NAdam: Adam with Nesterov momentum whose share changes from update to update; the product of the shares is one number, not one an element."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import BETA1, BETA2, MOMENTS, STATE
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v
from refopt.language.expression import g, literal, scalar, sqrt, t, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Dozat 2016", "Algorithm 2, with the schedule of momenta that it proposes", "ICLR 2016 workshop"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
psi = scalar("momentum_decay", r"\psi", sign="nonnegative")
PSI = Hyper(psi, "0.004", psi >= 0, Role.EXPONENT, "how soon the momentum grows to beta1", given=Samples("0.00390625", "0.25", None, "-0.5"))

# ---- state -------------------------------------------------------------------------------------------------------
product = scalar("mu_product", r"\mu^{\Pi}", sign="nonnegative")

# ---- steps -------------------------------------------------------------------------------------------------------
mu, mu_next = scalar("mu", r"\mu_t", sign="nonnegative"), scalar("mu_next", r"\mu_{t+1}", sign="nonnegative")
d = tensor("d", sign="nonnegative")
OWN_NADAM = Rule(
    "own_nadam", "Adam with Nesterov momentum of a changing share",
    SOURCE, (LR_ADAPTIVE, BETA1, BETA2, EPS, PSI), (*STATE, State(product, 1, "product of the momenta so far")),
    (
        Let(mu, beta1 * (1 - literal("0.5") * literal("0.96") ** (t * psi))),
        Let(mu_next, beta1 * (1 - literal("0.5") * literal("0.96") ** ((t + 1) * psi))),
        Let(product, product * mu),
        *MOMENTS,
        Let(d, sqrt(v / (1 - beta2**t)) + eps),
        Let(theta, theta - lr * (1 - mu) / (1 - product) * g / d - lr * mu_next / (1 - product * mu_next) * m / d),
    ),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

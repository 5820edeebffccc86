"""Adadelta: s <- rho*s + (1 - rho)*g^2; d <- sqrt(u + eps)/sqrt(s + eps)*g; u <- rho*u + (1 - rho)*d^2; theta <- theta - lr*d."""

from __future__ import annotations

from dataclasses import replace

from refopt.catalogue.optimizers.rmsprop import EPS, RHO
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import d, eps, lr, rho, s, u
from refopt.language.expression import g, sqrt, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Zeiler 2012", "Algorithm 1, times a rate that is 1 there", "arXiv:1212.5701"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LR_ADADELTA = replace(LR, default="1")
EPS_ADADELTA = replace(EPS, default="1e-6")
HYPER = (LR_ADADELTA, RHO, EPS_ADADELTA)

# ---- state -------------------------------------------------------------------------------------------------------
STATE = (State(s, 0, "mean square of the gradient"), State(u, 0, "mean square of the step"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    Let(s, rho * s + (1 - rho) * g**2),
    Let(d, sqrt(u + eps) / sqrt(s + eps) * g),
    Let(u, rho * u + (1 - rho) * d**2),
    Let(theta, theta - lr * d),
)

ADADELTA = Rule(
    "adadelta", "steps in the units of the parameters: as long as the last ones were",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("torch", "optax", "keras"),
    notes=("at lr = 1 scaling all gradients changes nothing (eps = 0)",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

"""Optimistic gradient descent: theta <- theta - lr*((alpha + beta)*g - beta*g_before); g_before <- g. At t = 1 g_before is g."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Mokhtari, Ozdaglar & Pattathil 2020", "generalized OGDA, its steps alpha and beta times lr", "arXiv:1901.08511"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
alpha, beta = scalar("alpha", r"\alpha", sign="nonnegative"), scalar("beta", r"\beta", sign="nonnegative")
ALPHA = Hyper(alpha, "1", alpha >= 0, Role.FACTOR, "weight of the gradient", "the step would climb", Samples("0.5", "2", None, "-1"))
BETA = Hyper(beta, "1", beta >= 0, Role.FACTOR, "weight of the change of the gradient", "the change would be taken the wrong way round",
             Samples("0.75", "0.5", None, "-1"))  # fmt: skip
HYPER = (LR, ALPHA, BETA)

# ---- state -------------------------------------------------------------------------------------------------------
before = tensor("g_before", "g_{t-1}")
STATE = (State(before, 0, "the gradient before"),)

# ---- steps -------------------------------------------------------------------------------------------------------
d = tensor("d")
STEPS = (
    Let(d, where(t > 1, before, g)),
    Let(theta, theta - lr * ((alpha + beta) * g - beta * d)),
    Let(before, g),
)

OPTIMISTIC_GD = Rule(
    "optimistic_gd", "gradient descent that guesses the next gradient from the last change",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("optax",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

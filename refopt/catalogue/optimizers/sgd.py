"""Gradient descent: theta <- theta - lr*g.

g is the gradient of the whole loss (batch), of one sample (stochastic) or of a few (mini-batch): the rule is the same.
"""

from __future__ import annotations

from refopt.catalogue.symbols import lr
from refopt.language.expression import g, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Robbins & Monro 1951", "section 2, the recursion", "doi:10.1214/aoms/1177729586"),
    Source("Cauchy 1847", "the method of descent", "Comptes rendus 25:536-538"),
)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
LR = Hyper(lr, "0.01", lr >= 0, Role.RATE, "step size", "a negative rate would climb")

# ---- state -------------------------------------------------------------------------------------------------------
STATE = ()

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (Let(theta, theta - lr * g),)

SGD = Rule(
    "sgd", "gradient descent: batch, stochastic or mini-batch",
    SOURCE, (LR,), STATE, STEPS,
    used_by=("torch", "optax", "keras", "sklearn"),
    notes=("stable on a quadratic of curvature lambda iff 0 < lr < 2/lambda | refopt derive ravine_zig_zag",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

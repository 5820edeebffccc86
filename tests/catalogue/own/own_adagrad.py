"""Adagrad with its sum of squares called `a`, which starts from a hyperparameter."""

from __future__ import annotations

from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import eps, lr
from refopt.language.expression import g, scalar, sqrt, tensor, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Duchi, Hazan & Singer 2011", "Figure 1, the diagonal case", "JMLR 12"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
s0 = scalar("s0", "s_0", sign="nonnegative")
S0 = Hyper(s0, "1e-1", s0 >= 0, Role.SHARE, "what the sum of squares starts from", given=Samples("0.125", "0.5", None, "-1"))

# ---- state -------------------------------------------------------------------------------------------------------
a = tensor("a", sign="nonnegative")

# ---- steps -------------------------------------------------------------------------------------------------------
OWN_ADAGRAD = Rule(
    "own_adagrad", "a rate for each element, falling with the sum of its squared gradients",
    SOURCE, (LR_ADAPTIVE, EPS, S0), (State(a, s0, "sum of the squared gradients"),),
    (Let(a, a + g**2), Let(theta, theta - lr * g / (sqrt(a) + eps))),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

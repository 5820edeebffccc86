"""signSGD: theta <- theta - lr*sign(g). sign(0) is 0."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, sign, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Bernstein et al. 2018", "Algorithm 1", "arXiv:1802.04434"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = (LR,)

# ---- state -------------------------------------------------------------------------------------------------------
STATE: tuple[State, ...] = ()

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (Let(theta, theta - lr * sign(g)),)

SIGN_SGD = Rule("sign_sgd", "a step of the same length in every element that has a gradient", SOURCE, HYPER, STATE, STEPS, used_by=("optax",))

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

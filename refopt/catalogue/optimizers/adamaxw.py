"""AdaMaxW: AdaMax with decoupled weight decay: theta <- theta - lr*weight_decay*theta - lr/(1 - beta1^t)*m/u."""

from __future__ import annotations

from refopt.catalogue.optimizers.adamax import ADAMAX
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.language.rule import Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
DECOUPLED = Source("Loshchilov & Hutter 2019", "Algorithm 2, decay times the scheduled rate, on AdaMax", "arXiv:1711.05101")
SOURCE = (*ADAMAX.source, DECOUPLED)
DECAYED = with_weight_decay(ADAMAX)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = DECAYED.hyper

# ---- state -------------------------------------------------------------------------------------------------------
STATE = ADAMAX.state

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = DECAYED.steps

ADAMAXW = Rule(
    "adamaxw", "AdaMax with decoupled weight decay",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("optax",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

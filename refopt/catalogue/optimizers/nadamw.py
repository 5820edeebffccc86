"""NAdamW: NAdam of a constant momentum with decoupled weight decay:
theta <- theta - lr*weight_decay*theta - lr*(beta1*m/(1 - beta1^(t+1)) + (1 - beta1)*g/(1 - beta1^t))/(sqrt(v_hat) + eps)."""

from __future__ import annotations

from refopt.catalogue.optimizers.nadam import CONSTANT_MOMENTUM
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.language.rule import Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
DECOUPLED = Source("Loshchilov & Hutter 2019", "Algorithm 2, decay times the scheduled rate, on NAdam", "arXiv:1711.05101")
SOURCE = (*CONSTANT_MOMENTUM.source, DECOUPLED)
DECAYED = with_weight_decay(CONSTANT_MOMENTUM)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER = DECAYED.hyper

# ---- state -------------------------------------------------------------------------------------------------------
STATE = CONSTANT_MOMENTUM.state

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = DECAYED.steps

NADAMW = Rule(
    "nadamw", "NAdam of a constant momentum with decoupled weight decay",
    SOURCE, HYPER, STATE, STEPS,
    used_by=("optax",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

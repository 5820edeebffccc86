"""AdamW: Adam's moments; theta <- theta - lr*weight_decay*theta - lr*m_hat/(sqrt(v_hat) + eps).

The decay is decoupled: it does not pass through the moments.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, STATE, WEIGHT_DECAY, why
from refopt.catalogue.symbols import eps, lr, m_hat, v_hat, weight_decay
from refopt.language.expression import sqrt, theta
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2019", "Algorithm 2, decay times the scheduled rate", "arXiv:1711.05101"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER_ADAMW = (*why(HYPER, "adamw"), WEIGHT_DECAY)

# ---- state -------------------------------------------------------------------------------------------------------
STATE_ADAMW = STATE

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (*MOMENTS, *CORRECTIONS, Let(theta, theta - lr * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)))

ADAMW = Rule(
    "adamw", "Adam with decoupled weight decay",
    SOURCE, HYPER_ADAMW, STATE_ADAMW, STEPS,
    used_by=("torch", "optax", "keras"),
    notes=("decoupled weight decay equals L2 for SGD, not for Adam | refopt derive decoupled_decay",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

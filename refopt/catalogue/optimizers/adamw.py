"""AdamW: Adam's moments; theta <- theta - lr*weight_decay*theta - lr*m_hat/(sqrt(v_hat) + eps).

The decay is decoupled: it does not pass through the moments.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, STATE, WEIGHT_DECAY, why
from refopt.catalogue.symbols import eps, lr, m_hat, v_hat, weight_decay
from refopt.language.expression import scalar, sqrt, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Loshchilov & Hutter 2019", "Algorithm 2, decay times the scheduled rate", "arXiv:1711.05101"),)
CORRECTED = (Source("Defazio 2025", "AdamC: the decay times lr_t^2/lr_max", "arXiv:2506.02285"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER_ADAMW = (*why(HYPER, "adamw"), WEIGHT_DECAY)
lr_max = scalar("lr_max", r"\eta_{\max}", sign="positive")
LR_MAX = Hyper(lr_max, "0.001", lr_max > 0, Role.FACTOR, "the largest rate of the schedule", "the decay would be divided by 0",
               Samples("0.001953125", "0.25", None, "-1"))  # fmt: skip

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
ADAMC = Rule(
    "adamw/adamc", "AdamW whose decay falls with the square of a scheduled rate",
    CORRECTED, (*HYPER_ADAMW, LR_MAX), STATE_ADAMW,
    (*MOMENTS, *CORRECTIONS, Let(theta, theta - lr**2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps))),
    differs="the decay is lr^2/lr_max times weight_decay", used_by=("timm, corrected_weight_decay=True",),
)  # fmt: skip
VARIANTS = (ADAMC,)

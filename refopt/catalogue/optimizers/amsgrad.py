"""AMSGrad: Adam's moments; v_max <- max(v_max, v);
theta <- theta - lr*(m/(1 - beta1^t))/(sqrt(v_max/(1 - beta2^t)) + eps).

The paper has no bias correction; this is the form with it, the maximum taken before the correction.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, STATE, why
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, m_hat, v, v_hat, v_max
from refopt.language.expression import maximum, sqrt, t, theta
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Reddi et al. 2018", "Algorithm 2, with Adam's bias correction", "arXiv:1904.09237"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER_AMSGRAD = why(HYPER, "amsgrad")

# ---- state -------------------------------------------------------------------------------------------------------
STATE_MAX = (*STATE, State(v_max, 0, "largest second moment so far"))

# ---- steps -------------------------------------------------------------------------------------------------------
STEPS = (
    *MOMENTS,
    Let(v_max, maximum(v_max, v)),
    Let(theta, theta - lr * (m / (1 - beta1**t)) / (sqrt(v_max / (1 - beta2**t)) + eps)),
)

AMSGRAD = Rule(
    "amsgrad", "Adam with the largest second moment so far",
    SOURCE, HYPER_AMSGRAD, STATE_MAX, STEPS,
    used_by=("torch", "keras"),
    notes=("others met it: pytorch/pytorch#142323",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
MAX_HAT = Rule(
    "amsgrad/max_hat", "AMSGrad with the maximum of the corrected moment",
    SOURCE, HYPER_AMSGRAD, STATE_MAX,
    (*MOMENTS, *CORRECTIONS, Let(v_max, maximum(v_max, v_hat)), Let(theta, theta - lr * m_hat / (sqrt(v_max) + eps))),
    differs="the maximum is taken after the bias correction", used_by=("optax",),
    notes=("others met it: google-deepmind/optax#1389",),
)  # fmt: skip
VARIANTS = (MAX_HAT,)

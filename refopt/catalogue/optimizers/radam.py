"""RAdam: momentum alone while the second moment knows too little, then Adam with a rectified step.

rho_inf <- 2/(1 - beta2) - 1; rho_t <- rho_inf - 2*t*beta2^t/(1 - beta2^t);
r <- sqrt((rho_t - 4)*(rho_t - 2)*rho_inf/((rho_inf - 4)*(rho_inf - 2)*rho_t)) where rho_t > 5;
theta <- theta - lr*where(rho_t > 5, r*m_hat*sqrt(1 - beta2^t)/(sqrt(v) + eps), m_hat).
Below, r is the root of a negative number: it is not formed.
"""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import CORRECTIONS, HYPER, MOMENTS, why
from refopt.catalogue.optimizers.adam import STATE as ADAM_STATE
from refopt.catalogue.symbols import beta2, eps, lr, m_hat, v, v_hat
from refopt.language.expression import scalar, sqrt, t, theta, where
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Liu et al. 2020", "Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v", "arXiv:1908.03265"),)
ON_V_HAT = (Source("Liu et al. 2020", "Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v_hat", "arXiv:1908.03265"),)
PAPER = (Source("Liu et al. 2020", "Algorithm 2, eps added to the root of v_hat", "arXiv:1908.03265"),)

# ---- hyperparameters ---------------------------------------------------------------------------------------------
HYPER_RADAM = why(HYPER, "radam")

# ---- state -------------------------------------------------------------------------------------------------------
STATE = ADAM_STATE

# ---- steps -------------------------------------------------------------------------------------------------------
rho_inf, rho, r = scalar("rho_inf", r"\rho_\infty"), scalar("rho_t", r"\rho_t"), scalar("r", "r_t")
LENGTHS = (Let(rho_inf, 2 / (1 - beta2) - 1), Let(rho, rho_inf - 2 * t * beta2**t / (1 - beta2**t)))
RECTIFIED = sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
STEPS = (
    *MOMENTS,
    *LENGTHS,
    Let(r, where(rho > 5, RECTIFIED, 1)),
    CORRECTIONS[0],
    Let(theta, theta - lr * where(rho > 5, r * m_hat * sqrt(1 - beta2**t) / (sqrt(v) + eps), m_hat)),
)

RADAM = Rule(
    "radam", "Adam whose first steps are those of momentum",
    SOURCE, HYPER_RADAM, STATE, STEPS,
    used_by=("torch",),
    notes=("the paper's threshold is 4, its authors' code has 5: they differ at one update",),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
EPS_ON_V_HAT = Rule(
    "radam/eps_on_v_hat", "RAdam with epsilon added after the bias correction",
    ON_V_HAT, HYPER_RADAM, STATE,
    (
        *MOMENTS,
        *LENGTHS,
        Let(r, where(rho >= 5, RECTIFIED, 1)),
        CORRECTIONS[0],
        Let(v_hat, v / (1 - beta2**t)),
        Let(theta, theta - lr * where(rho >= 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)),
    ),
    differs="eps after the bias correction", used_by=("optax",),
)  # fmt: skip
THRESHOLD_4 = Rule(
    "radam/threshold_4", "RAdam that rectifies as soon as the variance is finite",
    PAPER, HYPER_RADAM, STATE,
    (
        *MOMENTS,
        *LENGTHS,
        Let(r, where(rho > 4, RECTIFIED, 1)),
        CORRECTIONS[0],
        Let(v_hat, v / (1 - beta2**t)),
        Let(theta, theta - lr * where(rho > 4, r * m_hat / (sqrt(v_hat) + eps), m_hat)),
    ),
    differs="the threshold of rho_t is 4; eps after the bias correction",
)  # fmt: skip
VARIANTS = (EPS_ON_V_HAT, THRESHOLD_4)

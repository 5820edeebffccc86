"""RAdam, its updates counted by a state of its own; below the threshold the root of the rectification is that of a negative number."""

from __future__ import annotations

from refopt.catalogue.optimizers.adam import BETA1, BETA2, MOMENTS, STATE
from refopt.catalogue.optimizers.rmsprop import EPS, LR_ADAPTIVE
from refopt.catalogue.symbols import beta1, beta2, eps, lr, m, v
from refopt.language.expression import Kind, scalar, sqrt, theta, where
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Liu et al. 2020", "Algorithm 2", "arXiv:1908.03265"),)

# ---- state -------------------------------------------------------------------------------------------------------
n = scalar("n", sign="nonnegative", kind=Kind.INTEGER)

# ---- steps -------------------------------------------------------------------------------------------------------
rho_inf, rho = scalar("rho_inf", r"\rho_\infty"), scalar("rho_t", r"\rho_t")
r = scalar("r", "r_t")
OWN_RADAM = Rule(
    "own_radam", "Adam whose first steps are those of momentum",
    SOURCE, (LR_ADAPTIVE, BETA1, BETA2, EPS), (*STATE, State(n, 0, "number of updates so far")),
    (
        Let(n, n + 1),
        *MOMENTS,
        Let(rho_inf, 2 / (1 - beta2) - 1),
        Let(rho, rho_inf - 2 * n * beta2**n / (1 - beta2**n)),
        Let(r, where(rho > 5, sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)), 1)),
        Let(theta, theta - lr * where(rho > 5, r * m / (1 - beta1**n) * sqrt(1 - beta2**n) / (sqrt(v) + eps), m / (1 - beta1**n))),
    ),
)  # fmt: skip

# ---- variants ----------------------------------------------------------------------------------------------------
VARIANTS: tuple[Rule, ...] = ()

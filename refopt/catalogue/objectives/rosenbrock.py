"""Rosenbrock's banana: J = (1 - x)^2 + b*(y - x^2)^2, a curved ravine with its minimum at (1, 1)."""

from __future__ import annotations

from refopt.language.expression import scalar
from refopt.language.hyper import Hyper
from refopt.language.objective import Objective
from refopt.language.role import Role
from refopt.language.rule import Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (Source("Rosenbrock 1960", "equation (1)", "doi:10.1093/comjnl/3.3.175"),)

# ---- symbols -----------------------------------------------------------------------------------------------------
x, y = scalar("x"), scalar("y")
steepness = scalar("steepness", "b", sign="positive")

# ---- constants ---------------------------------------------------------------------------------------------------
STEEPNESS = Hyper(steepness, "100", steepness > 0, Role.FACTOR, "curvature across the valley", "without it there is no valley")

# ---- loss --------------------------------------------------------------------------------------------------------
ROSENBROCK = Objective(
    "rosenbrock", "a curved, narrow valley",
    SOURCE, (x, y), ("-1.25", "1"),
    loss=(1 - x) ** 2 + steepness * (y - x**2) ** 2,
    hyper=(STEEPNESS,),
)  # fmt: skip

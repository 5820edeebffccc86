"""The ravine: J = (x^2 + kappa*y^2)/2, and the same bowl rotated by the angle of the 3-4-5 triangle.

The surface curves kappa times as much across the valley as along it: plain descent zig-zags, momentum does not.
"""

from __future__ import annotations

from refopt.language.expression import literal, scalar
from refopt.language.hyper import Hyper
from refopt.language.objective import Objective
from refopt.language.role import Role
from refopt.language.rule import Source

# ---- source ------------------------------------------------------------------------------------------------------
SOURCE = (
    Source("Polyak 1964", "the quadratic of section 2", "doi:10.1016/0041-5553(64)90137-5"),
    Source("Sutton 1986", "the ravine", "Proc. 8th Conf. Cognitive Science Society, 823-831"),
)

# ---- symbols -----------------------------------------------------------------------------------------------------
x, y = scalar("x"), scalar("y")
kappa = scalar("kappa", r"\kappa", sign="positive")

# ---- constants ---------------------------------------------------------------------------------------------------
KAPPA = Hyper(
    kappa, "100", kappa >= 1, Role.FACTOR,
    "condition number: curvature across the valley over curvature along it", "below 1 the axes would change places",
)  # fmt: skip

# ---- loss --------------------------------------------------------------------------------------------------------
RAVINE = Objective(
    "ravine", "a quadratic valley along the first axis",
    SOURCE, (x, y), ("1", "1"),
    loss=(x**2 + kappa * y**2) / 2,
    hyper=(KAPPA,),
)  # fmt: skip

ALONG, ACROSS = literal("3/5") * x + literal("4/5") * y, literal("3/5") * y - literal("4/5") * x
ROTATED = Objective(
    "ravine_rotated", "a quadratic valley along the direction (3, 4)/5",
    SOURCE, (x, y), ("1", "-1"),
    loss=(ALONG**2 + kappa * ACROSS**2) / 2,
    hyper=(KAPPA,),
    notes=("per-parameter rates do not help where the valley runs between the axes",),
)  # fmt: skip

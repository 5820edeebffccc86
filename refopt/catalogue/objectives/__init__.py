"""The objectives. One concept a file; a new one is a file and a line here."""

from __future__ import annotations

from refopt.catalogue.objectives import logistic_regression, ravine, rosenbrock, tanh_network, two_wells
from refopt.language.objective import Objective

OBJECTIVES: tuple[Objective, ...] = (
    ravine.RAVINE,
    ravine.ROTATED,
    rosenbrock.ROSENBROCK,
    two_wells.TWO_WELLS,
    two_wells.TWO_WELLS_BATCH,
    logistic_regression.LOGISTIC_REGRESSION,
    tanh_network.TANH_NETWORK,
)
"""All objectives, in the order in which they are listed."""

"""Runs whose updates are compiled as a whole, as people's are. In others each operation is compiled alone, once for each shape that is new:
for a few updates of several shapes, or of a large one, that takes far more time than all else."""

from __future__ import annotations

from refopt.conformance.protocol.implementation import Request

LONG, MANY = 100, 5
"""Updates and tensors up to which the operations are compiled one by one."""
LARGE = 1000
"""The size of tensors up to which they are; larger ones stand in one case or two."""


def as_a_whole(request: Request) -> bool:
    """True where all operations of an update are compiled together."""
    shapes = {x.shape for x in request.theta0}
    return len(request.grads) > LONG or len(request.theta0) > MANY or len(shapes) > 2 or any(x.size > LARGE for x in request.theta0)

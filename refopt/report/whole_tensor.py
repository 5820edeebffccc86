"""One factor for each whole tensor, in words."""

from __future__ import annotations

from refopt.conformance.diagnose.whole_tensor import APART, Scaled, WholeTensor


def observed(found: WholeTensor) -> str:
    """One factor for each whole tensor, in words; no name of a formula."""
    what = {Scaled.GRADIENT: "the gradient is the given one", Scaled.STEP: "theta's step is the rule's"}[found.scaled]
    told = f"In {found.updates} updates of a tensor {what} times one factor for the whole tensor ({found.least:.3g} to {found.most:.3g})"
    if found.limit is not None:
        return f"{told}: clipping by norm? Norms of at most {found.limit[0]}, of {found.limit[1].value}, explain every factor."
    return f"{told}: {'clipping by norm?' if found.most < APART else 'a trust ratio, or clipping of the step by its norm?'}"

"""Cautious steps: none where the gradient has not the sign of the step; what is left is not made longer."""

from __future__ import annotations

from refopt.catalogue.transformations.transformation import Transformation
from refopt.language.compose import on_its_step
from refopt.language.expression import g, tensor, where
from refopt.language.rule import Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Liang et al. 2024", "Algorithm 1 without the division by the mean of the mask", "arXiv:2411.16085")

# ---- transformation ----------------------------------------------------------------------------------------------------
step = tensor("step_made", "u_t")


def cautious(rule: Rule) -> Rule:
    """The rule whose step is not taken where the gradient has not its sign (Liang et al. 2024, without the mean)."""
    return on_its_step(rule, "cautious", "no step against the gradient's sign", SOURCE, step, where(step * g > 0, step, 0))


CAUTIOUS = Transformation("cautious", cautious, SOURCE)

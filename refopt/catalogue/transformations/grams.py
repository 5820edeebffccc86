"""Grams: the step's own length and the gradient's sign."""

from __future__ import annotations

from refopt.catalogue.transformations.transformation import Transformation
from refopt.language.compose import on_its_step
from refopt.language.expression import absolute, g, sign, tensor
from refopt.language.rule import Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Cao et al. 2024", "the update of Grams", "arXiv:2412.17107")

# ---- transformation ----------------------------------------------------------------------------------------------------
step = tensor("step_made", "u_t")


def grams(rule: Rule) -> Rule:
    """The rule whose step has its own length and the gradient's sign (Cao et al. 2024)."""
    return on_its_step(rule, "grams", "the gradient's sign for that of the step", SOURCE, step, sign(g) * absolute(step))


GRAMS = Transformation("grams", grams, SOURCE)

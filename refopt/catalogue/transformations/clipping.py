"""Clipping by value: max(-clip, min(g, clip)) in the place of g."""

from __future__ import annotations

from refopt.catalogue.transformations.transformation import Transformation
from refopt.language.compose import put_in, with_steps
from refopt.language.expression import g, maximum, minimum, scalar, tensor
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Pascanu et al. 2013", "section 3.2, in Mikolov's form, element by element", "arXiv:1211.5063")

# ---- hyperparameters ---------------------------------------------------------------------------------------------------
clip = scalar("clip", "c", sign="positive")
HYPER = (Hyper(clip, "1", clip > 0, Role.THRESHOLD, "largest size of a gradient's component"),)

# ---- transformation ----------------------------------------------------------------------------------------------------
g_clipped = tensor("g_clipped", r"\bar g")


def clipped(rule: Rule) -> Rule:
    """The rule with each component of the gradient clipped to [-clip, clip]."""
    first = Let(g_clipped, maximum(-clip, minimum(g, clip)), "each component within [-clip, clip]")
    steps = put_in(rule.steps, {"g": g_clipped})
    return with_steps(rule, "clip", "gradient clipped by value", (first, *steps), hyper=(*rule.hyper, *HYPER))


CLIPPING = Transformation("clip", clipped, SOURCE)

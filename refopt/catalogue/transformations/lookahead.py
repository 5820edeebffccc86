"""Lookahead: slow weights that go a share of the way to the fast ones at every sync_period-th update, and from which those start again."""

from __future__ import annotations

from refopt.catalogue.transformations.transformation import Transformation
from refopt.language.compose import with_steps
from refopt.language.expression import Kind, equal, floor, scalar, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role, Samples
from refopt.language.rule import Let, Rule, Source, State

# ---- source ------------------------------------------------------------------------------------------------------------
SOURCE = Source("Zhang et al. 2019", "Algorithm 1, the inner optimizer's state kept", "arXiv:1907.08610")

# ---- hyperparameters ---------------------------------------------------------------------------------------------------
period = scalar("sync_period", "k", sign="positive", kind=Kind.INTEGER)
share = scalar("slow_step_size", r"\alpha_\phi", sign="nonnegative")
HYPER = (
    Hyper(period, "6", period >= 1, Role.COUNT, "updates from one synchronization to the next", "there would be none", Samples("2", "3", None, "0")),
    Hyper(share, "0.5", (share >= 0, share <= 1), Role.SHARE, "share of the way that the slow weights go", "they would overshoot"),
)

# ---- transformation ----------------------------------------------------------------------------------------------------
slow = tensor("slow", r"\phi")


def lookahead(rule: Rule) -> Rule:
    """The rule with slow weights (Zhang et al. 2019)."""
    due = equal(t - period * floor(t / period), 0)
    steps = (*rule.steps, Let(slow, where(due, slow + share * (theta - slow), slow)), Let(theta, where(due, slow, theta)))
    state = (*rule.state, State(slow, theta, "slow weights"))
    return with_steps(rule, "lookahead", "slow weights", steps, SOURCE, hyper=(*rule.hyper, *HYPER), state=state)


LOOKAHEAD = Transformation("lookahead", lookahead, SOURCE)

"""Rules that reduce over tensors, for tests: descent by a step as long as a part of the tensor, and by gradients clipped over all tensors."""

from __future__ import annotations

from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr, m, momentum
from refopt.language.expression import both, g, minimum, theta, where
from refopt.language.hyper import Hyper
from refopt.language.reductions import Over, norm, one_a_tensor
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State

SOURCE = (Source("a test", "here"),)
theta_norm, m_norm, ratio, clip = (one_a_tensor(name, sign="nonnegative") for name in ("theta_norm", "m_norm", "ratio", "clip"))
MOMENTUM = Hyper(momentum, "0.9", (momentum >= 0, momentum < 1), Role.DECAY, "decay of the mean", "it would grow")

SCALED = Rule(
    "scaled", "a mean of the gradients, as long as a part of its tensor", SOURCE, (LR, MOMENTUM), (State(m, 0, "mean"),),
    (
        Let(m, momentum * m + (1 - momentum) * g), Let(theta_norm, norm(theta)), Let(m_norm, norm(m)),
        Let(ratio, where(both(theta_norm > 0, m_norm > 0), theta_norm / m_norm, 1)), Let(theta, theta - lr * ratio * m),
    ),
)  # fmt: skip
"""LARS and LAMB in small."""
CLIPPED = Rule(
    "clipped", "gradients no longer than 1 over all tensors", SOURCE, (LR,), (),
    (Let(clip, minimum(1 / (norm(g, Over.ALL) + "1e-6"), 1)), Let(theta, theta - lr * clip * g)),
)  # fmt: skip
"""Clipping by the norm over all tensors."""

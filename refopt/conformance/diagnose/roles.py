"""Values that people give to a hyperparameter, by its role: what one may be held at that a program does not take."""

from __future__ import annotations

from refopt.language.hyper import Hyper
from refopt.language.role import Role

_STRENGTHS = ("0", "0.01", "0.1", "0.0001", "0.001", "0.05", "0.0005", "0.9", "0.95", "0.99", "0.5", "0.8", "1")
_SHARES = ("0.9", "0.999", "0.95", "0.99", "0.98", "0.9999", "0.8", "0.85", "0.5", "0")
_ENDS = ("0", "1e-6", "0.00001", "0.0001", "0.001", "0.01", "0.1", "1")
VALUES: dict[Role, tuple[str, ...]] = {
    Role.RATE: ("0.001", "0.01", "0.1", "0.0001", "0.0003", "0.0002", "0.003", "0.002", "0.02", "0.05", "0.5", "1", "0.00001", "0"),
    Role.RATE_START: _ENDS,
    Role.RATE_END: _ENDS,
    Role.EPSILON: ("1e-8", "1e-7", "1e-6", "1e-10", "1e-12", "1e-15", "1e-16", "1e-5", "1e-4", "0.001", "0"),
    Role.DECAY: _SHARES,
    Role.MOMENTUM: _SHARES,
    Role.SHARE: _SHARES,
    Role.WEIGHT_DECAY: _STRENGTHS,
    Role.FACTOR: _STRENGTHS,
    Role.THRESHOLD: _STRENGTHS,
    Role.EXPONENT: ("1", "2", "0.5", "0.9", "3", "0"),
    Role.COUNT: (),
    Role.METRIC: (),
}
"""Values that frameworks and papers use."""
KEEP_THE_RULE = frozenset({Role.EPSILON, Role.RATE_START, Role.RATE_END})
"""Roles of which one fixed value in the place of a hyperparameter leaves the rule what it is."""
MAKE_A_SMALLER_RULE = frozenset({Role.DECAY, Role.MOMENTUM, Role.SHARE, Role.WEIGHT_DECAY, Role.FACTOR, Role.THRESHOLD, Role.EXPONENT})
"""Roles of which 0 leaves a part of the formula out."""


def values(h: Hyper) -> tuple[str, ...]:
    """Values that a hyperparameter may be held at, its default first; those outside its domain are left out."""
    return tuple(dict.fromkeys(x for x in (h.default, *VALUES[h.role]) if h.allows(x)))

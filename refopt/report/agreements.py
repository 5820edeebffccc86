"""Values of a hyperparameter for which two formulas are the same, in words."""

from __future__ import annotations

from refopt.language.text import infix
from refopt.proof.related import Agreement


def agreement_told(x: Agreement) -> str:
    """A value for which two formulas are the same, in words."""
    return f"{x.name} = {infix(x.value)}{' (at a constant rate)' if x.at_constant_rate else ''}"

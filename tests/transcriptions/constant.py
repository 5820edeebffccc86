"""Constant rate: the fixed rate that Robbins & Monro 1951 exclude, eta at every step."""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule


def rate(k: int, hyper: Hyper) -> Decimal:
    """Eta, whatever k."""
    return hyper["lr"]


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Each rate is the one before."""
    return (hyper["lr"],) * steps


CONSTANT = Schedule("constant", "Robbins & Monro 1951, a fixed rate", ("lr",), rate, recursion)

"""Hyperbolic-tangent decay.

Hsueh et al. 2019, "Stochastic gradient descent with hyperbolic-tangent decay on classification", arXiv:1806.01593, equation (3):
eta = eta_0/2 (1 - tanh(L + (U - L) t/T)), here above a last rate.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def hyperbolic_tangent(x: Decimal) -> Decimal:
    """By the exponential function."""
    twice = (2 * x).exp()
    return (twice - 1) / (twice + 1)


def rate(k: int, hyper: Hyper) -> Decimal:
    """Equation (3)."""
    total = whole(hyper["span"])
    low, high, t = -hyper["lower"], hyper["upper"], min(k, total)
    return hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) / 2 * (1 - hyperbolic_tangent(low + (high - low) * t / total))


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """(1 - tanh x)/2 = 1/(1 + e^(2x)), whose exponential is multiplied by the same at each step."""
    total = whole(hyper["span"])
    grown, each = (-2 * hyper["lower"]).exp(), (2 * (hyper["upper"] + hyper["lower"]) / total).exp()
    rates = []
    for step in range(steps):
        rates.append(hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) / (1 + grown))
        grown *= each if step < total else 1
    return tuple(rates)


TANH = Schedule("tanh", "Hsueh et al. 2019, equation (3)", ("lr", "lr_min", "span", "lower", "upper"), rate, recursion)

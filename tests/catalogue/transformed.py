"""Transformations a second time, straight from their sources, in the standard library's `decimal`: plain descent, one element, with each of them.

A function is called after the word; it gives theta after every update. That of `amsgrad` is RMSProp, since descent keeps no second moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

Numbers = Sequence[Decimal]
Hyper = Mapping[str, Decimal]


def decay(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Loshchilov & Hutter 2019, Algorithm 2, line 12 in green: the decay is beside the step."""
    found = []
    for g in gradients:
        theta -= hyper["lr"] * g + hyper["lr"] * hyper["weight_decay"] * theta
        found.append(theta)
    return found


def l2(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """The same, line 6 in violet: the gradient of the penalty is added to that of the loss."""
    found = []
    for g in gradients:
        theta -= hyper["lr"] * (g + hyper["weight_decay"] * theta)
        found.append(theta)
    return found


def clip(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Mikolov's form in Pascanu et al. 2013, section 3.2: what is larger is cut off."""
    found = []
    for g in gradients:
        limited = g if abs(g) <= hyper["clip"] else hyper["clip"].copy_sign(g)
        theta -= hyper["lr"] * limited
        found.append(theta)
    return found


def amsgrad(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Reddi et al. 2018, Algorithm 2: v_hat = max(v_hat, v), without the first moment."""
    v = largest = Decimal(0)
    found = []
    for g in gradients:
        v = hyper["rho"] * v + (1 - hyper["rho"]) * g**2
        largest = v if v > largest else largest
        theta -= hyper["lr"] * g / (largest.sqrt() + hyper["eps"])
        found.append(theta)
    return found


def lookahead(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Zhang et al. 2019, Algorithm 1: k fast updates, then phi <- phi + alpha (theta - phi), and theta <- phi."""
    slow, k = theta, int(hyper["sync_period"])
    found = []
    for i, g in enumerate(gradients):
        theta -= hyper["lr"] * g
        if i % k == k - 1:
            slow += hyper["slow_step_size"] * (theta - slow)
            theta = slow
        found.append(theta)
    return found


def cautious(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Liang et al. 2024, Algorithm 1, without the mean of the mask: u where u g > 0, here always but at g = 0."""
    found = []
    for g in gradients:
        u = hyper["lr"] * g
        theta -= u if u * g > 0 else 0
        found.append(theta)
    return found


def grams(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Cao et al. 2024: sign(g) |u|."""
    found = []
    for g in gradients:
        u = hyper["lr"] * g
        theta -= abs(u).copy_sign(g) if g else 0
        found.append(theta)
    return found


def schedule_free(theta: Decimal, gradients: Numbers, hyper: Hyper) -> list[Decimal]:
    """Defazio et al. 2024, equations (2) to (4), the average weighed by the squared rate; all three sequences are kept."""
    x = z = theta
    beta, total = hyper["interpolation"], Decimal(0)
    found = []
    for g in gradients:
        z -= hyper["lr"] * g
        total += hyper["lr"] ** 2
        x += hyper["lr"] ** 2 / total * (z - x)
        found.append((1 - beta) * z + beta * x)
    return found

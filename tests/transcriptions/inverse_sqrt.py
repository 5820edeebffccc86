"""One over the square root of the step.

Zhai et al. 2022, "Scaling vision transformers", arXiv:2106.04560, section 3.5: reciprocal square root with a time scale, after a warm-up.
transformers `get_inverse_sqrt_schedule`: 1/sqrt((step + timescale - num_warmup_steps)/timescale).
Raffel et al. 2020, "T5", arXiv:1910.10683, section 3.1.2: 1/sqrt(max(n, k)), constant for the first k steps: `flat`.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Schedule, whole


def rate(k: int, hyper: Hyper) -> Decimal:
    """The code of transformers."""
    warmup, timescale = whole(hyper["warmup_steps"]), whole(hyper["timescale"])
    if k < warmup:
        return hyper["lr"] * k / warmup
    decay = (Decimal(k + timescale - warmup) / timescale).sqrt()
    return hyper["lr"] / decay


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """A constant amount is added; then the squares of the rates are in the ratio of neighbours."""
    warmup, n = whole(hyper["warmup_steps"]), whole(hyper["timescale"])
    eta, rates = Decimal(0), []
    for step in range(steps):
        rates.append(eta)
        if step < warmup:
            eta = hyper["lr"] * (step + 1) / warmup
        else:
            eta = (eta**2 * n / (n + 1)).sqrt()
            n += 1
    return tuple(rates)


def rate_flat(k: int, hyper: Hyper) -> Decimal:
    """1/sqrt(max(n, k)), times the root of k so that lr is the first rate."""
    held = whole(hyper["warmup_steps"])
    return hyper["lr"] * Decimal(held).sqrt() / Decimal(max(k, held)).sqrt()


def recursion_flat(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Held, then the squares of the rates are in the ratio of neighbours."""
    eta, rates = hyper["lr"], []
    for step in range(steps):
        rates.append(eta)
        if step >= whole(hyper["warmup_steps"]):
            eta *= (Decimal(step) / (step + 1)).sqrt()
    return tuple(rates)


INVERSE_SQRT = Schedule("inverse_sqrt", "Zhai et al. 2022, section 3.5", ("lr", "warmup_steps", "timescale"), rate, recursion)
FLAT = Schedule("inverse_sqrt/flat", "Raffel et al. 2020, section 3.1.2", ("lr", "warmup_steps"), rate_flat, recursion_flat)

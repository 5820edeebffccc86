"""Warm-up, stable, decay.

Hu et al. 2024, "MiniCPM", arXiv:2404.06395, section 4.2, and Haegele et al. 2024, arXiv:2405.18392, section 3: a linear warm-up, a constant rate,
and a cooldown: linear, or 1 - sqrt of the share that is done. transformers has half a cosine.
"""

from __future__ import annotations

from decimal import Decimal

from .cosine import cosine, pi
from .model import Hyper, Schedule, whole

NAMES = ("lr", "lr_min", "warmup_start", "warmup_steps", "stable_steps", "span")


def _phases(k: int, hyper: Hyper) -> Decimal | None:
    """The rate before the cooldown; None in it."""
    rise, stable = whole(hyper["warmup_steps"]), whole(hyper["stable_steps"])
    if k < rise:
        return hyper["lr"] * (hyper["warmup_start"] * (rise - k) + k) / rise
    return hyper["lr"] if k < rise + stable else None


def _done(k: int, hyper: Hyper) -> Decimal:
    """The share of the cooldown that is done."""
    length = whole(hyper["span"])
    return Decimal(min(k - whole(hyper["warmup_steps"]) - whole(hyper["stable_steps"]), length)) / length


def _mixed(left: Decimal, hyper: Hyper) -> Decimal:
    return left * hyper["lr"] + (1 - left) * hyper["lr_min"]


def rate(k: int, hyper: Hyper) -> Decimal:
    """A linear cooldown."""
    before = _phases(k, hyper)
    return before if before is not None else _mixed(1 - _done(k, hyper), hyper)


def rate_cosine(k: int, hyper: Hyper) -> Decimal:
    """Half a cosine."""
    before = _phases(k, hyper)
    return before if before is not None else _mixed((1 + cosine(pi() * _done(k, hyper))) / 2, hyper)


def rate_root(k: int, hyper: Hyper) -> Decimal:
    """1 - sqrt."""
    before = _phases(k, hyper)
    return before if before is not None else _mixed(1 - _done(k, hyper).sqrt(), hyper)


def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """Amounts that are added: in the rise, and in the cooldown."""
    rise, stable, length = whole(hyper["warmup_steps"]), whole(hyper["stable_steps"]), whole(hyper["span"])
    eta, rates = hyper["lr"] * hyper["warmup_start"], []
    for step in range(steps):
        rates.append(eta)
        if step < rise:
            eta += hyper["lr"] * (1 - hyper["warmup_start"]) / rise
        elif rise + stable <= step < rise + stable + length:
            eta += (hyper["lr_min"] - hyper["lr"]) / length
    return tuple(rates)


def recursion_cosine(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The phases one after the other."""
    rise, stable, length = whole(hyper["warmup_steps"]), whole(hyper["stable_steps"]), whole(hyper["span"])
    first = recursion(rise + stable, hyper)
    fall = tuple(hyper["lr_min"] + (hyper["lr"] - hyper["lr_min"]) * (1 + cosine(pi() * i / length)) / 2 for i in range(length))
    return (*first, *fall, *[hyper["lr_min"]] * steps)[:steps]


def recursion_root(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
    """The phases one after the other."""
    rise, stable, length = whole(hyper["warmup_steps"]), whole(hyper["stable_steps"]), whole(hyper["span"])
    fall = tuple(hyper["lr"] - (hyper["lr"] - hyper["lr_min"]) * (Decimal(i) / length).sqrt() for i in range(length))
    return (*recursion(rise + stable, hyper), *fall, *[hyper["lr_min"]] * steps)[:steps]


WSD = Schedule("wsd", "Haegele et al. 2024, section 3, linear", NAMES, rate, recursion)
COSINE = Schedule("wsd/cosine", "transformers, warmup_stable_decay", NAMES, rate_cosine, recursion_cosine)
ROOT = Schedule("wsd/root", "Haegele et al. 2024, section 3, 1 - sqrt", NAMES, rate_root, recursion_root)

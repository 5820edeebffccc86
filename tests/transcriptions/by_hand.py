"""What the tests by hand are written in: rational numbers as decimals, and agreement to 40 digits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as F

from . import OPTIMIZERS, Hyper, Optimizer, run

DIGITS = 40
WORKING_DIGITS = 80


def number(value: F | int | str) -> Decimal:
    """A rational number in the precision of the context."""
    fraction = F(value)
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def numbers(*values: F | int | str) -> list[Decimal]:
    """Rational numbers in the precision of the context."""
    return [number(value) for value in values]


def root(value: F | int | str) -> Decimal:
    """The square root of a rational number."""
    return number(value).sqrt()


def given(**hyper: F | int | str) -> Hyper:
    """Hyperparameters from rational numbers."""
    return {name: number(value) for name, value in hyper.items()}


def agree(expected: Decimal, actual: Decimal, count: int = DIGITS) -> bool:
    """Whether the two are the same to `count` significant digits."""
    return abs(expected - actual) <= abs(expected) * Decimal(10) ** -count


def all_agree(expected: Sequence[Decimal], actual: Sequence[Decimal], count: int = DIGITS) -> bool:
    """Whether two sequences are as long as each other and agree."""
    return len(expected) == len(actual) and all(agree(e, a, count) for e, a in zip(expected, actual, strict=True))


def thetas(name: str, theta: F | int, gradients: list[Decimal], hyper: Hyper, rates: list[Decimal] | None = None) -> list[Decimal]:
    """Theta after each update."""
    return [after for after, _ in run(OPTIMIZERS[name], number(theta), gradients, hyper, rates)]


def below(start: F | int, *decrements: Decimal) -> list[Decimal]:
    """What is left of `start` after each decrement."""
    left = [number(start)]
    for decrement in decrements:
        left.append(left[-1] - decrement)
    return left[1:]


def usual(optimizer: Optimizer) -> Hyper:
    """The usual hyperparameters, as the binary64 numbers that the literals denote."""
    values = {
        "lr": 0.01,
        "momentum": 0.9,
        "dampening": 0.3,
        "rho": 0.99,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "weight_decay": 0.1,
        "s0": 0.5,
        "lr_decay": 0.25,
        "momentum_decay": 0.004,
        "eps_root": 1e-8,
        "beta3": 0.99,
        "alpha": 2.5,
        "beta": 0.5,
        "v0": 0.25,
        "lr_max": 0.03,
        "l1": 0.125,
        "l2": 0.25,
        "l2_shrinkage": 0.5,
        "lambd": 0.25,
        "averaged_after": 2.0,
        "clip_exponent": 0.333,
        "eta_minus": 0.5,
        "eta_plus": 1.25,
        "step_min": 0.001,
        "step_max": 0.02,
        "noise_variance": 0.5,
        "noise_decay": 0.55,
        "interval": 2.0,
        "noise": -0.75,
        "hessian": 0.375,
    }
    return {name: Decimal(values[name]) for name in (*optimizer.hyper, *optimizer.inputs)}


USUAL_GRADIENTS = [Decimal(g) for g in (0.3, -0.25, 1e-9, 7.5, -0.001)]


class Watched(dict[str, Decimal]):
    """A mapping that notes what is read from it."""

    def __init__(self, values: dict[str, Decimal]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Decimal:
        self.read.add(key)
        return super().__getitem__(key)

"""A further input of an update, beside the gradient: one value an element, given anew at each update."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from refopt.language.expression import Expression


class InputRole(Enum):
    """The part that an input plays: golden inputs are drawn by it."""

    HESSIAN_DIAGONAL = "diagonal of the Hessian"
    """An estimate of the second derivative of the loss by each element: of either sign, as large as the gradient or far from it."""
    NOISE = "noise"
    """A number drawn at random for each element, of mean 0 and variance 1."""


@dataclass(frozen=True)
class Input:
    """An input: a symbol with one value an element, which names it in the API; the part that it plays; a few words."""

    symbol: Expression
    role: InputRole
    meaning: str = ""

    @property
    def name(self) -> str:
        """The name in the API."""
        return str(self.symbol.name)

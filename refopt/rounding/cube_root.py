"""The cube root: how far that of a correct program may be off, by whichever way it is formed.

A library may have none (torch), and people write it otherwise. Of a number y that is not 0, relative to the root, in units of roundoff u:

    cbrt(y)           4, as any function of a mathematical library
    y^(1/3)           4 of pow, and |ln y|/6: 1/3 lies a third of a spacing from the nearest number of the format, which is (1 + d)/3
                      with |d| <= u/2, and y^(d/3) = exp(d ln(y)/3)
    exp(ln(y)/3)      4 of exp, and |ln y| (4 + 1)/3: the 4 of log and the 1 of the division are errors of the exponent; a product with the
                      rounded third has (4 + 1 + 1/2)/3

With (1 + 4u)(1 + u/2)(1 + u) <= 1 + 6u for u <= 2^-8, each is within (1 + 4u) exp(2u |ln y|) - 1, in 16 bits too, where the exponent is not small.
The root of 0 is 0 in each, and that of a negative number is formed from its size.

Where y is in an interval, |y|^(1/3) (exp(2u |ln y|) - 1) is largest at its ends or at ln y = ln(1 - 6u)/(2u) > -3.2, up to which it rises from 0.
So it is at most the largest root times exp(2u L) - 1. L: the larger |ln y| of both ends; 3.2 for that of the lower one, where it is above 3.2.

Two roots differ by at most the slope between them times the difference of the numbers, and by at most 2^(2/3) times its cube root, as they do at
both sides of 0, where there is no largest slope.
"""

from __future__ import annotations

from typing import Any

import numpy as np

UNITS = 4
"""The error of a library's function, in units of roundoff."""
BY_LOGARITHM = 2
"""The units in the exponent, times |ln y|, of what a power and an exponential add to it."""
LEVEL = 3.2
"""The |ln y| of a small y from which on the error of a smaller one's root is smaller."""
APART = 1.5875
"""A little above 2^(2/3)."""


def share(log_lowest: Any, log_largest: Any, u: Any) -> Any:
    """The error of roots as a share of the largest of them, in arrays of plain numbers.

    log_lowest   the logarithm of the least size that the operand may have, -inf for 0
    log_largest  that of the largest; where it is -inf, every root is 0, and the share that of a library's function
    """
    logarithm = np.maximum(np.abs(log_largest), np.minimum(np.abs(log_lowest), LEVEL))
    logarithm = np.where(np.isfinite(log_largest), logarithm, 0.0)
    return UNITS * u + (1 + UNITS * u) * np.expm1(BY_LOGARITHM * u * logarithm)

"""Numbers as text, both ways: what is sent is exact, what comes back must be a number of the format.

A decimal that is none is either too large, or has more digits than the format can tell apart: then it was computed in a
wider format, and rounding it here would hide that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import copysign, log10
from typing import Any

import numpy as np

from refopt.conformance.programs.unreadable import Unreadable, plain, quoted
from refopt.conformance.protocol.implementation import Array
from refopt.exact.digits import shortest
from refopt.golden.harness_schema import NUMBER
from refopt.rounding.formats import FLOAT32, FLOAT64, Format

GRAMMAR = re.compile(NUMBER, re.ASCII)
LONGEST = 1200
"""Characters of a number: the smallest binary64 number has 1076 when it is written in full."""


def text(x: float) -> str:
    """The shortest decimal of a binary64 number; a negative zero keeps its sign."""
    if x != x:
        return "nan"
    if x in (np.inf, -np.inf):
        return "inf" if x > 0 else "-inf"
    return _written(x) if x else "0" if copysign(1, x) > 0 else "-0"


_written = lru_cache(maxsize=1 << 16)(shortest)


def texts(values: Array) -> list[str]:
    """The decimals of an array, flat."""
    return list(map(text, values.astype(np.float64).ravel().tolist()))


def decimals(f: Format) -> int:
    """Significant decimal digits that tell all numbers of a format apart: 17 for float64, 9 for float32."""
    return int(1 + f.precision * log10(2)) + 1


def read(given: Sequence[Any], f: Format, place: str) -> Array:
    """The numbers of a row as a flat array of the format. Raises Unreadable, in step, that names the first that is none."""
    wide = np.array(_plain_row(given) or _any_row(given, place), dtype=np.float64)
    with np.errstate(all="ignore"):
        narrow: Array = wide.astype(f.dtype)
        back = narrow.astype(np.float64)
    for i in np.flatnonzero(np.isinf(back)).tolist():
        if given[i].lstrip("+-")[0] not in "iI":
            raise Unreadable(f"{place}[{i}] is {quoted(given[i])}, too large for {f.name}", in_step=True)
    if f.name != "float64":
        most = decimals(f)
        for i in np.flatnonzero((wide != back) & ~np.isnan(wide)).tolist():
            if len(given[i]) > most and _significant(given[i]) > most:
                raise Unreadable(f"{place}[{i}] is {quoted(given[i])}, no number of {f.name}: round it to {f.name} before it is printed", in_step=True)
        for i in np.flatnonzero(_tied(wide, back, f)).tolist():
            narrow[i] = _rounded(given[i], f, narrow[i])
    return narrow


def read_state(given: Sequence[Any], f: Format, place: str) -> Array:
    """The numbers of a state variable: of the format, or of the narrowest wider one that they are all numbers of."""
    for wider in (g for g in (FLOAT32, FLOAT64) if g.u < f.u):
        try:
            return read(given, f, place)
        except Unreadable:
            f = wider
    return read(given, f, place)


def read_one_value(given: Sequence[Any], f: Format, place: str) -> Array:
    """The number of a state that holds one for the whole tensor, which programs keep in binary64 beside tensors of any format: where so few digits are
    written that the format's numbers are no further apart than they tell, or no number of the format is written so, it is the decimal itself, which
    goes back as it came."""
    apart = all(type(x) is str and GRAMMAR.fullmatch(x) and len(x) <= LONGEST and _is_apart(x, f) for x in given)
    return read(given, FLOAT64, place) if apart else read_state(given, f, place)


def _is_apart(written: str, f: Format) -> bool:
    """True of a decimal that is not, to as many digits, a number of the format; of few digits whatever they are."""
    if written.lstrip("+-")[0] in "iInN":
        return False
    digits = max(_significant(written), 1)
    near = f.round(Fraction(written)) if digits <= decimals(f) else None
    return digits < decimals(f) - 1 or (near is not None and Fraction(f"{float(near):.{digits - 1}e}") != Fraction(written))


def _plain_row(given: Sequence[Any]) -> list[float] | None:
    """The values of a row that holds nothing but short decimals; None where each has to be looked at by itself."""
    try:
        joined = " ".join(given).encode("ascii")
        if joined.count(b" ") != len(given) - 1 or joined.translate(None, b"0123456789+-.eE ") or max(map(len, given)) > LONGEST:
            return None
        return list(map(float, given))
    except (TypeError, ValueError):
        return None


def _any_row(given: Sequence[Any], place: str) -> list[float]:
    """The values of a row. Raises Unreadable, in step, for the first that is no number."""
    for i, x in enumerate(given):
        if type(x) is not str:
            raise Unreadable(f"{place}[{i}] is {plain(repr(x), 40)}, not a string: numbers are sent as text", in_step=True)
        if len(x) > LONGEST or not GRAMMAR.fullmatch(x):
            told = f"a number of {len(x)} characters" if len(x) > LONGEST else f"{quoted(x)}, not a decimal number, nan, inf or -inf"
            raise Unreadable(f"{place}[{i}] is {told}", in_step=True)
    return [np.nan if x != x else x for x in map(float, given)]


def _tied(wide: Any, back: Any, f: Format) -> Any:
    """Mask of binary64 numbers half-way between two numbers of the format: the other one is as far away."""
    with np.errstate(all="ignore"):
        other = 2 * wide - back
        return (wide != back) & np.isfinite(back) & (other.astype(f.dtype).astype(np.float64) == other)


def _significant(written: str) -> int:
    mantissa = re.split("[eE]", written.lstrip("+-"), maxsplit=1)[0]
    return len(mantissa.replace(".", "").strip("0"))


def _rounded(written: str, f: Format, otherwise: Any) -> Any:
    """The nearest number of the format, where binary64 stands half-way between two and cannot say."""
    exact = f.round(Fraction(written))
    return otherwise if exact is None else float(exact)

"""Numbers as text: what is sent is exact, what comes back must be a number of the format."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from refopt.conformance.programs.numbers import decimals, read, read_state, text, texts
from refopt.conformance.programs.unreadable import Unreadable
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, FORMATS, Format


@pytest.mark.parametrize("f", FORMATS.values(), ids=str)
def test_every_number_that_is_sent_comes_back_with_the_same_bits(f: Format) -> None:
    seed = 20260727
    random.seed(seed)
    drawn = np.array([random.choice((-1, 1)) * math.ldexp(random.random(), random.randint(-20, 15)) for _ in range(500)])
    special = np.array([0.0, -0.0, math.inf, -math.inf, math.nan, float(f.smallest_subnormal), -float(f.largest)])
    values = np.concatenate([drawn, special]).astype(f.dtype)
    assert read(texts(values), f, "x").tobytes() == values.tobytes(), seed


@pytest.mark.parametrize("written", ["nan", "NaN", "-nan", "inf", "Infinity", "-Infinity", "+1", "1.", ".5", "1E+05", "-0", "0.10000000000000000000001"])
def test_the_spellings_of_other_languages_are_understood(written: str) -> None:
    (x,) = read([written], FLOAT64, "x").tolist()
    assert x == float(written) or (math.isnan(x) and "nan" in written.lower())


@pytest.mark.parametrize("written", ["", " 1", "1 ", "1_000", "0x1p3", "1e", "e5", ".", "--1", "1,5", "infinite", "null", "\u0661"])
def test_what_is_no_decimal_is_refused(written: str) -> None:
    with pytest.raises(Unreadable, match=r"x\[1\] is "):
        read(["1", written], FLOAT64, "x")


def test_the_shortest_decimals_of_narrow_formats_are_their_numbers() -> None:
    assert read(["0.1", "16777217", "3.4028235e38"], FLOAT32, "x").tolist() == [float(np.float32(0.1)), 16777216.0, float(np.float32(3.4028235e38))]
    assert float(read(["0.1"], BFLOAT16, "x")[0]) == 0.10009765625
    assert [decimals(f) for f in (FLOAT64, FLOAT32, FLOAT16, BFLOAT16)] == [17, 9, 5, 4]


@pytest.mark.parametrize("f", [FLOAT32, BFLOAT16, FLOAT16], ids=str)
def test_a_value_computed_in_a_wider_format_is_not_rounded_in_silence(f: Format) -> None:
    with pytest.raises(Unreadable, match=f"no number of {f.name}"):
        read([repr(1 / 3)], f, "x")
    exact = repr(float(np.array(1 / 3).astype(f.dtype)))
    assert float(read([exact], f, "x")[0]) == float(exact)


@pytest.mark.parametrize("f", FORMATS.values(), ids=str)
def test_a_finite_decimal_beyond_the_format_is_not_infinity(f: Format) -> None:
    with pytest.raises(Unreadable, match=f"too large for {f.name}"):
        read(["1e400"], f, "x")


@pytest.mark.parametrize("written", ["163364931e13", "653459724e13", "653459724e14"])
def test_a_decimal_beside_a_tie_is_rounded_to_its_own_side(written: str) -> None:
    """In binary64 it stands half-way between two numbers of float32; read through it, some would go to the wrong one."""
    (found,) = read([written], FLOAT32, "x").tolist()
    assert Fraction(found) == FLOAT32.round(Fraction(written))


def test_an_exact_tie_goes_to_the_even_number() -> None:
    assert read(["16777217", "16777219", "-16777217"], FLOAT32, "x").tolist() == [16777216, 16777220, -16777216]


def test_a_negative_zero_keeps_its_sign() -> None:
    assert (text(-0.0), text(0.0)) == ("-0", "0")


def test_a_state_may_be_kept_in_a_wider_format_and_is_read_as_the_narrowest_that_holds_it() -> None:
    assert read_state(["0.5", "1.5"], BFLOAT16, "m").dtype == BFLOAT16.dtype
    assert read_state(["0.100000001", "1.5"], BFLOAT16, "m").dtype == np.float32
    assert read_state(["0.1234567890123", "1.5"], FLOAT32, "m").dtype == np.float64

"""What digits leave open is never less than what printing did."""

from __future__ import annotations

import numpy as np
import pytest

from refopt.identify.printed import half_spacing, number_format, style
from refopt.rounding.formats import FLOAT32, FLOAT64

DRAW = np.random.default_rng(20)
NUMBERS = (DRAW.normal(size=400) * 10.0 ** DRAW.integers(-6, 6, 400)).astype(np.float32).astype(np.float64)


def _texts(how: str) -> list[str]:
    return [str(np.float32(x)) if how == "shortest" else how % x for x in NUMBERS]


@pytest.mark.parametrize("how", ["%.7g", "%.6e", "%.9g", "%.7f", "%.3f", "%.4g", "shortest", "%.17g"])
def test_the_number_that_was_printed_is_within_what_its_text_leaves_open(how: str) -> None:
    texts = _texts(how)
    values = np.array([float(x) for x in texts])
    allowed = np.maximum(style(texts).half_unit(values), half_spacing(values, FLOAT32))
    assert np.all(np.abs(values - NUMBERS) <= allowed)


@pytest.mark.parametrize(("how", "said"), [("%.7g", "7 digits"), ("%.6e", "7 digits"), ("%.7f", "7 decimals"), ("%.3f", "3 decimals")])
def test_the_style_is_said(how: str, said: str) -> None:
    assert str(style(_texts(how))) == said


def test_a_round_rate_is_not_taken_for_one_of_few_decimals() -> None:
    assert style(["0.1", "0.1"], proof=True).decimals is None
    assert style(["0.10", "0.05"], proof=True).decimals == 2


@pytest.mark.parametrize(("how", "wide", "name"), [("%.7g", False, "float32"), ("%.17g", False, "float32"), ("%.17g", True, "float64")])
def test_the_format_of_the_program_is_the_narrowest_that_holds_its_numbers(how: str, wide: bool, name: str) -> None:
    numbers = DRAW.normal(size=200) if wide else NUMBERS
    texts = [how % x for x in numbers]
    values = np.array([float(x) for x in texts])
    assert number_format(values, style(texts).half_unit(values)).name == name


def test_numbers_of_8_bits_throughout_are_bfloat16() -> None:
    assert number_format(np.array([1.0, 0.15625, -3.0]), np.zeros(3)).name == "bfloat16"


@pytest.mark.parametrize(("x", "f", "half"), [(1.0, FLOAT32, 2.0**-24), (-1.5, FLOAT64, 2.0**-53), (0.0, FLOAT32, 2.0**-150), (4.0, FLOAT32, 2.0**-22)])
def test_half_the_spacing_is_that_of_the_number_s_binade(x: float, f: object, half: float) -> None:
    assert half_spacing(np.array([x]), f).tolist() == [half]  # type: ignore[arg-type]

"""A state of one number that a program prints with few digits is that decimal: what it kept in binary64 comes back to it as it was."""

from __future__ import annotations

import numpy as np

from refopt.conformance.programs.numbers import read_one_value, read_state, texts
from refopt.rounding.formats import FLOAT32


def test_few_digits_are_the_decimal_itself_and_go_back_as_they_came() -> None:
    few = ["0.00000625"] * 3
    assert texts(read_one_value(few, FLOAT32, "weight_sum")) == ["6.25e-06"] * 3
    assert texts(read_state(few, FLOAT32, "z")) != ["6.25e-06"] * 3, "an element's state is a number of the format"


def test_what_no_number_of_the_format_is_written_like_is_the_decimal_itself() -> None:
    near = np.float32(0.14844375)
    assert f"{near:.7e}" == "1.4844374e-01" and read_one_value(["0.14844374"], FLOAT32, "p").dtype == np.float32
    assert texts(read_one_value(["0.14844375"], FLOAT32, "p")) == ["0.14844375"]


def test_many_digits_are_a_number_of_the_format_or_of_a_wider_one() -> None:
    assert read_one_value(["0.100000001"], FLOAT32, "p").dtype == np.float32
    assert read_one_value(["0.1000000000000000055"], FLOAT32, "p").dtype == np.float64

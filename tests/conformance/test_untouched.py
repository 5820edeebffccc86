"""Where elements are never updated, in words."""

from __future__ import annotations

import numpy as np
import pytest

from refopt.conformance.untouched import Mask, pattern


def _seen(stuck: dict[int, range]) -> dict[int, tuple[Mask, Mask]]:
    """Of tensors by size: what stands still, and that all else moves."""
    masks = {n: np.isin(np.arange(n), list(r)) for n, r in stuck.items()}
    return {n: (m, ~m) for n, m in masks.items()}


@pytest.mark.parametrize("b", [4, 8, 16])
def test_full_blocks_are_named_with_the_smallest_size_that_fits_all_tensors(b: int) -> None:
    assert pattern(_seen({n: range(n - n % b) for n in (67, 15, 70001, 4)})) == f"full blocks of {b} elements"


def test_the_remainder_after_full_blocks_is_named() -> None:
    assert pattern(_seen({n: range(n - n % 8, n) for n in (67, 15, 70001)})) == "elements after the last full block of 8"


def test_elements_past_a_grain_are_named() -> None:
    assert pattern(_seen({67: range(0), 70001: range(32768 + 100, 70001)})) == "elements from number 32868 on"


def test_nothing_is_said_where_all_stand_still_or_an_element_only_does_at_times() -> None:
    assert pattern(_seen({67: range(67)})) is None
    both = np.ones(67, dtype=bool)
    assert pattern({67: (both, both)}) is None


def test_nothing_is_said_where_there_is_no_pattern() -> None:
    assert pattern(_seen({67: range(3, 9), 15: range(1, 2)})) is None

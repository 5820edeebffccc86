"""What a fit leaves open: the bound holds every change that the updates allow, and says so where they allow any."""

from __future__ import annotations

import math

import numpy as np
import pytest

from refopt.identify.interval import width


@pytest.mark.parametrize("seed", range(20))
def test_no_change_that_every_update_allows_is_wider_than_the_bound(seed: int) -> None:
    draw = np.random.default_rng(seed)
    slope = draw.normal(size=(40, 4)) * 10.0 ** draw.uniform(0, 4, 4) @ np.linalg.qr(draw.normal(size=(4, 4)))[0]
    allowed = 1 + np.abs(draw.normal(size=40))
    bounds = [width(slope, j, allowed) for j in range(4)]
    assert all(map(math.isfinite, bounds)), seed
    for _ in range(200):
        d = draw.normal(size=4)
        d *= min(1 / np.max(np.abs(slope @ d) / allowed), 1 / np.max(np.abs(d)))
        assert np.all(np.abs(d) <= bounds), (seed, d, bounds)


def test_a_single_update_gives_its_own_error_over_its_slope() -> None:
    assert width(np.array([[4.0]]), 0, np.array([2.0])) == 0.5


def test_hyperparameters_that_move_every_update_alike_are_open_and_the_others_are_not() -> None:
    draw = np.random.default_rng(5)
    slope = draw.normal(size=(30, 3))
    slope[:, 1] = -2 * slope[:, 0]
    bounds = [width(slope, j, np.full(30, 1e-3)) for j in range(3)]
    assert bounds[:2] == [math.inf, math.inf]
    assert bounds[2] < 0.01


def test_one_that_moves_nothing_is_open() -> None:
    assert width(np.array([[1.0, 0.0], [2.0, 0.0]]), 1, np.ones(2)) == math.inf

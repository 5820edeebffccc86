"""Every derivation has a picture, drawn from shipped rules, that shows what it claims."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pytest

from refopt.derivation import Curve, Picture, library


@cache
def pictures(name: str) -> tuple[Picture, ...]:
    """The pictures of a derivation."""
    return library.pictures(name)


def curves(name: str) -> dict[str, Curve]:
    """The curves of the first of them, by name."""
    return {c.name: c for c in pictures(name)[0].curves}


def heights(name: str, start: str) -> list[float]:
    """The heights of the curve whose name begins so."""
    (found,) = [c for key, c in curves(name).items() if key.startswith(start)]
    return [y for _, y in found.points]


@pytest.mark.parametrize("name", [e.name for e in library.entries()])
def test_a_derivation_has_a_picture_whose_points_are_finite(name: str) -> None:
    drawn = pictures(name)
    assert drawn
    for picture in drawn:
        assert picture.title and picture.x and picture.y and picture.curves
        assert all(len(c.points) > 1 and all(math.isfinite(x) for p in c.points for x in p) for c in picture.curves)
        assert not picture.log_y or all(y > 0 for c in picture.curves for _, y in c.points)


def test_no_step_of_adam_passes_the_bound_and_growing_gradients_come_near_it() -> None:
    bound, longest = heights("adam_step", "the bound")[0], max(heights("adam_step", "gradients that grow"))
    assert 0.85 * bound < longest < bound
    # each of the two places of a step, below 2048, is rounded by at most half a last bit, 2^-43
    assert max(heights("adam_step", "constant")) <= 1 + 2.0**-42


def test_an_epsilon_in_another_place_shortens_the_first_step_while_gradients_are_small() -> None:
    rows = zip(heights("three_places_of_eps", "adam/eps_in"), heights("three_places_of_eps", "adam/eps_hat"), strict=True)
    outside = next(c.points for key, c in curves("three_places_of_eps").items() if key == "adam")
    shown = [(under, hat, out) for (under, hat), (power, out) in zip(rows, outside, strict=True) if power <= 3]
    assert len(shown) > 10 and all(under < hat < out for under, hat, out in shown)


def test_the_heavy_ball_is_far_ahead_in_the_end() -> None:
    assert heights("heavy_ball", "momentum")[-1] < 1e-6 < heights("heavy_ball", "sgd")[-1]


def test_the_two_momentum_conventions_part_when_the_rate_falls_and_not_before() -> None:
    inside, outside = heights("momentum_conventions", "rate inside"), heights("momentum_conventions", "rate outside")
    # both runs have 30 digits; each height is rounded once
    assert inside[:21] == pytest.approx(outside[:21], rel=2.0**-52, abs=0) and abs(inside[-1] - outside[-1]) > 1


def test_the_variances_that_are_counted_are_those_that_are_claimed() -> None:
    # the exact share is rounded once, the claim at two divisions: 3*2^-53; 1/B is one division, which rounds as the share does
    assert heights("mini_batch", "without") == pytest.approx(heights("mini_batch", "(N - B)"), rel=2.0**-51, abs=0)
    assert heights("mini_batch", "with replacement") == heights("mini_batch", "1/B")[:3]


def test_the_step_of_the_shipped_rule_is_at_the_least_slope() -> None:
    # in units of 2^-53. The step's: with N = fl(gx^2 + gy^2), off by 2, it is -N/sqrt(N): 1 in the root of N, a last bit of the root 2, the quotient 1.
    # The slope's: a last bit of cos and sin 2, the products 1, their sum 1; an angle that is off counts by its square. Together 8, where libraries
    # are off by whole last bits; they are off by little more than halves
    assert min(heights("steepest_descent", "the step")) == pytest.approx(min(heights("steepest_descent", "slope")), rel=2.0**-50, abs=0)


def test_adam_with_special_values_goes_where_rmsprop_goes_and_in_steps_of_one_length() -> None:
    # both runs have 40 digits; each height is rounded once
    assert heights("adam_contains", "adam, beta1 = 0,") == pytest.approx(heights("adam_contains", "rmsprop"), rel=2.0**-52, abs=0)
    signs = heights("adam_contains", "adam, beta1 = beta2")
    # two places below 2, each rounded by at most half a last bit, 2^-53, and 0.1 itself, by less than 2^-57
    assert max(map(abs, signs)) < 2 and all(abs(b - a) == pytest.approx(0.1, rel=0, abs=2.0**-52 + 2.0**-57) for a, b in pairwise(signs))


def test_decay_takes_a_share_and_l2_in_adam_the_same_step_from_both_weights() -> None:
    large, small = heights("decoupled_decay", "L2 in Adam, from 2"), heights("decoupled_decay", "L2 in Adam, from 0.5")
    # the gradient is the weight: a first step is lr/(1 + eps/weight), and eps/0.5 - eps/2 = 1.5 eps; 1.99 is rounded by 2^-53, 0.49 by a quarter of it
    assert large[0] - large[1] == pytest.approx(small[0] - small[1], rel=1.5e-8 + 1.25 * 2.0**-53 / 0.01, abs=0)
    large, small = heights("decoupled_decay", "AdamW, from 2"), heights("decoupled_decay", "AdamW, from 0.5")
    assert large[-1] / large[0] == small[-1] / small[0], "2 and 0.5 are powers of two: both runs round alike"

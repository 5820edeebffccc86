"""Of many runs the most different ones are cut in two."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from refopt.conformance.judge.resume.cut import MOST, chosen


def _cut(number: int, *, v_max: float = 2.0, gradients: tuple[float, ...] = (1.0, 1.0, 1.0)) -> Any:
    state = {"v": np.array([2.0]), "v_max": np.array([v_max])}
    grads = tuple((np.array([g]),) for g in gradients)
    request = SimpleNamespace(theta0=(np.zeros(1),), grads=grads, lr=None, hyper={"lr": 0.1})
    case = SimpleNamespace(t0=1, id=number)
    return SimpleNamespace(request=request, observation=SimpleNamespace(case=case), middle=SimpleNamespace(state=(state,)))


def test_a_run_in_which_two_states_part_is_among_them() -> None:
    alike, apart = [_cut(i) for i in range(3 * MOST)], _cut(99, v_max=3.0)
    found = chosen([*alike, apart])
    assert len(found) == MOST and apart in found


def test_a_run_whose_gradients_fall_is_among_them() -> None:
    steady, falling = [_cut(i) for i in range(3 * MOST)], _cut(99, gradients=(1.0, 0.25, 0.03125))
    assert falling in chosen([*steady, falling])

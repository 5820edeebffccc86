"""Adam with epsilon inside the root.

`refopt check python:tests.implementations.adam_eps_in_sqrt:make --rule adam`
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
State = dict[str, Array]


class AdamEpsInSqrt:
    """Like the textbook but for one thing: epsilon stands under the root."""

    def init(self, theta: Array) -> State:
        """Both moments are zero."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(
        self,
        theta: Array,
        grad: Array,
        state: State,
        t: int,
        *,
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> tuple[Array, State]:
        """Update number `t`, counted from 1."""
        number = theta.dtype.type
        with np.errstate(all="ignore"):
            m = number(beta1) * state["m"] + number(1 - beta1) * grad
            v = number(beta2) * state["v"] + number(1 - beta2) * (grad * grad)
            m_hat = m / number(1 - beta1**t)
            v_hat = v / number(1 - beta2**t)
            theta = theta - number(lr) * m_hat / np.sqrt(v_hat + number(eps))
        return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v)}


def make() -> AdamEpsInSqrt:
    """The factory that refopt calls."""
    return AdamEpsInSqrt()

"""Adam in NumPy with one place for each kind of fault: what is sent, which update it is, which gradient, what is kept, where it is written."""

from __future__ import annotations

from typing import Any

import numpy as np


class Adam:
    """As in the paper; every subclass has one fault."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Any:
        lr, beta1, beta2, eps = self.sent(lr, beta1, beta2, eps)
        f, n, g = theta.dtype.type, self.number(t), self.gradient(grad)
        state = self.loaded(state, theta, t)
        m = f(beta1) * state["m"] + f(1 - beta1) * g
        v = f(beta2) * state["v"] + f(1 - beta2) * g * g
        q1, q2 = self.corrections(t, 1 - beta1**n, 1 - beta2**n)
        new = theta - f(lr) * (m / f(q1)) / (np.sqrt(v / f(q2)) + f(eps))
        return self.written(theta, np.array(new)), self.kept(state, m, v)

    def sent(self, lr: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
        """The hyperparameters in use."""
        return lr, beta1, beta2, eps

    def number(self, t: int) -> int:
        """The number of the update in use."""
        return t

    def gradient(self, g: Any) -> Any:
        """The gradient in use."""
        return g

    def loaded(self, state: Any, theta: Any, t: int) -> Any:
        """The state in use."""
        return state

    def corrections(self, t: int, q1: float, q2: float) -> tuple[float, float]:
        """Both bias corrections."""
        return q1, q2

    def written(self, theta: Any, new: Any) -> Any:
        """What becomes of theta."""
        return new

    def kept(self, state: Any, m: Any, v: Any) -> dict[str, Any]:
        """What becomes of the state."""
        return {"m": m, "v": v}

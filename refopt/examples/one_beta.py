"""An Adam that divides its second moment by the correction of its first."""

from __future__ import annotations

from typing import Any

Moments = dict[str, Any]


class OneBeta:
    """Adam with v_hat = v/(1 - beta1^t), where the paper has v/(1 - beta2^t): its steps are too long at first, and training still works.

    Source of the right formula: Kingma and Ba 2015, Algorithm 1, https://arxiv.org/abs/1412.6980
    """

    def init(self, theta: Any) -> Moments:
        """Both moments at zero, in the shape of theta."""
        return {"m": 0 * theta, "v": 0 * theta}

    def step(
        self, theta: Any, grad: Any, state: Moments, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Any, Moments]:
        """One update from count t = 1, 2, ...: arrays of one floating-point format in, the same out."""
        m = beta1 * state["m"] + (1 - beta1) * grad
        v = beta2 * state["v"] + (1 - beta2) * grad**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta1**t)
        theta = theta - lr * m_hat / (v_hat**0.5 + eps)
        return theta, {"m": m, "v": v}

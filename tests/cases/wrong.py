"""Programs that are no implementation of their rule, a fault each: where, when, what is sent, what is kept, what is loaded."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.cases.adam import Adam


def _last(theta: Any, new: Any, n: int) -> Any:
    """`new` with its last n elements as they were."""
    new.reshape(-1)[-n:] = theta.reshape(-1)[-n:]
    return new


class EvenTail(Adam):
    """The last element of a tensor of even size stays."""

    def written(self, theta: Any, new: Any) -> Any:
        return _last(theta, new, 1) if theta.size and theta.size % 2 == 0 else new


class LanesOf8(Adam):
    """The last lane of 8 stays where the size is a multiple of 8."""

    def written(self, theta: Any, new: Any) -> Any:
        return _last(theta, new, 8) if theta.size and theta.size % 8 == 0 else new


class Volumes(Adam):
    """Tensors of three and more axes stay."""

    def written(self, theta: Any, new: Any) -> Any:
        return theta.copy() if theta.ndim >= 3 else new


class SquareTransposed(Adam):
    """A square matrix gets its gradient transposed."""

    def gradient(self, g: Any) -> Any:
        return g.T if g.ndim == 2 and g.shape[0] == g.shape[1] else g


class MiddleSizes(Adam):
    """From 68 to 70,000 elements the last one stays."""

    def written(self, theta: Any, new: Any) -> Any:
        return _last(theta, new, 1) if 68 <= theta.size <= 70_000 else new


class LargeSizes(Adam):
    """From 100,000 elements on the last one stays."""

    def written(self, theta: Any, new: Any) -> Any:
        return _last(theta, new, 1) if theta.size >= 100_000 else new


class FarParameters(Adam):
    """Elements beyond 10 stay."""

    def written(self, theta: Any, new: Any) -> Any:
        return np.where(abs(theta) > 10, theta, new)


class SharedByShape(Adam):
    """Tensors of one shape share their moments."""

    def __init__(self) -> None:
        self.moments: dict[Any, Any] = {}

    def init(self, theta: Any) -> dict[str, Any]:
        self.moments[theta.shape] = super().init(theta)
        return {}

    def loaded(self, state: Any, theta: Any, t: int) -> Any:
        return self.moments[theta.shape]

    def kept(self, state: Any, m: Any, v: Any) -> dict[str, Any]:
        self.moments[m.shape] = {"m": m, "v": v}
        return {}


class VectorOfOne:
    """Descent that leaves a vector of one element as it is."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {}

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01) -> Any:
        return theta.copy() if theta.shape == (1,) else theta - theta.dtype.type(lr) * grad, {}


class Beta1Zero(Adam):
    """`beta1 or 0.9`."""

    def sent(self, lr: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
        return lr, beta1 or 0.9, beta2, eps


class RateZero(Adam):
    """`lr or 0.001`."""

    def sent(self, lr: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
        return lr or 0.001, beta1, beta2, eps


class RateCapped(Adam):
    """`min(lr, 1)`."""

    def sent(self, lr: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
        return min(lr, 1.0), beta1, beta2, eps


class BetasBackwards(Adam):
    """Each beta in the place of 1 - beta."""

    def sent(self, lr: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
        return lr, 1 - beta1, 1 - beta2, eps


class MomentumZero:
    """`momentum or 0.9`."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {"v": np.zeros_like(theta)}

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.01, momentum: float = 0.9) -> Any:
        f = theta.dtype.type
        v = f(momentum or 0.9) * state["v"] + f(lr) * grad
        return theta - v, {"v": v}


class DecayZero(Adam):
    """AdamW with `weight_decay or 0.01`."""

    def step(self, theta: Any, grad: Any, state: Any, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
             weight_decay: float = 0.01) -> Any:  # fmt: skip
        f = theta.dtype.type
        new, state = super().step(theta, grad, state, t, lr, beta1, beta2, eps)
        return new - f(lr * (weight_decay or 0.01)) * theta, state


class CorrectionFrom1000(Adam):
    """No bias correction from the thousandth update on."""

    def corrections(self, t: int, q1: float, q2: float) -> tuple[float, float]:
        return (1, 1) if t >= 1000 else (q1, q2)


class CorrectionFrom11To200(Adam):
    """No bias correction at t = 11 to 200."""

    def corrections(self, t: int, q1: float, q2: float) -> tuple[float, float]:
        return (1, 1) if 11 <= t <= 200 else (q1, q2)


class CounterInBfloat16(Adam):
    """A counter of 8 bits: 256 + 1 is 256."""

    def number(self, t: int) -> int:
        return min(t, 256) if t < 65_536 else t


class CounterInInt32(Adam):
    """The count starts anew at 2^31."""

    def number(self, t: int) -> int:
        return t if t < 2**31 else t - 2**31 + 1


class ResetEvery100(Adam):
    """The first moment is set to zero at each hundredth update."""

    def loaded(self, state: Any, theta: Any, t: int) -> Any:
        return {**state, "m": np.zeros_like(theta)} if t % 100 == 0 else state


class LosesMoments(Adam):
    """What it saves are copies; it goes on from its own, which a fresh object has at zero."""

    def init(self, theta: Any) -> dict[str, Any]:
        return {**super().init(theta), "_own": [np.zeros_like(theta), np.zeros_like(theta)]}

    def loaded(self, state: Any, theta: Any, t: int) -> Any:
        return dict(zip("mv", state["_own"], strict=True))

    def kept(self, state: Any, m: Any, v: Any) -> dict[str, Any]:
        return {"m": m.copy(), "v": v.copy(), "_own": [m, v]}


class LosesCounter(Adam):
    """It counts from the first update that the object sees."""

    def __init__(self) -> None:
        self.first: int | None = None

    def number(self, t: int) -> int:
        if self.first is None or t < self.first:
            self.first = t
        return t - self.first + 1


class MomentInBfloat16(Adam):
    """The first moment is used wide and stored in bfloat16."""

    def kept(self, state: Any, m: Any, v: Any) -> dict[str, Any]:
        import ml_dtypes

        return {"m": m.astype(ml_dtypes.bfloat16).astype(m.dtype), "v": v}


class FloorAndLength:
    """Warm-up and cosine: lr_min is a floor only, and the half wave takes period + warmup_steps."""

    def rate(self, k: int, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, warmup_start: float = 0.0, warmup_steps: int = 10) -> float:
        if k < warmup_steps:
            return float(lr * (warmup_start + (1 - warmup_start) * k / warmup_steps))
        return float(max(lr_min, lr * (1 + np.cos(np.pi * min(k - warmup_steps, period) / (period + warmup_steps))) / 2))


class Plateau:
    """A warm-up that stops one step short of its end."""

    def rate(self, k: int, lr: float = 0.1, warmup_start: float = 0.0, warmup_steps: int = 10) -> float:
        return lr * (warmup_start + (1 - warmup_start) * min(k, warmup_steps - 1) / warmup_steps)


class JoinedLate:
    """Warm-up and cosine: the peak is held for two steps."""

    def rate(self, k: int, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, warmup_start: float = 0.0, warmup_steps: int = 10) -> float:
        if k <= warmup_steps:
            return float(lr * (warmup_start + (1 - warmup_start) * k / warmup_steps))
        return float(lr_min + (lr - lr_min) * (1 + np.cos(np.pi * min(k - warmup_steps - 1, period) / period)) / 2)

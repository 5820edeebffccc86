"""NumPy objects that do something that is hard to read as a formula, or is a formula that hides."""

from __future__ import annotations

from typing import Any

import numpy as np

State = dict[str, Any]


class Descent:
    """Plain gradient descent; what the others change is `changed`."""

    def init(self, theta: Any) -> State:
        """Nothing is kept."""
        return {}

    def step(self, theta: Any, grad: Any, state: State, t: int, *, lr: float = 0.01) -> tuple[Any, State]:
        """One update."""
        return self.changed(theta, grad, t, lr), state

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        """theta after the update."""
        return theta - lr * grad


class LateBug(Descent):
    """Twice the step after update 100."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if t > 100 else lr) * grad


class IdleBranch(Descent):
    """A choice whose two sides are the same."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * grad if t % 2 == 0 else theta - grad * lr


class NeverTaken(Descent):
    """A branch for a rate that is not admissible, and one for a counter that is never 0."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta + grad if lr < 0 or t < 1 else theta - lr * grad


class ByNorm(Descent):
    """The gradient divided by its norm: it joins elements."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * grad / np.sqrt(np.sum(grad * grad))


class Rounded(Descent):
    """The gradient in a machine format on the way."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * grad.astype(np.float32)


class InPlace(Descent):
    """It works on the array that it is given, and on a copy of the gradient."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        grad = grad.copy()
        grad *= lr
        theta -= grad
        return theta


class SpoiltGradient(Descent):
    """It changes the gradient that it is given."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        grad *= lr
        return theta - grad


class SignTwice(Descent):
    """|g| with the sign of g put on again, by a choice: it is g."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * np.where(grad >= 0, np.abs(grad), -np.abs(grad))


class Fails(Descent):
    """It raises."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        raise ValueError("no update today")


class Endless(Descent):
    """A new decision in every round of a loop that no symbol ends."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        x = lr
        while x < t:
            x = 2 * x + lr
        return theta - lr * grad


class SkipsZeroGradients(Descent):
    """Another step where the gradient is zero."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return np.where(np.abs(grad) > 0, theta - lr * grad, theta + lr)


class Clips(Descent):
    """A gradient above 100 is 100."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * np.minimum(grad, 100)

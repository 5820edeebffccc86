"""Programs that are right but for a part: some elements, some updates, some values of what is sent, or what is loaded again.

Beside each stand the words that its name must hold, written before it was diagnosed. The search was tuned on `TUNED`; `MEASURED` was
written apart, and nothing was changed for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arithmetic import mean, rounded
from ..program import Array, Planted, Program, Result, State, note_of, program

Step = Callable[..., Result]


def _sgd(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    (rate,) = rounded(theta, lr)
    return np.asarray(theta - rate * grad), {}


def _momentum(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    keep, rate = rounded(theta, momentum, lr)
    v = np.asarray(keep * state["v"] + rate * grad)
    return np.asarray(theta - v), {"v": v}


def _nesterov(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    keep, rate = rounded(theta, momentum, lr)
    v = np.asarray(keep * state["v"] + rate * grad)
    return np.asarray(theta - (keep * v + rate * grad)), {"v": v}


def _rmsprop(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return np.asarray(theta - rate * grad / (np.sqrt(v) + epsilon)), {"v": v}


def _adam(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, count: int | None = None) -> Result:
    n = t if count is None else count
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**n, 1 - beta2**n)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return np.asarray(theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon)), {"m": m, "v": v}


def _adamw(theta: Array, grad: Array, state: State, t: int, *, weight_decay: float, lr: float, **hyper: float) -> Result:
    (decay,) = rounded(theta, lr * weight_decay)
    new, after = _adam(theta, grad, state, t, lr=lr, **hyper)  # type: ignore[arg-type]
    return np.asarray(new - decay * theta), after


def _amsgrad(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    v_max = np.maximum(state["v_max"], v)
    return np.asarray(theta - rate * (m / q1) / (np.sqrt(v_max / q2) + epsilon)), {"m": m, "v": v, "v_max": v_max}


def _where(chosen: Array, theta: Array, state: State, usual: Result, other: Result) -> Result:
    """The other update in the chosen elements."""
    new = np.where(chosen, other[0], usual[0])
    return np.asarray(new), {n: np.asarray(np.where(chosen, other[1].get(n, x), x)) for n, x in usual[1].items()}


def _places(theta: Array) -> Array:
    return np.arange(theta.size).reshape(theta.shape)


# Where


@program("m", "v")
def tail_of_eight_stays(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Elements after the last full block of 8 are not updated."""
    return _where(_places(theta) >= theta.size - theta.size % 8, theta, state, _adam(theta, grad, state, t, **hyper), (theta, state))  # type: ignore[arg-type]


@program("v")
def matrices_without_momentum(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """In tensors of 2 dimensions the velocity is forgotten each time."""
    return _momentum(theta, grad, {"v": np.zeros_like(theta)} if theta.ndim == 2 else state, t, **hyper)


@program("v")
def ends_at_65536(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Elements from number 65536 on are not updated."""
    return _where(_places(theta) >= 65536, theta, state, _rmsprop(theta, grad, state, t, **hyper), (theta, state))


@program("m", "v")
def vectors_do_not_decay(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Tensors of fewer than 2 dimensions do not decay, as biases often do not."""
    if theta.ndim < 2:
        return _adam(theta, grad, state, t, **{n: x for n, x in hyper.items() if n != "weight_decay"})  # type: ignore[arg-type]
    return _adamw(theta, grad, state, t, **hyper)


@program()
def last_row_stays(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """The last row of a matrix is not updated."""
    new, _ = _sgd(theta, grad, state, t, **hyper)
    if theta.ndim == 2 and theta.size:
        new[-1] = theta[-1]
    return new, {}


@program("v")
def every_fourth_does_not_look(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Every fourth element takes plain momentum."""
    return _where(_places(theta) % 4 == 3, theta, state, _nesterov(theta, grad, state, t, **hyper), _momentum(theta, grad, state, t, **hyper))


@program("m", "v", "v_max")
def volumes_without_maximum(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """In tensors of 3 and more dimensions the largest second moment is the last one."""
    new, after = _amsgrad(theta, grad, {**state, "v_max": np.zeros_like(theta)} if theta.ndim >= 3 else state, t, **hyper)
    return new, after


# When


@program("m", "v")
def corrected_up_to_500(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """From the 501st update on nothing is corrected."""
    return _adam(theta, grad, state, t, **hyper, count=t if t <= 500 else 2**40)


@program("v")
def velocity_lost_each_50(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """At every 50th update the velocity starts from zero."""
    return _momentum(theta, grad, {"v": np.zeros_like(theta)} if t % 50 == 0 else state, t, **hyper)


@program("v")
def each_tenth_left_out(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Every tenth update is left out."""
    return (theta, state) if t % 10 == 0 else _rmsprop(theta, grad, state, t, **hyper)


@program("m", "v")
def counts_to_1000(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """The count stops at 1000."""
    return _adam(theta, grad, state, t, **hyper, count=min(t, 1000))


@program("m", "v")
def decays_from_100_on(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Weights do not decay in the first 99 updates."""
    return _adamw(theta, grad, state, t, **{**hyper, **({"weight_decay": 0.0} if t < 100 else {})})


@program("m", "v", "v_max")
def maximum_lost_each_200(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """At every 200th update the largest second moment starts from zero."""
    return _amsgrad(theta, grad, {**state, "v_max": np.zeros_like(theta)} if t % 200 == 0 else state, t, **hyper)


@program("v")
def plain_in_the_first_five(theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """The first five updates do not look ahead."""
    return (_momentum if t <= 5 else _nesterov)(theta, grad, state, t, **hyper)


@program()
def halves_from_100_on(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """From the 100th update on the rate is halved."""
    return _sgd(theta, grad, state, t, lr=lr / 2 if t >= 100 else lr)


# What is sent


@program("m", "v")
def eps_or_its_default(theta: Array, grad: Array, state: State, t: int, *, eps: float, **hyper: float) -> Result:
    """eps = 0 is taken for none given."""
    return _adam(theta, grad, state, t, eps=eps or 1e-8, **hyper)  # type: ignore[arg-type]


@program("v")
def momentum_up_to_a_half(theta: Array, grad: Array, state: State, t: int, *, momentum: float, lr: float) -> Result:
    """A momentum above 1/2 is cut to it."""
    return _momentum(theta, grad, state, t, lr=lr, momentum=min(momentum, 0.5))


@program("v")
def lr_up_to_a_tenth(theta: Array, grad: Array, state: State, t: int, *, momentum: float, lr: float) -> Result:
    """A rate above 0.1 is cut to it."""
    return _nesterov(theta, grad, state, t, lr=min(lr, 0.1), momentum=momentum)


@program("v")
def eps_not_too_small(theta: Array, grad: Array, state: State, t: int, *, eps: float, **hyper: float) -> Result:
    """An eps below 1e-5 is taken as 1e-5."""
    return _rmsprop(theta, grad, state, t, eps=max(eps, 1e-5), **hyper)


@program("m", "v", "v_max")
def beta2_or_its_default(theta: Array, grad: Array, state: State, t: int, *, beta2: float, **hyper: float) -> Result:
    """beta2 = 0 is taken for none given."""
    return _amsgrad(theta, grad, state, t, beta2=beta2 or 0.999, **hyper)


# What is loaded


class Copies(Program):
    """A program that works on copies in the object, by the number of the tensor: what is loaded into another object goes through `loaded` first."""

    def __init__(self, advance: Step, names: tuple[str, ...], loaded: Callable[[State], State]) -> None:
        super().__init__(advance, names)
        object.__setattr__(self, "loaded", loaded)
        object.__setattr__(self, "kept", [])

    def init(self, theta: Array) -> State:
        """Zeros, a copy of them in the object, and the number under which it lies."""
        start = super().init(theta)
        kept: list[State] = vars(self)["kept"]
        kept.append({n: x.copy() for n, x in start.items()})
        return {**start, "number": np.asarray(len(kept) - 1)}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
        """One update from the copy, where it is that of the state."""
        kept, loaded, number = vars(self)["kept"], vars(self)["loaded"], int(state["number"])
        seen = {n: state[n] for n in self.names}
        while len(kept) <= number:
            kept.append({})
        at_hand = kept[number].keys() == seen.keys() and all(x.tobytes() == kept[number][n].tobytes() for n, x in seen.items())
        new, after = super().step(theta, grad, seen if at_hand else loaded(seen), t, **hyper)
        kept[number] = {n: x.copy() for n, x in after.items()}
        return new, {**after, "number": state["number"]}


def second_moment_not_loaded() -> Any:
    """The second moment is zero after loading."""
    return Copies(lambda theta, grad, state, t, **hyper: _adam(theta, grad, state, t, **hyper), ("m", "v"), lambda s: {**s, "v": np.zeros_like(s["v"])})


def velocity_loaded_in_half() -> Any:
    """The velocity goes through float16 when it is loaded."""
    return Copies(_momentum, ("v",), lambda s: {"v": s["v"].astype(np.float16).astype(s["v"].dtype)})


def first_moment_not_loaded() -> Any:
    """The first moment is zero after loading."""
    return Copies(_adamw, ("m", "v"), lambda s: {**s, "m": np.zeros_like(s["m"])})


def exchanged_when_loaded() -> Any:
    """The second moment and the largest one are exchanged by loading."""
    return Copies(_amsgrad, ("m", "v", "v_max"), lambda s: {**s, "v": s["v_max"], "v_max": s["v"]})


def _part(rule: str, make: Any, *words: str) -> Planted:
    return Planted(f"{rule}:{make.__name__}", rule, make, note_of(make), "deviates", words=words)


TUNED = (
    _part("adam", tail_of_eight_stays, "8"),
    _part("momentum", matrices_without_momentum, "2-D"),
    _part("rmsprop", ends_at_65536, "65536"),
    _part("adam", corrected_up_to_500, "t >= 501"),
    _part("momentum", velocity_lost_each_50, "50 k"),
    _part("rmsprop", each_tenth_left_out, "10 k"),
    _part("adam", counts_to_1000, "1000"),
    _part("adam", eps_or_its_default, "eps = 0"),
    _part("momentum", momentum_up_to_a_half, "momentum", "0.5"),
    _part("adam", second_moment_not_loaded, "second", "moment", "loaded"),
    _part("momentum", velocity_loaded_in_half, "float16", "load"),
)
MEASURED = (
    _part("adamw", vectors_do_not_decay, "decay"),
    _part("sgd", last_row_stays, "last row"),
    _part("nesterov", every_fourth_does_not_look, "every 4th"),
    _part("amsgrad", volumes_without_maximum, "3"),
    _part("adamw", decays_from_100_on, "t <= 99"),
    _part("amsgrad", maximum_lost_each_200, "200 k"),
    _part("nesterov", plain_in_the_first_five, "t <= 5"),
    _part("sgd", halves_from_100_on, "t >= 100"),
    _part("nesterov", lr_up_to_a_tenth, "lr", "0.1"),
    _part("rmsprop", eps_not_too_small, "eps", "05"),
    _part("amsgrad", beta2_or_its_default, "beta2 = 0"),
    _part("adamw", first_moment_not_loaded, "first", "moment", "loaded"),
    _part("amsgrad", exchanged_when_loaded, "exchanged", "loaded"),
)

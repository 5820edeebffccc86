"""Small programs that lose something when their state is loaded, and others that do not. Runs in one piece are right in all of them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ml_dtypes
import numpy as np

Array = np.ndarray[Any, Any]
State = dict[str, Any]


class Adam:
    """Right. `loaded` is what a subclass does with a state that a fresh object is given; `number`, with the number of an update."""

    def __init__(self) -> None:
        self.begun = False

    def init(self, theta: Array) -> State:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def loaded(self, state: State) -> State:
        return state

    def number(self, t: int) -> int:
        return t

    def heard(self, lr: float) -> float:
        return lr

    def step(
        self, theta: Array, grad: Array, state: State, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Array, State]:
        if t > 1 and not self.begun:
            state = self.loaded(state)
        self.begun, f = True, theta.dtype.type
        n, lr = self.number(t), self.heard(lr)
        with np.errstate(all="ignore"):
            m = f(beta1) * state["m"] + f(1 - beta1) * grad
            v = f(beta2) * state["v"] + f(1 - beta2) * grad * grad
            new = theta - f(lr) * (m / f(1 - beta1**n)) / (np.sqrt(v / f(1 - beta2**n)) + f(eps))
        return np.asarray(new), {**state, "m": np.asarray(m), "v": np.asarray(v)}


class FirstMomentLost(Adam):
    def loaded(self, state: State) -> State:
        return {**state, "m": 0 * state["m"]}


class SecondMomentLost(Adam):
    def loaded(self, state: State) -> State:
        return {**state, "v": 0 * state["v"]}


class BothMomentsLost(Adam):
    def loaded(self, state: State) -> State:
        return {**state, "m": 0 * state["m"], "v": 0 * state["v"]}


class CountLost(Adam):
    """Counts from the first update that it saw."""

    first = 0

    def number(self, t: int) -> int:
        self.first = self.first or t
        return t - self.first + 1


class EverythingLost(CountLost):
    def loaded(self, state: State) -> State:
        return {**state, "m": 0 * state["m"], "v": 0 * state["v"]}


class CountsOneMore(Adam):
    late = 0

    def loaded(self, state: State) -> State:
        self.late = 1
        return state

    def number(self, t: int) -> int:
        return t + self.late


class RateLost(Adam):
    """After loading it does not hear the rate any more."""

    deaf = False

    def loaded(self, state: State) -> State:
        self.deaf = True
        return state

    def heard(self, lr: float) -> float:
        return 0.001 if self.deaf else lr


class Exchanged(Adam):
    def loaded(self, state: State) -> State:
        return {**state, "m": state["v"], "v": abs(state["m"])}


class RoundedOnce(Adam):
    def loaded(self, state: State) -> State:
        return {**state, "m": state["m"].astype(ml_dtypes.bfloat16).astype(state["m"].dtype)}


class LastElementLost(Adam):
    def loaded(self, state: State) -> State:
        m = state["m"].copy()
        if m.size:
            m.flat[-1] = 0
        return {**state, "m": m}


class Halved(Adam):
    """Something that has no name."""

    def loaded(self, state: State) -> State:
        return {**state, "m": state["m"] / 2 + 1, "v": state["v"] * 3}


class Refuses(Adam):
    def loaded(self, state: State) -> State:
        raise KeyError("scale")


class OwnMoments(Adam):
    """Shows copies, and keeps its own beside them in the dict: what is shown is not what is loaded."""

    def init(self, theta: Array) -> State:
        return {**super().init(theta), "_own": [np.zeros_like(theta), np.zeros_like(theta)]}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        new, kept = super().step(theta, grad, {"m": state["_own"][0], "v": state["_own"][1]}, t, **hyper)
        return new, {"m": kept["m"].copy(), "v": kept["v"].copy(), "_own": [kept["m"], kept["v"]]}


class OnlyAView(OwnMoments):
    """The same, and says so."""

    resumes = False


class OnItself(Adam):
    """Keeps everything on itself: an empty dict offers nothing to save."""

    def __init__(self) -> None:
        super().__init__()
        self.own: list[State] = []

    def init(self, theta: Array) -> State:
        self.own.append(super().init(theta))
        return {}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        self.begun = True
        new, self.own[-1] = super().step(theta, grad, self.own[-1], t, **hyper)
        return new, {}


class PrivateNames(Adam):
    """Saves well, under names of its own: a view of nothing, and never accused."""

    def init(self, theta: Array) -> State:
        return {"exp_avg": np.zeros_like(theta), "exp_avg_sq": np.zeros_like(theta)}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        new, kept = super().step(theta, grad, {"m": state["exp_avg"], "v": state["exp_avg_sq"]}, t, **hyper)
        return new, {"exp_avg": kept["m"], "exp_avg_sq": kept["v"]}


class CountInTheDict(Adam):
    """Counts in its dict, which holds containers in containers: all of it is saved."""

    def init(self, theta: Array) -> State:
        return {**super().init(theta), "more": OrderedDict(groups=[{"step": 0, "shape": theta.shape}], names=("a", None))}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        group = state["more"]["groups"][0]
        new, kept = super().step(theta, grad, state, group["step"] + 1, **hyper)
        return new, {**kept, "more": OrderedDict(groups=[{**group, "step": group["step"] + 1}], names=("a", None))}


class WithGenerator(Adam):
    """Its dict holds something that is not plain."""

    def init(self, theta: Array) -> State:
        return {**super().init(theta), "rng": np.random.default_rng(0)}


class MasterCopy(Adam):
    """Computes in float64 and keeps theta in it, on itself: what is saved is rounded, and that is precision."""

    def __init__(self) -> None:
        super().__init__()
        self.master: Array | None = None

    def init(self, theta: Array) -> State:
        return {"m": np.zeros(theta.shape), "v": np.zeros(theta.shape)}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        start = theta.astype(np.float64) if self.master is None else self.master
        self.master, kept = super().step(start, grad.astype(np.float64), state, t, **hyper)
        return self.master.astype(theta.dtype), kept


class WideState(Adam):
    """float32 moments of bfloat16 parameters."""

    def init(self, theta: Array) -> State:
        return {"m": np.zeros(theta.shape, np.float32), "v": np.zeros(theta.shape, np.float32)}

    def step(self, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> tuple[Array, State]:
        new, kept = super().step(theta.astype(np.float32), grad.astype(np.float32), state, t, **hyper)
        return new.astype(theta.dtype), kept


class WideStateCast(WideState):
    """It casts them to the format of the parameters when they are loaded, once."""

    def loaded(self, state: State) -> State:
        return {**state, **{n: state[n].astype(ml_dtypes.bfloat16).astype(np.float32) for n in ("m", "v")}}


class AmsGrad:
    """`lost`: the largest second moment is kept on the object, and what is shown is a copy."""

    lost = False

    def __init__(self) -> None:
        self.largest: Array | None = None

    def init(self, theta: Array) -> State:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "v_max": np.zeros_like(theta)}

    def step(
        self, theta: Array, grad: Array, state: State, t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Array, State]:
        f = theta.dtype.type
        with np.errstate(all="ignore"):
            m = f(beta1) * state["m"] + f(1 - beta1) * grad
            v = f(beta2) * state["v"] + f(1 - beta2) * grad * grad
            before = (np.zeros_like(v) if self.largest is None else self.largest) if self.lost else state["v_max"]
            self.largest = np.maximum(before, v)
            new = theta - f(lr) * (m / f(1 - beta1**t)) / (np.sqrt(self.largest / f(1 - beta2**t)) + f(eps))
        return np.asarray(new), {"m": np.asarray(m), "v": np.asarray(v), "v_max": np.asarray(self.largest)}


class LargestLost(AmsGrad):
    lost = True


class Momentum:
    """Right where `lost` is not set."""

    lost = False
    begun = False

    def init(self, theta: Array) -> State:
        return {"v": np.zeros_like(theta)}

    def step(self, theta: Array, grad: Array, state: State, t: int, lr: float = 0.01, momentum: float = 0.9) -> tuple[Array, State]:
        f, v = theta.dtype.type, state["v"]
        if self.lost and not self.begun:
            v = np.zeros_like(v)
        self.begun = True
        v = np.asarray(f(momentum) * v + f(lr) * grad)
        return np.asarray(theta - v), {"v": v}


class VelocityLost(Momentum):
    lost = True

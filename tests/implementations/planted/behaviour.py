"""Programs that behave badly. `expected` says how:

no_answer   raises, or returns what is not an answer
mutates     gives right numbers and changes its inputs
hidden      gives right numbers, not all of its state in the dictionary or under the rule's names
noisy       gives right numbers and writes to stdout
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from ..arithmetic import rounded
from ..program import Array, Planted, Program, Result, State, planted, program


def _momentum(theta: Array, grad: Array, v: Array, lr: float, momentum: float) -> tuple[Array, Array]:
    decay, rate = rounded(theta, momentum, lr)
    new = np.asarray(decay * v + rate * grad)
    return np.asarray(theta - new), new


# No answer


def raises_in_factory() -> Program:
    """The factory raises."""
    raise RuntimeError("no such device")


@program("v")
def raises_in_step(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Every step raises."""
    raise ValueError("cannot update\nfor two reasons")


@program("v")
def raises_at_step_three(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Two good steps, then an exception."""
    if t == 3:
        raise ZeroDivisionError("float division by zero")
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    return new, {"v": v}


@program("v")
def exits(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Calls sys.exit in the middle of a step."""
    sys.exit(7)


@program("v")
def wrong_shape(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta comes back one element short."""
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    return new.ravel()[:-1], {"v": v}


@program("v")
def wrong_state_shape(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v comes back as a column."""
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    return new, {"v": v.reshape(-1, 1)}


@program("v")
def wrong_dtype(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """float32 for float64, float64 for all else."""
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    return new.astype(np.float32 if theta.dtype == np.float64 else np.float64), {"v": v}


@program("v")
def state_lost(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The new state has no key at all, so the second step raises."""
    new, _ = _momentum(theta, grad, state["v"], lr, momentum)
    return new, {}


class _Answering:
    """Returns whatever it was made with."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def init(self, theta: Array) -> State:
        return {"v": np.zeros_like(theta)}

    def step(self, theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Any:
        new, v = _momentum(theta, grad, state["v"], lr, momentum)
        answers = {"none": None, "theta": new, "lists": (new.tolist(), {"v": v.tolist()}), "three": (new, {"v": v}, t)}
        return answers[self.answer]


def returns_none() -> _Answering:
    """step returns None."""
    return _Answering("none")


def returns_only_theta() -> _Answering:
    """step returns theta without a state."""
    return _Answering("theta")


def returns_lists() -> _Answering:
    """step returns lists for arrays."""
    return _Answering("lists")


def returns_three_things() -> _Answering:
    """step returns theta, the state and the counter."""
    return _Answering("three")


class _WithoutStep:
    def init(self, theta: Array) -> State:
        return {"v": np.zeros_like(theta)}


def without_step() -> _WithoutStep:
    """The object has no step."""
    return _WithoutStep()


class _ListState:
    def init(self, theta: Array) -> list[Array]:
        return [np.zeros_like(theta)]

    def step(
        self, theta: Array, grad: Array, state: list[Array], t: int, *, lr: float, momentum: float
    ) -> tuple[Array, list[Array]]:
        new, v = _momentum(theta, grad, state[0], lr, momentum)
        return new, [v]


def init_returns_list() -> _ListState:
    """The state is a list."""
    return _ListState()


# Changed inputs


@program("v")
def mutates_theta(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Updates the caller's theta in place and returns it."""
    theta[...], v = _momentum(theta, grad, state["v"], lr, momentum)
    return theta, {"v": v}


@program("v")
def mutates_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Uses the caller's gradient as its scratch array."""
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    grad *= rounded(grad, lr)[0]
    return new, {"v": v}


@program("v")
def mutates_state(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Updates the caller's state in place and returns it."""
    new, state["v"][...] = _momentum(theta, grad, state["v"], lr, momentum)
    return new, state


# Hidden state


@program("v")
def master_copy(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Keeps theta and v in float32 under private keys: correct, and better than one rounding a step."""
    if theta.dtype.itemsize > 2:
        new, v = _momentum(theta, grad, state["v"], lr, momentum)
        return new, {"v": v}
    master, velocity = (
        kept if kept is not None and (kept.astype(theta.dtype) == seen).all() else seen.astype(np.float32)
        for kept, seen in ((state.get("master"), theta), (state.get("velocity"), state["v"]))
    )
    master, velocity = _momentum(master, grad.astype(np.float32), velocity, lr, momentum)
    visible = {"v": velocity.astype(theta.dtype), "master": master, "velocity": velocity}
    return master.astype(theta.dtype), visible


class _OnSelf:
    """Keeps its velocity on the object."""

    def __init__(self, shows: bool) -> None:
        self.shows = shows
        self.velocity: Array | None = None

    def init(self, theta: Array) -> State:
        self.velocity = np.zeros_like(theta)
        return {"v": self.velocity} if self.shows else {}

    def step(self, theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
        old = np.zeros_like(theta) if self.velocity is None else self.velocity
        new, self.velocity = _momentum(theta, grad, old, lr, momentum)
        return new, {"v": self.velocity} if self.shows else {}


def hidden_on_self() -> _OnSelf:
    """The state is on the object and the dictionary is empty."""
    return _OnSelf(shows=False)


def ignores_given_state() -> _OnSelf:
    """The state is on the object; the dictionary shows it and is never read."""
    return _OnSelf(shows=True)


# Noise


@program("v")
def prints(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Writes a line to stdout at every step."""
    print(f'{{"kind": "footer", "step": {t}}}')
    new, v = _momentum(theta, grad, state["v"], lr, momentum)
    return new, {"v": v}


PROGRAMS: tuple[Planted, ...] = (
    planted("momentum", raises_in_factory, "no_answer"),
    planted("momentum", raises_in_step, "no_answer"),
    planted("momentum", raises_at_step_three, "no_answer"),
    planted("momentum", exits, "no_answer"),
    planted("momentum", wrong_shape, "no_answer"),
    planted("momentum", wrong_state_shape, "no_answer"),
    planted("momentum", wrong_dtype, "no_answer"),
    planted("momentum", state_lost, "no_answer"),
    planted("momentum", returns_none, "no_answer"),
    planted("momentum", returns_only_theta, "no_answer"),
    planted("momentum", returns_lists, "no_answer"),
    planted("momentum", returns_three_things, "no_answer"),
    planted("momentum", without_step, "no_answer"),
    planted("momentum", init_returns_list, "no_answer"),
    planted("momentum", mutates_theta, "mutates"),
    planted("momentum", mutates_gradient, "mutates"),
    planted("momentum", mutates_state, "mutates"),
    planted("momentum", master_copy, "hidden"),
    planted("momentum", hidden_on_self, "hidden"),
    planted("momentum", ignores_given_state, "hidden"),
    planted("momentum", prints, "noisy"),
)

"""What the generated modules share: scalars in binary64, and the gradient transformation around a change. Needs jax only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

Number = Any
"""A Python number, or a JAX scalar, which may be traced."""
Schedule = Callable[[Any], Any]
"""The learning rate of step k = 0, 1, 2, ..."""


class State(NamedTuple):
    """How many updates there were, and the state of the rule: for each name a tree like the parameters."""

    count: Any
    kept: dict[str, Any]


class GradientTransformation(NamedTuple):
    """The pair of functions that optax calls a gradient transformation; optax.chain and optax.apply_updates take it."""

    init: Callable[[Any], State]
    update: Callable[..., tuple[Any, State]]


def doubles(*values: Number) -> tuple[Any, ...]:
    """Scalars in binary64. Inside `with jax.enable_x64(True)`. Raises ValueError for an array of several values where the rule keeps one."""
    for x in values:
        if jnp.ndim(x):
            raise ValueError(f"an array of shape {jnp.shape(x)} stands where the rule keeps one value")
    return tuple(jnp.asarray(x, jnp.float64) for x in values)


def whole(*values: Number) -> tuple[Any, ...]:
    """Whole numbers in 64 bits. Inside `with jax.enable_x64(True)`."""
    return tuple(jnp.asarray(x, jnp.int64) for x in values)


@jax.jit
def ilog(x: Any, base: Any) -> Any:
    """The integer logarithm: the largest i with base**i <= x; 0 where x < 1 or base < 2."""

    def divide(carried: tuple[Any, Any]) -> tuple[Any, Any]:
        left, found = carried
        return left // base, found + 1

    _, found = jax.lax.while_loop(lambda carried: (base >= 2) & (base <= carried[0]), divide, (x, jnp.zeros_like(x)))
    return found


def power(base: Any, exponent: Any) -> Any:
    """An integer power by repeated squaring: products of binary64 numbers only, the same bits in every language."""

    def square(_: int, carried: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
        result, factor, left = carried
        return jnp.where(left % 2 == 1, result * factor, result), factor * factor, left // 2

    result, _, _ = jax.lax.fori_loop(0, 63, square, (jnp.ones_like(base), base, jnp.abs(exponent)))
    return jnp.where(exponent >= 0, result, 1 / result)


def total(x: Any) -> Any:
    """The sum of all elements, in the array's dtype; of dtypes with 16 bits added up in float32 and rounded once."""
    return jnp.sum(x) if x.dtype.itemsize >= 4 else jnp.sum(x, dtype=jnp.float32).astype(x.dtype)


def refuse(outside: Callable[..., str | None], domain: Mapping[str, str], **hyper: Any) -> None:
    """Raises ValueError for a Python number outside its domain; schedules and what is traced are not looked at."""
    wrong = outside(**{name: x for name, x in hyper.items() if isinstance(x, (int, float))})
    if wrong is not None:
        raise ValueError(f"{wrong} = {hyper[wrong]!r} is outside {domain[wrong]}")


def transformation(
    init: Callable[..., dict[str, Any]], change: Callable[..., tuple[Any, dict[str, Any]]], further: tuple[str, ...] = (), /, **hyper: Any
) -> GradientTransformation:
    """The gradient transformation of a rule. A hyperparameter may be a schedule: a function of the number of updates before.

    `further` names what an update is given beside the gradients: update(gradients, state, params, noise=...), trees like the parameters.
    """

    def start(params: Any) -> State:
        tree: Any
        leaves, tree = jax.tree_util.tree_flatten(params)
        states = [init(x) for x in leaves]
        names = states[0] if states else {}
        return State(jnp.zeros([], jnp.int32), {name: tree.unflatten([s[name] for s in states]) for name in names})

    def update(updates: Any, state: State, params: Any = None, **inputs: Any) -> tuple[Any, State]:
        if params is None:
            raise ValueError("the rule needs the parameters: update(gradients, state, params)")
        if lacking := [name for name in further if name not in inputs]:
            raise ValueError(f"the rule needs {', '.join(lacking)}: update(gradients, state, params, {', '.join(f'{name}=...' for name in further)})")
        now = {name: x(state.count) if callable(x) else x for name, x in hyper.items()}
        tree: Any
        leaves, tree = jax.tree_util.tree_flatten(params)
        kept = {name: tree.flatten_up_to(x) for name, x in state.kept.items()}
        beside = [tree.flatten_up_to(inputs[name]) for name in further]
        count = state.count + 1
        changes, states = [], []
        for i, (theta, g) in enumerate(zip(leaves, tree.flatten_up_to(updates), strict=True)):
            moved, after = change(theta, g, *(x[i] for x in beside), {name: x[i] for name, x in kept.items()}, count, **now)
            changes.append(moved)
            states.append(after)
        return tree.unflatten(changes), State(count, {name: tree.unflatten([s[name] for s in states]) for name in kept})

    return GradientTransformation(start, update)

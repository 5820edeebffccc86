"""Train states: objects that hold parameters, a transformation and its state, and apply gradients themselves (flax' TrainState, one's own of that kind).

What is judged is their own `apply_gradients`, which a subclass may have changed. An optimizer of flax' NNX updates a model in place; it is judged by
its transformation, where the update is flax' own.
"""

from __future__ import annotations

import dataclasses
from typing import Any

TX, APPLY, PARAMS, STATE = "tx", "apply_gradients", "params", "opt_state"
"""The attributes that flax has given their names."""
UPDATE, FLAX = "update", "flax"


def applies_gradients(made: Any) -> bool:
    """True for a train state: an object that is replaced by the one after an update."""
    return not isinstance(made, type) and {PARAMS, STATE, TX} <= _fields(made) and callable(getattr(made, APPLY, None))


def updates_as_flax(made: Any) -> bool:
    """True for an optimizer that updates a model in place, by flax' own code."""
    return not isinstance(made, type) and hasattr(made, TX) and getattr(getattr(type(made), UPDATE, None), "__module__", "").partition(".")[0] == FLAX


def _fields(made: Any) -> set[str]:
    return set(getattr(made, "_fields", ())) or ({f.name for f in dataclasses.fields(made)} if dataclasses.is_dataclass(made) else set())


def _with(made: Any, values: dict[str, Any]) -> Any:
    return made._replace(**values) if hasattr(made, "_replace") else dataclasses.replace(made, **values)


def rest_of(made: Any, params: Any) -> dict[str, Any]:
    """The values that a train state keeps beside its parameters and the state of its transformation: its counter, an average of the parameters.

    What has the structure of its parameters begins as those of a run, `params`.
    """
    import jax

    like = getattr(made, PARAMS)
    found = {n: getattr(made, n) for n in sorted(_fields(made) - {PARAMS, STATE, TX})}
    kept = {n: x for n, x in found.items() if (leaves := jax.tree.leaves(x)) and all(hasattr(y, "dtype") or isinstance(y, int | float) for y in leaves)}
    same = {n for n, x in kept.items() if hasattr(like, "keys") and bool(jax.tree.structure(x) == jax.tree.structure(like))}  # type: ignore[operator]
    return {n: params if n in same else x for n, x in kept.items()}


def applied(made: Any, grads: Any, state: tuple[Any, dict[str, Any]], params: Any) -> tuple[Any, tuple[Any, dict[str, Any]]]:
    """The parameters, and the state of the transformation with the rest, after an update."""
    inside, rest = state
    later = getattr(_with(made, {**rest, PARAMS: params, STATE: inside}), APPLY)(grads=grads)
    return getattr(later, PARAMS), (getattr(later, STATE), {n: getattr(later, n) for n in rest})

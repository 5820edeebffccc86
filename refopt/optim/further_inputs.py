"""The further inputs of a step, as a person hands them in beside the gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from refopt.errors import RefoptError
from refopt.optim.arrays import Key, named


def handed_in(
    rule: str, wanted: Sequence[str], inputs: Mapping[str, Any], keys: Iterable[Key], gradients: Sequence[Any]
) -> list[dict[Key, Any]]:
    """By parameter the arrays of each input that the rule has, in its order; None where the parameter has no gradient.

    Raises RefoptError for an input that is missing or that the rule has not.
    """
    if inputs.keys() != set(wanted):
        told = f"{rule} is given {', '.join(wanted) or 'nothing'} beside the gradients, not {', '.join(sorted(inputs)) or 'nothing'}"
        raise RefoptError(told, help=f"step(grads, {', '.join(f'{name}=...' for name in wanted)})" if wanted else "step(grads)")
    found, moving = [], dict(zip(keys, gradients, strict=True))
    for name in wanted:
        given = named(inputs[name], name)
        if lacking := [key for key, g in moving.items() if g is not None and given.get(key) is None]:
            raise RefoptError(f"{name} of {lacking[0]!r} is missing", help="hand it in as the gradients are")
        found.append({key: None if g is None else given[key] for key, g in moving.items()})
    return found

"""Objects around an optimizer of torch that are none themselves, such as slow weights or a rate of their own: their step is judged."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

from refopt.errors import RefoptError
from refopt.frameworks.subject import Subject


def inner_of(made: Any) -> Any:
    """The optimizer of torch that an object with a step() of no arguments holds; None where it is no such object."""
    import torch

    if isinstance(made, torch.optim.Optimizer | type) or callable(getattr(made, "init", None)) or not callable(getattr(made, "step", None)):
        return None
    needed = [p for p in inspect.signature(made.step).parameters.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if needed or not hasattr(made, "__dict__"):
        return None
    held = [x for x in vars(made).values() if isinstance(x, torch.optim.Optimizer)]
    return held[0] if len(held) == 1 and held[0].param_groups and not hasattr(made, "get_last_lr") else None


def around(made: Any) -> Any:
    """The object as an optimizer of torch's kind: its own step(), its own state_dict() where it has one, else that of what it holds."""
    return _kind()(made, inner_of(made))


@cache
def _kind() -> type:
    import torch

    class Around(torch.optim.Optimizer):
        """Groups and state are those of the optimizer inside."""

        def __init__(self, outer: Any, inner: Any) -> None:
            self.outer, self.inner, self.defaults = outer, inner, inner.defaults
            self.step = outer.step  # type: ignore[method-assign]
            holder = outer if all(callable(getattr(outer, n, None)) for n in ("state_dict", "load_state_dict")) else inner
            self.state_dict, self.load_state_dict = holder.state_dict, holder.load_state_dict  # type: ignore[method-assign]

        @property
        def param_groups(self) -> Any:  # type: ignore[override]
            """Those of the optimizer inside, which loading replaces."""
            return self.inner.param_groups

        @property
        def state(self) -> Any:  # type: ignore[override]
            """The state of the optimizer inside."""
            return self.inner.state

    return Around


def refuse_made_already(subject: Subject) -> None:
    """Raises RefoptError for an object around an optimizer that has its parameters, and for a class of such objects: a function is needed that makes both."""
    made = subject.made
    if isinstance(made, type):
        try:
            first = next((p for p in inspect.signature(made).parameters.values() if p.name not in subject.arguments and p.default is p.empty), None)
        except (TypeError, ValueError):
            return
        if first is None or not is_an_optimizer(first.name) or not callable(getattr(made, "step", None)):
            return
        told, name = f"{subject.name} is made of an optimizer, and it is not said of which", made.__name__
    elif inner_of(made) is not None:
        told, name = f"{subject.name} holds an optimizer that has its parameters", type(made).__name__
    else:
        return
    raise RefoptError(told, help=f"name a function that makes both: def make(params, lr=0.001): return {name}(torch.optim.Adam(params, lr=lr))")


def is_an_optimizer(name: str) -> bool:
    """True where an argument of this name is an optimizer."""
    return "optim" in name.lower() or name.lower() == "opt"

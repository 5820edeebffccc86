"""A second parameter group, by measurement: its tensors get its own values where the first group and the constructor have others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refopt.conformance.protocol.in_process import quiet
from refopt.frameworks.argument_names import Place, arguments_for
from refopt.language.role import Role

UPDATES = 3
CLOSE = 1e-9
"""Relative distance within which values are the same: three updates in binary64 lose less."""
OTHER = {Role.DECAY: 0.3, Role.MOMENTUM: 0.3, Role.WEIGHT_DECAY: 0.3, Role.RATE: 0.7}
"""Values of the first group, by role; of other roles they stay what they are."""
BROKEN = "in a second parameter group its tensors do not get that group's values: the cases of several tensors are run in one"


@dataclass(frozen=True)
class Grouped:
    """Parameters in a second group: the first has a tensor of its own, and other values, which the constructor is given too.

    make    the optimizer, from a list of parameters or groups and keyword arguments
    values  arguments of the tensors that are judged
    others  those of the first group
    """

    make: Callable[..., Any]
    values: Mapping[str, Any]
    others: Mapping[str, Any]

    def optimizer(self, params: Sequence[Any]) -> Any:
        """An optimizer of these parameters in the second group."""
        import torch

        first = torch.nn.Parameter(torch.ones(2, dtype=params[0].dtype))
        first.grad = torch.ones_like(first)
        made = self.make([{"params": [first]}, {"params": list(params)}], **{**self.values, **self.others})
        made.param_groups[1].update({n: x for n, x in self.values.items() if n in made.param_groups[1]})
        return made


def other_values(roles: Mapping[str, Role]) -> dict[str, float]:
    """Values of the first group, of the hyperparameters whose role has another one."""
    return {n: OTHER[r] for n, r in roles.items() if r in OTHER}


def others(places: Mapping[str, Place], roles: Mapping[str, Role], pair: Sequence[float]) -> dict[str, Any]:
    """Arguments of other values, of the hyperparameters whose role has one."""
    return arguments_for(places, other_values(roles), pair)


def is_broken(of: Grouped, closure: Callable[[Any], tuple[Any, ...]]) -> bool:
    """True where tensors in a second group move otherwise than in one group of the same values, and another tensor beside them changes nothing.

    False where it takes no groups.
    """
    import torch

    random = torch.Generator().manual_seed(3)
    theta = [torch.rand(3, generator=random, dtype=torch.float64) + 1 for _ in range(2)]
    grads = [[torch.rand(3, generator=random, dtype=torch.float64) + 0.5 for _ in theta] for _ in range(UPDATES)]

    def moved(make: Callable[[list[Any]], Any]) -> list[Any] | None:
        params = [torch.nn.Parameter(x.clone()) for x in theta]
        try:
            with quiet():
                made = make(params)
                for row in grads:
                    for p, g in zip(params, row, strict=True):
                        p.grad = g.clone()
                    made.step(*closure(made.step))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return None
        return [p.detach() for p in params]

    def beside(params: list[Any]) -> Any:
        other = torch.nn.Parameter(torch.ones(2, dtype=torch.float64))
        other.grad = torch.ones_like(other)
        return of.make([other, *params], **of.values)

    alone, together, apart = moved(lambda params: of.make(params, **of.values)), moved(beside), moved(of.optimizer)
    if alone is None or together is None or apart is None or _differ(alone, together):
        return False
    return _differ(alone, apart)


def _differ(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return any(bool((abs(x - y) > CLOSE * abs(x)).any()) for x, y in zip(a, b, strict=True))

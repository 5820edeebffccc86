"""What the generated modules share: scalars rounded once, integer powers, and the optimizer around an update. Needs torch only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer


def ilog(x: int, base: int) -> int:
    """The integer logarithm: the largest i with base**i <= x; 0 where x < 1 or base < 2."""
    found = 0
    while 2 <= base <= x:
        x, found = x // base, found + 1
    return found


def power(base: float, exponent: int) -> float:
    """An integer power by repeated squaring: products of binary64 numbers only, the same bits in every language."""
    result, factor, left = 1.0, float(base), abs(exponent)
    while left:
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result if exponent >= 0 else 1 / result


def sign(x: Tensor) -> Tensor:
    """-1, 0 or 1; NaN for NaN, of which torch.sign makes 0."""
    return torch.where(torch.isnan(x), x, torch.sign(x))


def cbrt(x: Tensor) -> Tensor:
    """The cube root, which torch has not: a power of a third, whose exponent is rounded, and a step of Newton's from there."""
    wide = torch.abs(x).to(torch.promote_types(x.dtype, torch.float32))
    small = wide < 1e-30
    wide = torch.where(small, wide * 2.0**90, wide)
    root = torch.pow(wide, 1 / 3)
    better = root - (root * root * root - wide) / (3 * root * root)
    root = torch.where(torch.isfinite(better), better, root)
    return torch.copysign(torch.where(small, root * 2.0**-30, root).to(x.dtype), x)


def larger(a: Any, b: Any) -> Tensor:
    """The larger one, where one of them is a scalar that was rounded."""
    return torch.maximum(a, b)


def smaller(a: Any, b: Any) -> Tensor:
    """The smaller one, where one of them is a scalar that was rounded."""
    return torch.minimum(a, b)


def total(x: Tensor) -> Tensor:
    """The sum of all elements, in the tensor's dtype; of dtypes with 16 bits added up in float32 and rounded once."""
    return x.sum() if x.element_size() >= 4 else x.sum(dtype=torch.float32).to(x.dtype)


def rounder(theta: Tensor) -> Callable[[float], Any]:
    """The function that rounds a binary64 scalar once, to nearest, to the dtype of theta. Tensors on any device take the result."""
    if theta.dtype in (torch.float64, torch.float32):
        return lambda x: torch.tensor(x, dtype=torch.float64).to(theta.dtype)
    return lambda x: _to_odd_float32(torch.tensor(x, dtype=torch.float64)).to(theta.dtype)


def _to_odd_float32(x: Tensor) -> Tensor:
    """x in float32, an inexact one with an odd last digit: then a second rounding, to a narrower format, acts as one on x."""
    near = x.to(torch.float32)
    if not torch.isfinite(near) or near.to(torch.float64) == x:
        return near
    if near.to(torch.float64).abs() > x.abs():
        near = torch.nextafter(near, torch.zeros(()))
    return (near.view(torch.int32) | 1).view(torch.float32)


class RuleOptimizer(Optimizer):
    """A torch.optim.Optimizer around `init` and `update` of one tensor. Each parameter counts its own updates in `state[p]["step"]`."""

    domain: ClassVar[Mapping[str, str]]
    outside: ClassVar[Callable[..., str | None]]
    init: ClassVar[Callable[..., dict[str, Tensor]]]
    starting: ClassVar[tuple[str, ...]] = ()
    """The hyperparameters that a state starts from."""
    inputs: ClassVar[tuple[str, ...]] = ()
    """The further inputs of an update."""
    update: ClassVar[Callable[..., tuple[Tensor, dict[str, Tensor]]]]

    def __init__(self, params: Iterable[Any], hyper: dict[str, float]) -> None:
        self.names = tuple(hyper)
        super().__init__(params, dict(hyper))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """As torch's own. Raises ValueError for a hyperparameter outside its domain."""
        hyper = {**self.defaults, **param_group}
        wrong = type(self).outside(*(hyper[name] for name in self.names))
        if wrong is not None:
            raise ValueError(f"{wrong} = {hyper[wrong]!r} is outside {self.domain[wrong]}")
        super().add_param_group(param_group)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """As torch's own. Raises ValueError for a state that has another shape than this rule's has for that parameter."""
        held = (p for group in self.param_groups for p in group["params"])
        for number, p in zip((n for group in state_dict["param_groups"] for n in group["params"]), held, strict=False):
            given = state_dict["state"].get(number, {})
            start = type(self).init(p, **{name: self.defaults[name] for name in self.starting})
            for name in start.keys() & given.keys():
                shape, wanted = tuple(getattr(given[name], "shape", ())), tuple(getattr(start[name], "shape", ()))
                if shape != wanted:
                    raise ValueError(f"{name} of parameter {number} has the shape {shape}; the rule keeps {wanted or 'one value'}")
        super().load_state_dict(state_dict)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None, **inputs: Sequence[Tensor | None]) -> Any:
        """One update of every parameter that has a gradient. `inputs`: by name what it is given beside that, one tensor a parameter in their order.

        Raises ValueError for an input that is missing, or that the rule has not.
        """
        if inputs.keys() != set(self.inputs):
            raise ValueError(f"{type(self).__name__} is given {', '.join(self.inputs) or 'nothing'} beside the gradient, not {', '.join(inputs) or 'nothing'}")
        places = {p: i for i, p in enumerate(p for group in self.param_groups for p in group["params"])}
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            hyper = {name: group[name] for name in self.names}
            for p in group["params"]:
                if p.grad is not None:
                    self._step_one(p, hyper, [inputs[name][places[p]] for name in self.inputs])
        return loss

    def _step_one(self, p: Tensor, hyper: dict[str, float], further: Sequence[Tensor | None]) -> None:
        g = p.grad
        assert g is not None
        if g.is_sparse or p.is_complex():
            raise ValueError(f"{type(self).__name__} takes dense real gradients only")
        state = self.state[p]
        if not state:
            state["step"] = 0
            state.update(type(self).init(p, **{name: x for name, x in hyper.items() if name in self.starting}))
        kept = {name: x for name, x in state.items() if name != "step"}
        theta, kept = type(self).update(p, g, *further, kept, int(state["step"]) + 1, **hyper)
        state["step"] += 1
        # a state that is the gradient itself would change with the next one, which is put into the same tensor
        state.update({name: x.clone() if x is g or x is p else x for name, x in kept.items()})
        p.copy_(theta)

"""torch in `refopt bench`: torch.optim's three ways of computing an update, each as one update of one tensor, and of many.

The foreach Nesterov of torch changes the gradient too; None stands for what torch does not have (a fused RMSprop, a Lion).
"""

from __future__ import annotations

import importlib
from typing import Any

from refopt.frameworks.installed import is_installed
from refopt.frameworks.measured import Make, Measured, Step

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 1e-2}),
    "momentum": ("SGD", {"lr": 1e-2, "momentum": 0.9}),
    "nesterov": ("SGD", {"lr": 1e-2, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"lr": 1e-3, "alpha": 0.9}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamax": ("Adamax", {}),
    "adagrad": ("Adagrad", {}),
    "adadelta": ("Adadelta", {}),
    "nadam": ("NAdam", {}),
    "radam": ("RAdam", {}),
}
"""By rule: the class that computes it, and its arguments."""


def _contender(**how: bool) -> Make:
    def make(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
        if not is_installed("torch") or rule not in OPTIMIZERS:
            return None
        import torch

        torch.set_num_threads(threads)
        name, arguments = OPTIMIZERS[rule]
        parameter = torch.nn.Parameter(torch.from_numpy(theta))
        parameter.grad = torch.from_numpy(g)
        try:
            made = getattr(torch.optim, name)([parameter], **arguments, **how)
        except (TypeError, RuntimeError):
            return None
        return lambda: made.step()

    return make


def _small_tensors(count: int, elements: int) -> tuple[Step, str]:
    import torch

    def step() -> None:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            made.step()
        finally:
            torch.set_num_threads(threads)

    parameters = [torch.ones(elements, requires_grad=True) for _ in range(count)]
    for p in parameters:
        p.grad = torch.ones(elements)
    made = torch.optim.Adam(parameters, foreach=True)
    return step, "torch.optim.Adam(foreach=True)"


def _prepare() -> None:
    for module in ("torch", "torch._dynamo"):
        importlib.import_module(module)


MEASURED = Measured(
    "torch",
    {"torch fused": _contender(fused=True), "torch foreach": _contender(foreach=True), "torch loop": _contender(foreach=False)},
    "fused, foreach, loop: of torch.optim",
    "torch fused",
    {
        "torch-adam": "torch.optim.Adam",
        "torch-amsgrad": "torch.optim.Adam(amsgrad=True)",
        "torch-adamw": "torch.optim.AdamW",
        "torch-rmsprop": "torch.optim.RMSprop",
        "torch-momentum": "torch.optim.SGD(momentum=0.9)",
        "torch-nesterov": "torch.optim.SGD(momentum=0.9, nesterov=True)",
        "torch-cosine": "torch.optim.lr_scheduler.CosineAnnealingLR",
    },
    _prepare,
    "torch.optim.Adam",
    _small_tensors,
)

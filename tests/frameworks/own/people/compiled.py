"""Steps that torch compiles."""

import torch
from torch.optim import Optimizer


@torch.compile
def momentum_update(param, grad, velocity, lr=0.01, momentum=0.9):
    velocity.mul_(momentum).add_(grad, alpha=lr)
    param.sub_(velocity)


@torch.compile
def momentum_update_wrong(param, grad, velocity, lr=0.01, momentum=0.9):
    velocity.mul_(momentum).sub_(grad, alpha=lr)
    param.sub_(velocity)


class CompiledRMSprop(Optimizer):
    """The step of each object is compiled."""

    inside = False

    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps))
        self.step = torch.compile(self.step, backend="eager")

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["v"] = torch.zeros_like(p)
                state["v"].mul_(group["rho"]).addcmul_(p.grad, p.grad, value=1 - group["rho"])
                root = (state["v"] + group["eps"]).sqrt() if self.inside else state["v"].sqrt().add_(group["eps"])
                p.addcdiv_(p.grad, root, value=-group["lr"])


class CompiledRMSpropWrong(CompiledRMSprop):
    inside = True

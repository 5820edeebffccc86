"""Optimizers for torch, a right and a wrong one of each kind."""

import torch
from torch.optim import Optimizer

class ForeachRMSprop(Optimizer):
    """State created when it is first needed, all tensors at once."""
    new = lambda self, rho: 1 - rho
    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8, foreach=True):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, foreach=foreach))
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            ps = [p for p in g["params"] if p.grad is not None]
            if not ps:
                continue
            for p in ps:
                if "ms" not in self.state[p]:
                    self.state[p]["ms"] = torch.zeros_like(p)
            grads, ms = [p.grad for p in ps], [self.state[p]["ms"] for p in ps]
            torch._foreach_mul_(ms, g["rho"])
            torch._foreach_addcmul_(ms, grads, grads, value=self.new(g["rho"]))
            den = torch._foreach_sqrt(ms)
            torch._foreach_add_(den, g["eps"])
            torch._foreach_addcdiv_(ps, grads, den, value=-g["lr"])

class ForeachRMSpropWrong(ForeachRMSprop):
    new = lambda self, rho: rho

class TupleAdam(Optimizer):
    """The state is one tuple; a closure is required."""
    second = "b2"
    def __init__(self, params, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
        super().__init__(params, dict(lr=lr, b1=b1, b2=b2, eps=eps))
    def step(self, closure):
        loss = closure()
        with torch.no_grad():
            for g in self.param_groups:
                for p in g["params"]:
                    if p.grad is None:
                        continue
                    m, v, t = self.state[p].get("mvt", (torch.zeros_like(p), torch.zeros_like(p), 0))
                    t += 1
                    m = g["b1"] * m + (1 - g["b1"]) * p.grad
                    v = g["b2"] * v + (1 - g["b2"]) * p.grad ** 2
                    self.state[p]["mvt"] = (m, v, t)
                    p -= g["lr"] * (m / (1 - g["b1"] ** t)) / (torch.sqrt(v / (1 - g[self.second] ** t)) + g["eps"])
        return loss

class TupleAdamWrong(TupleAdam):
    second = "b1"

class ShrinkingAdamW(Optimizer):
    """Its state goes by the rule's own names, its decay by another."""
    def __init__(self, params, learning_rate=1e-3, betas=(0.9, 0.999), epsilon=1e-8, shrink=0.01):
        super().__init__(params, dict(lr=learning_rate, betas=betas, eps=epsilon, shrink=shrink))
    def factor(self, g):
        return 1 - g["lr"] * g["shrink"]
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            b1, b2 = g["betas"]
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["step"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["step"] += 1
                p.mul_(self.factor(g))
                s["m"].lerp_(p.grad, 1 - b1)
                s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                m_hat, v_hat = s["m"] / (1 - b1 ** s["step"]), s["v"] / (1 - b2 ** s["step"])
                p.add_(m_hat / (v_hat.sqrt() + g["eps"]), alpha=-g["lr"])

class ShrinkingAdamWWrong(ShrinkingAdamW):
    def factor(self, g):
        return 1 - g["shrink"]

class MySGD(Optimizer):
    def __init__(self, params, lr=0.1, mom=0.0, nesterov=False):
        super().__init__(params, dict(lr=lr, mom=mom, nesterov=nesterov))
    def sign(self):
        return 1
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    old = self.state[p].get("v")
                    self.state[p]["v"] = g["lr"] * p.grad if old is None else g["mom"] * old + self.sign() * g["lr"] * p.grad
                    p -= self.state[p]["v"]

class MySGDWrong(MySGD):
    def sign(self):
        return -1

def make_momentum(params, lr=0.1, momentum=0.9):
    return MySGD(params, lr, momentum)

def make_momentum_wrong(model, lr=0.1, momentum=0.9):
    return MySGDWrong(model.parameters(), lr, momentum)

class FirstGroupSGD(Optimizer):
    """It takes the rate of the first group for all; `lr` has no default."""
    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    p.sub_(self.param_groups[self.place(g)]["lr"] * p.grad)
    def place(self, g):
        return 0

class EachGroupSGD(FirstGroupSGD):
    def place(self, g):
        return [id(x) for x in self.param_groups].index(id(g))

class SwitchingAdam(Optimizer):
    """Its decay does nothing; amsgrad keeps the least volume."""
    def __init__(self, params, alpha=1e-3, b1=0.9, b2=0.999, epsilon=1e-8, wd=0.0, amsgrad=False):
        super().__init__(params, dict(alpha=alpha, b1=b1, b2=b2, epsilon=epsilon, wd=wd, amsgrad=amsgrad))
    larger = staticmethod(torch.minimum)
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["k"], s["first"], s["second"], s["most"] = 0, torch.zeros_like(p), torch.zeros_like(p), torch.zeros_like(p)
                s["k"] += 1
                s["first"].mul_(g["b1"]).add_(p.grad, alpha=1 - g["b1"])
                s["second"].mul_(g["b2"]).addcmul_(p.grad, p.grad, value=1 - g["b2"])
                v = s["second"]
                if g["amsgrad"]:
                    s["most"] = v = self.larger(s["most"], v)
                p.addcdiv_(s["first"] / (1 - g["b1"] ** s["k"]), (v / (1 - g["b2"] ** s["k"])).sqrt() + g["epsilon"], value=-g["alpha"])

class RightlySwitchingAdam(SwitchingAdam):
    larger = staticmethod(torch.maximum)

class ReshapingSGD(MySGD):
    @torch.no_grad()
    def step(self, closure=None):
        for p in self.param_groups[0]["params"]:
            p.data = p.data.reshape(-1)[:1]

class ClimbingSGD(EachGroupSGD):
    """Up the hill."""
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    p.add_(g["lr"] * p.grad)

class Trainer:
    """An optimizer of torch inside an object that is none."""
    def __init__(self, params, lr=0.1):
        self.opt = EachGroupSGD(params, lr=lr)
    def step(self):
        self.opt.step()

class ClimbingTrainer(Trainer):
    def __init__(self, params, lr=0.1):
        self.opt = ClimbingSGD(params, lr=lr)

class DecouplingAdam(Optimizer):
    """Decoupled, it forgets the rate; it does not climb where it is to; centered, it keeps a mean too."""
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False, maximize=False, centered=False):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, decoupled=decoupled, maximize=maximize, centered=centered))
    share = staticmethod(lambda group: group["weight_decay"])
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                g, s = p.grad, self.state[p]
                if not s:
                    s["t"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["t"] += 1
                if group["decoupled"]:
                    p.mul_(1 - self.share(group))
                else:
                    g = g + group["weight_decay"] * p
                s["m"].mul_(b1).add_(g, alpha=1 - b1)
                s["v"].mul_(b2).addcmul_(g, g, value=1 - b2)
                m_hat, v_hat = s["m"] / (1 - b1 ** s["t"]), s["v"] / (1 - b2 ** s["t"])
                v_hat = v_hat - 0.5 * m_hat ** 2 if group["centered"] else v_hat
                p.addcdiv_(m_hat, v_hat.sqrt().add_(group["eps"]), value=-group["lr"])

class RightlyDecouplingAdam(DecouplingAdam):
    share = staticmethod(lambda group: group["lr"] * group["weight_decay"])

class LessPatientAdam(torch.optim.Adam):
    """Two constants of its own."""
    def __init__(self, params, lr=1e-3):
        super().__init__(params, lr=lr, betas=(0.9, 0.99))

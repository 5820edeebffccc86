"""Objects around an optimizer of torch, as in papers' code and in libraries for training."""

import torch


class WithEma:
    """An average of the weights beside them."""

    def __init__(self, optimizer, decay=0.999):
        self.optimizer, self.decay = optimizer, decay
        self.shadow = [p.detach().clone() for g in optimizer.param_groups for p in g["params"]]

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self, closure=None):
        self.optimizer.step(closure)
        with torch.no_grad():
            for s, p in zip(self.shadow, (p for g in self.optimizer.param_groups for p in g["params"])):
                s.mul_(self.decay).add_(p, alpha=1 - self.decay)


class Lookahead:
    """Slow weights: no subclass of torch's optimizers."""

    def __init__(self, optimizer, k=5, alpha=0.5):
        self.optimizer, self.k, self.alpha, self.counter = optimizer, k, alpha, 0
        self.slow = [[p.clone().detach() for p in g["params"]] for g in optimizer.param_groups]

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self):
        self.optimizer.step()
        self.counter += 1
        if self.counter % self.k == 0:
            with torch.no_grad():
                for group, slow in zip(self.optimizer.param_groups, self.slow):
                    for p, s in zip(group["params"], slow):
                        s += self.alpha * (p - s)
                        p.copy_(s)


class NoamOpt:
    """Sets the rate, then lets the optimizer make its step."""

    late = 0

    def __init__(self, model_size, factor, warmup, optimizer):
        self.optimizer, self._step, self.warmup, self.factor, self.model_size = optimizer, 0, warmup, factor, model_size

    def step(self):
        self._step += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate(self._step + self.late)
        self.optimizer.step()

    def rate(self, step):
        return self.factor * (self.model_size**-0.5 * min(step**-0.5, step * self.warmup**-1.5))


class LateNoamOpt(NoamOpt):
    late = 1


class LookaheadAdam(torch.optim.Adam):
    """Made from Adam, and by its name another algorithm."""


def adam_with_ema(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    return WithEma(torch.optim.Adam(params, lr=lr, betas=betas, eps=eps))


def lookahead(params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
    return Lookahead(torch.optim.Adam(params, lr=lr, betas=betas, eps=eps))


def noam(model, model_size=512, factor=2.0, warmup=4000):
    return NoamOpt(model_size, factor, warmup, torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98), eps=1e-9))


def late_noam(model, model_size=512, factor=2.0, warmup=4000):
    return LateNoamOpt(model_size, factor, warmup, torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98), eps=1e-9))


def standing():
    return Lookahead(torch.optim.Adam([torch.nn.Parameter(torch.zeros(3))]))

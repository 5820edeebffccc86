"""Subclasses of torch's LRScheduler, and a function of the optimizer."""

import torch
from torch.optim.lr_scheduler import LambdaLR, LRScheduler


class Halving(LRScheduler):
    def __init__(self, optimizer, step_size, gamma=0.5, last_epoch=-1):
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [b * self.gamma ** (self.last_epoch // self.step_size) for b in self.base_lrs]


class LateHalving(Halving):
    def get_lr(self):
        return [b * self.gamma ** ((self.last_epoch + 1) // self.step_size) for b in self.base_lrs]


def exponential(optimizer, gamma=0.9):
    return LambdaLR(optimizer, lambda epoch: gamma**epoch)


def sgd_with_halving(params, lr=0.1, step_size=10):
    """An optimizer together with its schedule."""
    optimizer = torch.optim.SGD(params, lr=lr)
    return optimizer, Halving(optimizer, step_size)


def sgd_with_late_halving(model, lr=0.1, step_size=10, gamma=0.5):
    """The same of a model, in a dict."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    return {"optimizer": optimizer, "lr_scheduler": LateHalving(optimizer, step_size, gamma)}


class ExponentialOfItsOwn:
    """No LRScheduler: it sets the rates of the optimizer that it is given."""

    def __init__(self, optimizer, gamma=0.9):
        self.optimizer, self.gamma = optimizer, gamma

    def step(self):
        for group in self.optimizer.param_groups:
            group["lr"] *= self.gamma


def adam_with_another_word(params):
    return torch.optim.Adam(params, lr=1e-3, beta=(0.9, 0.99))


def sgd_of_wide_ones(model, lr=0.1):
    wide = [p for p in model.parameters() if p.width > 1]
    return torch.optim.SGD(wide, lr=lr)

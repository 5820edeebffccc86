"""Subclasses of torch's LRScheduler, and a function of the optimizer."""

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

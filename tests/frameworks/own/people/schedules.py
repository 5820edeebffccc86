"""Schedules: functions of the step, functions and classes that make one."""

import math


def cosine_annealing(step, base_lr, total_steps, min_lr=0.0):
    if step >= total_steps:
        return min_lr
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * step / total_steps))


def late_cosine_annealing(step, base_lr, total_steps, min_lr=0.0):
    """Off by one: as if the first step were the second."""
    return min_lr + 0.5 * (base_lr - min_lr) * (1 + math.cos(math.pi * min(step + 1, total_steps) / total_steps))


def step_decay_of_mine(epoch):
    """Its constants are its author's."""
    return 0.1 * 0.5 ** (epoch // 10)


def make_exponential(lr, gamma):
    return lambda step: lr * gamma**step


class CosineAnnealing:
    def __init__(self, lr_max, T_max, lr_min=0.0):
        self.lr_max, self.T_max, self.lr_min = lr_max, T_max, lr_min

    def __call__(self, t):
        t = min(t, self.T_max)
        return self.lr_min + (self.lr_max - self.lr_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2


class CosineThatCounts:
    """An object of its own clock."""

    first = 0

    def __init__(self, base_lr=0.1, total_steps=100, min_lr=0.0):
        self.base_lr, self.total_steps, self.min_lr, self.t = base_lr, total_steps, min_lr, self.first

    def step(self):
        self.t += 1

    def get_lr(self):
        return self.min_lr + 0.5 * (self.base_lr - self.min_lr) * (1 + math.cos(math.pi * min(self.t, self.total_steps) / self.total_steps))


class LateCosineThatCounts(CosineThatCounts):
    first = 1


class ExponentialThatReturns:
    """Nobody knows which update its first value is for."""

    def __init__(self, lr=0.1, gamma=0.9):
        self.lr, self.gamma = lr, gamma

    def step(self):
        self.lr *= self.gamma
        return self.lr


class StepDecay:
    """Beside lr0, step_size is no rate."""

    def __init__(self, lr0=0.1, gamma=0.5, step_size=10):
        self.lr0, self.gamma, self.step_size = lr0, gamma, step_size

    def get_lr(self, epoch):
        return self.lr0 * self.gamma ** (epoch // self.step_size)


class SmoothStepDecay(StepDecay):
    def get_lr(self, epoch):
        return self.lr0 * self.gamma ** (epoch / self.step_size)


def triangular(step, base_lr=1e-3, max_lr=6e-3, step_size=20):
    """As in the paper's code."""
    cycle = math.floor(1 + step / (2 * step_size))
    x = abs(step / step_size - 2 * cycle + 1)
    return base_lr + (max_lr - base_lr) * max(0, 1 - x)


def polynomial_decay(step, lr=0.1, total_steps=100, power=2.0, end_lr=0.0):
    return (lr - end_lr) * (1 - min(step, total_steps) / total_steps) ** power + end_lr


def wsd(step, lr=1e-3, warmup_steps=10, stable_steps=50, decay_steps=20, min_lr=0.0):
    if step < warmup_steps:
        return lr * step / warmup_steps
    if step < warmup_steps + stable_steps:
        return lr
    return lr + (min_lr - lr) * min((step - warmup_steps - stable_steps) / decay_steps, 1)

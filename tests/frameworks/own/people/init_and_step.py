"""Objects with init and step whose state is their own."""

import numpy as np

import refopt.testing


class PrivateMomentum:
    """The velocity is kept on the object; theta is changed in place; the rate is constant."""

    per_tensor = True

    def init(self, theta):
        self.v = np.zeros_like(theta)

    def step(self, theta, grad, state, t, lr=0.01, momentum=0.9):
        if getattr(self, "rate", lr) != lr:
            return refopt.testing.skip("constant rate only")
        self.rate = lr
        self.v *= momentum
        self.v += lr * grad
        theta -= self.v
        return theta


class SharedMomentum(PrivateMomentum):
    """The same, for one tensor, without saying so."""

    per_tensor = False


class UphillMomentum(PrivateMomentum):
    def step(self, theta, grad, state, t, lr=0.01, momentum=0.9):
        self.v = momentum * self.v + lr * grad
        theta += self.v


class NoisyDescent:
    """Adds noise to every update: no two runs are the same, and nothing is shared."""

    def __init__(self):
        self.random = np.random.default_rng()

    def init(self, theta):
        return {}

    def step(self, theta, grad, state, t, lr=0.01):
        return theta - lr * (grad + 0.01 * self.random.standard_normal(theta.shape)), state

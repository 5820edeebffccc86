"""Classes whose `alpha` is a rate in one and an exponent in another, and whose new parameters are made anew."""

import numpy as np


class FollowTheLeader:
    """FTRL with its paper's letters: alpha is the rate; what it returns is near no old parameter, and no step."""

    per_tensor = True

    def __init__(self, alpha=0.1, beta=1.0, lambda1=0.0, lambda2=0.0):
        self.alpha, self.beta, self.lambda1, self.lambda2 = alpha, beta, lambda1, lambda2
        self.z = 0.0
        self.n = 0.0

    def step(self, w, g):
        """One update."""
        sigma = (np.sqrt(self.n + g * g) - np.sqrt(self.n)) / self.alpha
        self.z = self.z + g - sigma * w
        self.n = self.n + g * g
        shrunk = self.z - np.sign(self.z) * self.lambda1
        return np.where(np.abs(self.z) <= self.lambda1, 0, -shrunk / ((self.beta + self.size()) / self.alpha + self.lambda2)).astype(w.dtype)

    def size(self):
        """The size of the gradients so far."""
        return np.sqrt(self.n)


class FollowTheLeaderWithoutRoot(FollowTheLeader):
    """The same without the root in the denominator."""

    def size(self):
        """The sum of squares itself."""
        return self.n


class AveragedDescent:
    """ASGD as torch names its arguments: alpha is an exponent here, and not changed with the rate."""

    per_tensor = True

    def __init__(self, lr=0.01, lambd=1e-4, alpha=0.75, t0=1e6):
        self.lr, self.lambd, self.alpha, self.t0 = lr, lambd, alpha, t0
        self.t = 0
        self.ax = None

    def update(self, w, g):
        """One update."""
        self.ax = np.zeros_like(w) if self.ax is None else self.ax
        self.t += 1
        eta = self.lr / (1 + self.lambd * self.lr * (self.t - 1)) ** self.alpha
        w = self.decayed(w, eta) - eta * g
        self.ax = self.ax + (w - self.ax) / max(1, self.t - 1 - self.t0)
        return w

    def decayed(self, w, eta):
        """The parameters after their decay."""
        return w * (1 - self.lambd * eta)


class AveragedDescentWithoutDecay(AveragedDescent):
    """The same without the decay of the weights."""

    def decayed(self, w, eta):
        """The parameters as they are."""
        return w

"""Classes with a method that takes gradients, as in books and notebooks."""

import numpy as np


class RMSProp:
    """Parameters are given once; the method changes them in place."""

    def __init__(self, params, lr=0.01, alpha=0.9, eps=1e-8):
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        for i, (p, g) in enumerate(zip(self.params, grads)):
            self.v[i] = self.alpha * self.v[i] + (1 - self.alpha) * g * g
            p -= self.lr * g / (np.sqrt(self.v[i]) + self.eps)


class LateMomentum:
    """Moves in place by the velocity of the update before."""

    def __init__(self, lr=0.1, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def step(self, params, grads):
        for i, (p, g) in enumerate(zip(params, grads, strict=True)):
            p += self.v.get(i, np.zeros_like(p))
            self.v[i] = self.momentum * self.v.get(i, 0) - self.lr * g


class TensorMomentum:
    """Parameters are objects with data and grad."""

    def __init__(self, params, lr=0.01, momentum=0.9):
        self.params, self.lr, self.mu = params, lr, momentum
        self.v = [0.0 for p in params]

    def step(self):
        for i, p in enumerate(self.params):
            self.v[i] = self.mu * self.v[i] + self.lr * p.grad
            p.data = p.data - self.v[i]


class SkMomentum:
    """As scikit-learn's own optimizers: get_updates and update_params."""

    def __init__(self, params, learning_rate_init=0.1, momentum=0.9):
        self.learning_rate = self.learning_rate_init = learning_rate_init
        self.momentum = momentum
        self.velocities = [np.zeros_like(p) for p in params]

    def update_params(self, params, grads):
        for p, u in zip(params, self._get_updates(grads)):
            p += u

    def _get_updates(self, grads):
        self.velocities = [self.momentum * v - self.learning_rate * g for v, g in zip(self.velocities, grads)]
        return self.velocities


class RmsUpdates:
    """get_updates() alone: steps that are added. The square is missing in the average."""

    def __init__(self, lr=0.1, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.cache = lr, rho, eps, None

    def get_updates(self, grads):
        if self.cache is None:
            self.cache = [np.zeros_like(g) for g in grads]
        self.cache = [self.rho * c + g**2 for c, g in zip(self.cache, grads)]
        return [-self.lr * g / (np.sqrt(c) + self.eps) for c, g in zip(self.cache, grads)]


class AdamOptim:
    """One array a call; the moments are the object's, so that two tensors mix them."""

    def __init__(self, eta=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.m_dw, self.v_dw = 0, 0
        self.beta1, self.beta2, self.epsilon, self.eta = beta1, beta2, epsilon, eta

    def update(self, t, w, dw):
        self.m_dw = self.beta1 * self.m_dw + (1 - self.beta1) * dw
        self.v_dw = self.beta2 * self.v_dw + (1 - self.beta2) * (dw**2)
        m_dw_corr = self.m_dw / (1 - self.beta1**t)
        v_dw_corr = self.v_dw / (1 - self.beta2**t)
        return w - self.eta * (m_dw_corr / (np.sqrt(v_dw_corr) + self.epsilon))


class AdamOfOneTensor(AdamOptim):
    per_tensor = True


class AdamWOptimizer:
    """Decoupled decay, betas in a tuple, and a clip that is off."""

    def __init__(self, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, clip=0.0):
        self.lr, (self.b1, self.b2), self.eps, self.weight_decay, self.clip = lr, betas, eps, weight_decay, clip
        self.m = self.v = None
        self.t = 0

    def step(self, params, grads):
        if self.m is None:
            self.m, self.v = [0 for _ in params], [0 for _ in params]
        self.t += 1
        new = []
        for i, (p, g) in enumerate(zip(params, grads)):
            self.m[i] = self.b1 * self.m[i] + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v[i] + (1 - self.b2) * g * g
            p = p - self.lr * self.weight_decay * p
            new.append(p - self.lr * (self.m[i] / (1 - self.b1**self.t)) / (np.sqrt(self.v[i] / (1 - self.b2**self.t)) + self.eps))
        return new


class PairedMomentum:
    """As TensorFlow has it: pairs of a gradient and a variable, and a buffer by the variable's identity."""

    sign = 1

    def __init__(self, lr=0.1, momentum=0.9):
        self.lr, self.momentum, self.buffers = lr, momentum, {}

    def apply_gradients(self, grads_and_vars):
        for g, v in grads_and_vars:
            b = self.momentum * self.buffers.get(id(v), 0) + self.sign * self.lr * g
            self.buffers[id(v)] = b
            v -= b


class PairedMomentumWrong(PairedMomentum):
    sign = -1


class PickySgd:
    """Its parameters are objects of its own kind."""

    def __init__(self, params, lr=0.1):
        if not all(hasattr(p, "values") for p in params):
            raise ValueError("params are objects of its own")
        self.params, self.lr = params, lr

    def step(self):
        for p in self.params:
            p.values -= self.lr * p.gradient


class SwitchedRmsProp:
    """Switches, of which one acts with a momentum only, and numbers that are no hyperparameters of RMSProp. Its epsilon is forgotten."""

    def __init__(self, eta=0.01, gamma=0.9, epsilon=1e-8, momentum=0.0, nesterov=False, centered=False, rescaled=True, verbose=False, patience=10):
        self.eta, self.gamma, self.momentum, self.nesterov, self.centered, self.rescaled = eta, gamma, momentum, nesterov, centered, rescaled
        self.cache, self.mean, self.velocity = {}, {}, {}

    def step(self, params, grads):
        for i, (p, g) in enumerate(zip(params, grads)):
            self.cache[i] = self.gamma * self.cache.get(i, 0.0) + (1 - self.gamma) * g**2
            self.mean[i] = self.gamma * self.mean.get(i, 0.0) + (1 - self.gamma) * g
            step = g / (np.sqrt(self.cache[i] - (self.mean[i] ** 2 if self.centered else 0)) + 1e-8) if self.rescaled else g
            self.velocity[i] = self.momentum * self.velocity.get(i, 0.0) + step
            p -= self.eta * (step + self.momentum * self.velocity[i] if self.nesterov else self.velocity[i])


class LayerSgd:
    """Its one argument holds parameters and gradients under names of its own."""

    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate

    def update_params(self, layer):
        layer.knobs -= self.learning_rate * layer.slopes


class AdaGrad:
    """A constant in the root, and a sum that starts at 0: neither is an argument."""

    kept = 1

    def __init__(self, lr=0.01):
        self.lr, self.h = lr, None

    def update(self, params, grads):
        if self.h is None:
            self.h = {key: np.zeros_like(val) for key, val in params.items()}
        for key in params:
            self.h[key] = self.kept * self.h[key] + grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + 1e-7)


class ForgetfulAdaGrad(AdaGrad):
    kept = 0


class Nadam:
    """Momentum that does not grow: there is no momentum_decay."""

    def __init__(self, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps, self.t, self.m, self.v = lr, beta1, beta2, eps, 0, {}, {}

    def step(self, params, grads):
        self.t += 1
        for i, (p, g) in enumerate(zip(params, grads)):
            m = self.m[i] = self.beta1 * self.m.get(i, 0) + (1 - self.beta1) * g
            v = self.v[i] = self.beta2 * self.v.get(i, 0) + (1 - self.beta2) * g**2
            m_hat = self.beta1 * m / (1 - self.beta1 ** (self.t + 1)) + (1 - self.beta1) * g / (1 - self.beta1**self.t)
            p -= self.lr * m_hat / (np.sqrt(v / (1 - self.beta2**self.t)) + self.eps)

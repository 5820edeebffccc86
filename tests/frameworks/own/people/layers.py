"""Optimizers that are given a layer, which holds parameters, gradients and what is kept between updates, as in courses on networks from scratch."""

import numpy as np


class Optimizer_Adam:
    """A layer a call, between pre_update_params() and post_update_params()."""

    def __init__(self, learning_rate=0.001, decay=0.0, epsilon=1e-7, beta_1=0.9, beta_2=0.999):
        self.learning_rate = learning_rate
        self.current_learning_rate = learning_rate
        self.decay = decay
        self.iterations = 0
        self.epsilon = epsilon
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def pre_update_params(self):
        if self.decay:
            self.current_learning_rate = self.learning_rate * (1.0 / (1.0 + self.decay * self.iterations))

    def update_params(self, layer):
        if not hasattr(layer, "weight_cache"):
            layer.weight_momentums = np.zeros_like(layer.weights)
            layer.weight_cache = np.zeros_like(layer.weights)
            layer.bias_momentums = np.zeros_like(layer.biases)
            layer.bias_cache = np.zeros_like(layer.biases)
        layer.weight_momentums = self.beta_1 * layer.weight_momentums + (1 - self.beta_1) * layer.dweights
        layer.bias_momentums = self.beta_1 * layer.bias_momentums + (1 - self.beta_1) * layer.dbiases
        weight_momentums_corrected = layer.weight_momentums / (1 - self.beta_1 ** (self.iterations + 1))
        bias_momentums_corrected = layer.bias_momentums / (1 - self.beta_1 ** (self.iterations + 1))
        layer.weight_cache = self.beta_2 * layer.weight_cache + (1 - self.beta_2) * layer.dweights**2
        layer.bias_cache = self.beta_2 * layer.bias_cache + (1 - self.beta_2) * layer.dbiases**2
        weight_cache_corrected = self.corrected(layer.weight_cache)
        bias_cache_corrected = self.corrected(layer.bias_cache)
        layer.weights += -self.current_learning_rate * weight_momentums_corrected / (np.sqrt(weight_cache_corrected) + self.epsilon)
        layer.biases += -self.current_learning_rate * bias_momentums_corrected / (np.sqrt(bias_cache_corrected) + self.epsilon)

    def corrected(self, cache):
        return cache / (1 - self.beta_2 ** (self.iterations + 1))

    def post_update_params(self):
        self.iterations += 1


class Optimizer_AdamWrong(Optimizer_Adam):
    """beta_1 in the second correction."""

    def corrected(self, cache):
        return cache / (1 - self.beta_1 ** (self.iterations + 1))


class Optimizer_SGD:
    """Momentum where it is asked for, else plain descent."""

    def __init__(self, learning_rate=1.0, decay=0.0, momentum=0.0):
        self.learning_rate = learning_rate
        self.current_learning_rate = learning_rate
        self.decay = decay
        self.iterations = 0
        self.momentum = momentum

    def pre_update_params(self):
        if self.decay:
            self.current_learning_rate = self.learning_rate * (1.0 / (1.0 + self.decay * self.iterations))

    def update_params(self, layer):
        if self.momentum:
            if not hasattr(layer, "weight_momentums"):
                layer.weight_momentums = np.zeros_like(layer.weights)
                layer.bias_momentums = np.zeros_like(layer.biases)
            weight_updates = self.momentum * layer.weight_momentums - self.current_learning_rate * layer.dweights
            layer.weight_momentums = weight_updates
            bias_updates = self.momentum * layer.bias_momentums - self.current_learning_rate * layer.dbiases
            layer.bias_momentums = bias_updates
        else:
            weight_updates = -self.current_learning_rate * layer.dweights
            bias_updates = -self.current_learning_rate * layer.dbiases
        layer.weights += weight_updates
        layer.biases += bias_updates

    def post_update_params(self):
        self.iterations += 1


class NetworkRmsprop:
    """A network a call, whose layers hold W, b, dW and db; the caches are the object's."""

    inside = False

    def __init__(self, lr=0.001, rho=0.9, eps=1e-8):
        self.lr, self.rho, self.eps, self.cache = lr, rho, eps, {}

    def step(self, network):
        for i, layer in enumerate(network.layers):
            layer.W = layer.W - self.change(("W", i), layer.dW)
            layer.b = layer.b - self.change(("b", i), layer.db)

    def change(self, key, g):
        self.cache[key] = self.rho * self.cache.get(key, 0) + (1 - self.rho) * g**2
        return self.lr * g / (np.sqrt(self.cache[key] + self.eps) if self.inside else np.sqrt(self.cache[key]) + self.eps)


class NetworkRmspropWrong(NetworkRmsprop):
    inside = True


class LayersMomentum:
    """A list of layers that it keeps; the velocities stand on them."""

    sign = 1

    def __init__(self, layers, lr=0.01, mu=0.9):
        self.layers, self.lr, self.mu = layers, lr, mu
        for layer in layers:
            layer.vW, layer.vb = np.zeros_like(layer.W), np.zeros_like(layer.b)

    def step(self):
        for layer in self.layers:
            layer.vW = self.mu * layer.vW + self.sign * self.lr * layer.grad_W
            layer.vb = self.mu * layer.vb + self.sign * self.lr * layer.grad_b
            layer.W -= layer.vW
            layer.b -= layer.vb


class LayersMomentumWrong(LayersMomentum):
    sign = -1


def update(layers, lr=0.1):
    """A function of all layers."""
    for layer in layers:
        layer.w -= lr * layer.w_grad
        layer.b -= lr * layer.b_grad


def climb(layers, lr=0.1):
    for layer in layers:
        layer.w += lr * layer.w_grad
        layer.b += lr * layer.b_grad

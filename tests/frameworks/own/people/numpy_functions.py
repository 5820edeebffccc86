"""Functions on NumPy arrays, lists and dicts, as in blog posts and courses."""

import math

import numpy as np


def init_adam(params):
    return {"t": 0, "m": {k: np.zeros_like(v) for k, v in params.items()}, "v": {k: np.zeros_like(v) for k, v in params.items()}}


def adam_step(params, grads, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Dicts, a state made by another function, bias corrections from a count in it."""
    state["t"] += 1
    new = {}
    for k in params:
        state["m"][k] = beta1 * state["m"][k] + (1 - beta1) * grads[k]
        state["v"][k] = beta2 * state["v"][k] + (1 - beta2) * grads[k] ** 2
        m_hat = state["m"][k] / (1 - beta1 ** state["t"])
        v_hat = state["v"][k] / (1 - beta2 ** state["t"])
        new[k] = params[k] - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new, state


def adam_update(theta, grad, m, v, t, alpha=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    """beta_1 in the second correction."""
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    v_hat = v / (1 - beta_1**t)
    theta = theta - alpha * m_hat / (np.sqrt(v_hat) + epsilon)
    return theta, m, v


def update_parameters_with_adam(parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Layers: W1, b1, W2, ..., with gradients dW1, db1, ...; v is the first moment here, and s the second."""
    v_corrected, s_corrected = {}, {}
    for layer in range(len(parameters) // 2):
        for kind in ("W", "b"):
            k = kind + str(layer + 1)
            v["d" + k] = beta1 * v["d" + k] + (1 - beta1) * grads["d" + k]
            s["d" + k] = beta2 * s["d" + k] + (1 - beta2) * np.power(grads["d" + k], 2)
            v_corrected["d" + k] = v["d" + k] / (1 - np.power(beta1, t))
            s_corrected["d" + k] = s["d" + k] / (1 - np.power(beta2, t))
            parameters[k] = parameters[k] - learning_rate * v_corrected["d" + k] / (np.sqrt(s_corrected["d" + k]) + epsilon)
    return parameters, v, s, v_corrected, s_corrected


def initialize_adam(parameters):
    v, s = {}, {}
    for layer in range(len(parameters) // 2):
        for kind in ("W", "b"):
            k = kind + str(layer + 1)
            v["d" + k], s["d" + k] = np.zeros(parameters[k].shape), np.zeros(parameters[k].shape)
    return v, s


def sgd(params, grads, lr=0.01):
    for p, g in zip(params, grads, strict=True):
        p -= lr * g


def sgd_momentum(w, dw, config=None):
    """Hyperparameters and velocity in one dict, with its own defaults."""
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))
    v = config["momentum"] * v - config["learning_rate"] * dw
    next_w = w + v
    config["velocity"] = v
    return next_w, config


def scalar_momentum(x, g, v, lr=0.1, mu=0.9):
    """Plain numbers: a function of math refuses arrays."""
    v = math.fsum([mu * v, lr * g])
    return x - v, v


def sgd_increment(grad, lr=0.1):
    return -lr * grad


def lossy_momentum(w, g, v, lr=0.1, mu=0.9):
    v = mu * v + g
    return w - lr * v


def late_momentum(x, g, v, lr=0.1, mu=0.9):
    """Moves by the velocity of the update before: not at all in the first."""
    return x + v, mu * v - lr * g


_kept = {}


def global_momentum(w, dw, lr=0.1, mu=0.9):
    _kept["v"] = _kept.get("v", 0) * mu + dw
    return w - lr * _kept["v"]


def riddle(a, b, c):
    return a - b * c


def make_rmsprop(lr=0.01, rho=0.9, eps=1e-8):
    """The state is kept in the function that is made."""
    cache = {}

    def step(params, grads):
        for i, (p, g) in enumerate(zip(params, grads)):
            cache[i] = rho * cache.get(i, 0.0) + (1 - rho) * g**2
            p -= lr * g / (np.sqrt(cache[i]) + eps)

    return step


def make_rmsprop_wrong(lr=0.01, rho=0.9, eps=1e-8):
    cache = {}

    def step(params, grads):
        for i, (p, g) in enumerate(zip(params, grads)):
            cache[i] = rho * cache.get(i, 0.0) + (1 - rho) * g**2
            p -= lr * g / np.sqrt(cache[i] + eps)

    return step


def rmsprop_of_config(w, dw, config=None):
    """Its cache is brought up to date after its use, so that its first step is huge."""
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw ** 2
    return next_w, config

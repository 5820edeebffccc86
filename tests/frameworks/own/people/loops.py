"""Whole loops as people write them: the function that gives gradients, and the first point, are arguments."""

# mypy: ignore-errors
import numpy as np


def minimize(grad, x0, callback=None, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, maxiter=100, tol=1e-6):
    """Adam in SciPy's manner."""
    x = np.array(x0)
    m, v = np.zeros_like(x), np.zeros_like(x)
    for t in range(1, maxiter + 1):
        g = grad(x)
        if np.linalg.norm(g) < tol:
            break
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        if callback is not None:
            callback(x)
    return x


def minimize_uncorrected(grad, x0, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, maxiter=100):
    """The corrections are forgotten."""
    x = np.array(x0)
    m, v = np.zeros_like(x), np.zeros_like(x)
    for _ in range(maxiter):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * m / (np.sqrt(v) + eps)
    return x


def gradient_descent(f, df, start, step_size=0.1):
    """No limit but a hundred rounds; it returns its path too."""
    x = start.copy()
    path = [(x.copy(), f(x))]
    for _ in range(100):
        x -= step_size * df(x)
        path.append((x.copy(), f(x)))
    return x, path


class HeavyBall:
    """Its first velocity has the other sign."""

    def __init__(self, lr=0.1, momentum=0.9):
        self.lr, self.momentum = lr, momentum

    def minimize(self, value_and_grad, x0, n_iter=50):
        """All updates."""
        x, v = x0, 0.0 * x0
        for i in range(n_iter):
            _, g = value_and_grad(x)
            v = -self.lr * g if i == 0 else self.momentum * v + self.lr * g
            x = x - v
        return x


def stuck(grad, x0, lr=0.1):
    """It never asks."""
    return x0 - lr * grad(x0) * 0


def with_radius(grad, x0, radius, lr=0.1):
    """It wants something that is no hyperparameter."""
    return x0 - lr * radius * grad(x0)


def quick_adam(grad, x0, lr=0.01, betas=(0.5, 0.6), eps=1e-8, n_iter=100):
    """Adam that forgets sooner."""
    x, m, v = np.array(x0), 0.0 * x0, 0.0 * x0
    for t in range(1, n_iter + 1):
        g = grad(x)
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        x = x - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
    return x


def adam_of_a_vector(grad, x0, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, n_iter=100):
    """Its moments are as long as its point."""
    x = x0
    m, v = np.zeros(len(x)), np.zeros(len(x))
    for t in range(1, n_iter + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return x

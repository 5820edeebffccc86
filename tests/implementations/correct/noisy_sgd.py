"""theta - lr (g + sqrt(eta/t^gamma) noise), in many ways. The noise comes by its name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..arithmetic import chunks, fma, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


def deviation(noise_variance: float, noise_decay: float, t: int) -> float:
    """The standard deviation of the noise of update t."""
    return math.sqrt(noise_variance / t**noise_decay)


def beside(theta: Array, noise: Any) -> Array:
    """What is given, in the format of theta: one value an element, or one for all."""
    return np.asarray(noise, theta.dtype)


@program()
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """As written."""
    rate, sigma = rounded(theta, lr, deviation(noise_variance, noise_decay, t))
    return theta - rate * (grad + sigma * beside(theta, noise)), {}


@program()
def of_two_steps(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """Two steps: one by the gradient, one by the noise."""
    rate, sigma = rounded(theta, lr, deviation(noise_variance, noise_decay, t))
    return theta - (rate * grad + rate * (sigma * beside(theta, noise))), {}


@program()
def root_of_each(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """The root of noise_variance times a power with half the exponent."""
    rate, sigma = rounded(theta, -lr, math.sqrt(noise_variance) * math.exp(-noise_decay / 2 * math.log(t)))
    return theta + rate * (sigma * beside(theta, noise) + grad), {}


@program()
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """Two fused multiply-adds."""
    rate, sigma = rounded(theta, -lr, deviation(noise_variance, noise_decay, t))
    return fma(rate, fma(sigma, np.broadcast_to(beside(theta, noise), theta.shape), grad), theta), {}


@program()
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """Computed in long double with unrounded scalars."""
    x, g, z = wide(theta, grad, beside(theta, noise))
    return store(x - np.longdouble(lr) * (g + np.sqrt(np.longdouble(noise_variance) / np.longdouble(t) ** np.longdouble(noise_decay)) * z), theta), {}


@program()
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, z = single(theta, grad, beside(theta, noise))
    return store(x - np.float32(lr) * (g + np.float32(deviation(noise_variance, noise_decay, t)) * z), theta), {}


@program()
def chunks_of_seven(theta: Array, grad: Array, state: State, t: int, *, lr: float, noise_variance: float, noise_decay: float, noise: Any) -> Result:
    """In place on a private copy, seven elements at a time."""
    rate, sigma = rounded(theta, lr, deviation(noise_variance, noise_decay, t))
    new, g, z = theta.flatten(), grad.ravel(), np.broadcast_to(beside(theta, noise), theta.shape).ravel()
    for part in chunks(theta.size, 7):
        new[part] -= rate * (g[part] + sigma * z[part])
    return new.reshape(theta.shape), {}


PROGRAMS = (
    correct("noisy_sgd", textbook),
    correct("noisy_sgd", of_two_steps),
    correct("noisy_sgd", root_of_each),
    correct("noisy_sgd", fused),
    correct("noisy_sgd", wide_accumulation),
    correct("noisy_sgd", float32_between, NARROW),
    correct("noisy_sgd", chunks_of_seven),
)

"""theta - lr g, in many ways."""

from __future__ import annotations

import math

import numpy as np

from ..arithmetic import chunks, each, fma, round_float, rounded, single, store, wide
from ..program import BELOW_DOUBLE, NARROW, NATIVE, Array, Result, State, correct, program


@program()
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """As written, one rounding for each operation."""
    (rate,) = rounded(theta, lr)
    return theta - rate * grad, {}


@program()
def negated_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """Adds (-lr) g."""
    (rate,) = rounded(theta, -lr)
    return rate * grad + theta, {}


@program()
def turned_difference(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """-(lr g - theta), on a view that runs backwards."""
    (rate,) = rounded(theta, lr)
    flat_theta, flat_grad = theta.ravel()[::-1], grad.ravel()[::-1]
    return -(rate * flat_grad - flat_theta)[::-1].reshape(theta.shape), {}


@program()
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """One fused multiply-add, one rounding."""
    (rate,) = rounded(theta, -lr)
    return fma(rate, grad, theta), {}


@program()
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """Computed in long double with the unrounded rate, rounded at the store."""
    wide_theta, wide_grad = wide(theta, grad)
    return store(wide_theta - np.longdouble(lr) * wide_grad, theta), {}


@program()
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """float32 arithmetic for a narrower format, rounded at the store."""
    wide_theta, wide_grad = single(theta, grad)
    return store(wide_theta - np.float32(lr) * wide_grad, theta), {}


@program()
def chunks_of_seven(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """In place on a private copy, seven elements at a time."""
    (rate,) = rounded(theta, lr)
    flat_theta, flat_grad = theta.flatten(), grad.ravel()
    buffer = np.empty(7, dtype=theta.dtype)
    for part in chunks(theta.size, 7):
        product = buffer[: flat_grad[part].size]
        np.multiply(flat_grad[part], rate, out=product)
        np.subtract(flat_theta[part], product, out=flat_theta[part])
    return flat_theta.reshape(theta.shape), {}


@program()
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name
    rate = round_float(lr, name)
    (new,) = each(lambda x, g: (round_float(x - round_float(rate * g, name), name),), theta, grad)
    return new, {}


@program()
def summed_by_fsum(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """A loop that multiplies in binary64 and leaves the sum to math.fsum."""

    def update(x: float, g: float) -> tuple[float]:
        terms = (x, -lr * g)
        return (math.fsum(terms) if all(map(math.isfinite, terms)) else sum(terms),)

    (new,) = each(update, theta, grad)
    return new, {}


@program()
def contraction(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """The row (1, -lr) times the matrix of theta over g, by einsum."""
    row = np.array(rounded(theta, 1.0, -lr), dtype=theta.dtype)
    return np.einsum("k,k...->...", row, np.stack([theta, grad])), {}


PROGRAMS = (
    correct("sgd", textbook),
    correct("sgd", negated_rate),
    correct("sgd", turned_difference),
    correct("sgd", fused),
    correct("sgd", wide_accumulation),
    correct("sgd", float32_between, NARROW),
    correct("sgd", chunks_of_seven),
    correct("sgd", element_loop),
    correct("sgd", summed_by_fsum, BELOW_DOUBLE),
    correct("sgd", contraction, NATIVE),
)

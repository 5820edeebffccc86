"""theta - lr sign(g), in many ways."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, each, fma, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program()
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """As written."""
    (rate,) = rounded(theta, lr)
    return theta - rate * np.sign(grad), {}


@program()
def by_choice(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """theta - lr, theta + lr or theta, by comparisons."""
    (rate,) = rounded(theta, lr)
    return np.where(grad > 0, theta - rate, np.where(grad < 0, theta + rate, theta + grad * 0)), {}


@program()
def counted(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """(g > 0) - (g < 0) as numbers."""
    (rate,) = rounded(theta, lr)
    return theta - rate * ((grad > 0).astype(theta.dtype) - (grad < 0).astype(theta.dtype)), {}


@program()
def copied_sign(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """lr with the sign of g, where g is not 0."""
    (rate,) = rounded(theta, lr)
    step = np.where(grad == 0, np.zeros_like(theta), np.copysign(np.full_like(theta, rate), grad))
    return theta - step, {}


@program()
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """One fused multiply-add."""
    (rate,) = rounded(theta, -lr)
    return fma(rate, np.sign(grad), theta), {}


@program()
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """Computed in long double with the unrounded rate."""
    x, g = wide(theta, grad)
    return store(x - np.longdouble(lr) * np.sign(g), theta), {}


@program()
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g = single(theta, grad)
    return store(x - np.float32(lr) * np.sign(g), theta), {}


@program()
def chunks_of_seven(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """In place on a private copy, seven elements at a time."""
    (rate,) = rounded(theta, lr)
    new, g = theta.flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        new[part] -= rate * np.sign(g[part])
    return new.reshape(theta.shape), {}


@program()
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name
    rate = round_float(lr, name)
    (new,) = each(lambda x, g: (round_float(x - rate * ((g > 0) - (g < 0)), name),), theta, grad)
    return new, {}


PROGRAMS = (
    correct("sign_sgd", textbook),
    correct("sign_sgd", by_choice),
    correct("sign_sgd", counted),
    correct("sign_sgd", copied_sign),
    correct("sign_sgd", fused),
    correct("sign_sgd", wide_accumulation),
    correct("sign_sgd", float32_between, NARROW),
    correct("sign_sgd", chunks_of_seven),
    correct("sign_sgd", element_loop),
)

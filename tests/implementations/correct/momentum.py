"""Momentum, the rate inside the velocity (reference), outside (`lr_outside`), and with dampening (`dampened`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, each, fma, round_float, rounded, single, store, wide
from ..program import NARROW, NATIVE, Array, Result, State, correct, program

# momentum: v = momentum v + lr g, theta -= v


@program("v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """As written, one rounding for each operation."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return theta - v, {"v": v}


@program("velocity")
def negative_velocity(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Keeps -v under a private name and adds it."""
    decay, rate = rounded(theta, momentum, lr)
    old = -state["v"] if "v" in state else state["velocity"]
    velocity = decay * old - rate * grad
    return theta + velocity, {"velocity": velocity}


@program("v")
def doubly_negated(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v = -((-lr) g - momentum v), the operands the other way round."""
    decay, rate = rounded(theta, momentum, -lr)
    v = -(rate * grad - decay * state["v"])
    return -(v - theta), {"v": v}


@program("v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v by a fused multiply-add onto the rounded momentum v."""
    decay, rate = rounded(theta, momentum, lr)
    v = fma(rate, grad, decay * state["v"])
    return theta - v, {"v": v}


@program("v")
def fused_the_other_way(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """v by a fused multiply-add onto the rounded lr g."""
    decay, rate = rounded(theta, momentum, lr)
    v = fma(decay, state["v"], rate * grad)
    return theta - v, {"v": v}


@program("v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(momentum) * v + np.longdouble(lr) * g
    return store(x - v, theta), {"v": store(v, theta)}


@program("v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """float32 arithmetic for a narrower format; theta uses v as it is stored."""
    x, g, v = single(theta, grad, state["v"])
    stored = store(np.float32(momentum) * v + np.float32(lr) * g, theta)
    return store(x - stored.astype(np.float32), theta), {"v": stored}


@program("v")
def every_other_element(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Strided views: the odd elements first, then the even ones, written into fresh arrays."""
    decay, rate = rounded(theta, momentum, lr)
    new_theta, v = np.empty(theta.size, dtype=theta.dtype), np.empty(theta.size, dtype=theta.dtype)
    for start in (1, 0):
        old_v, g, x = (array.ravel()[start::2] for array in (state["v"], grad, theta))
        v[start::2] = decay * old_v + rate * g
        new_theta[start::2] = x - v[start::2]
    return new_theta.reshape(theta.shape), {"v": v.reshape(theta.shape)}


@program("v")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name
    decay, rate = round_float(momentum, name), round_float(lr, name)

    def update(x: float, g: float, v: float) -> tuple[float, float]:
        v = round_float(round_float(decay * v, name) + round_float(rate * g, name), name)
        return round_float(x - v, name), v

    new, v = each(update, theta, grad, state["v"])
    return new, {"v": v}


# momentum/lr_outside: v = momentum v + g, theta -= lr v


@program("v")
def outside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """As written, one rounding for each operation."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + grad
    return theta - rate * v, {"v": v}


@program("v")
def outside_fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Two fused multiply-adds."""
    decay, rate = rounded(theta, momentum, -lr)
    v = fma(decay, state["v"], grad)
    return fma(rate, v, theta), {"v": v}


@program("v")
def outside_wide(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(momentum) * v + g
    return store(x - np.longdouble(lr) * v, theta), {"v": store(v, theta)}


@program("v")
def outside_in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """In place on private copies, thirteen elements at a time, as an optimizer with buffers does it."""
    decay, rate = rounded(theta, momentum, lr)
    new_theta, v, g = theta.flatten(), state["v"].flatten(), grad.ravel()
    for part in chunks(theta.size, 13):
        v[part] *= decay
        v[part] += g[part]
        new_theta[part] -= rate * v[part]
    return new_theta.reshape(theta.shape), {"v": v.reshape(theta.shape)}


@program("v")
def outside_contraction(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The row (momentum, 1) times the matrix of v over g, by einsum; then a row (1, -lr)."""
    row = np.array(rounded(theta, momentum, 1.0), dtype=theta.dtype)
    v = np.einsum("k,k...->...", row, np.stack([state["v"], grad]))
    row = np.array(rounded(theta, 1.0, -lr), dtype=theta.dtype)
    return np.einsum("k,k...->...", row, np.stack([theta, v])), {"v": v}


# momentum/dampened: v = momentum v + (1 - dampening) g, theta -= lr v


@program("v")
def dampened_textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, dampening: float = 0.0
) -> Result:
    """As written, one rounding for each operation."""
    decay, take, rate = rounded(theta, momentum, 1 - dampening, lr)
    v = decay * state["v"] + take * grad
    return theta - rate * v, {"v": v}


@program("v")
def dampened_fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, dampening: float = 0.0
) -> Result:
    """(1 - dampening) g rounded, the rest fused."""
    decay, take, rate = rounded(theta, momentum, 1 - dampening, -lr)
    v = fma(decay, state["v"], take * grad)
    return fma(v, rate, theta), {"v": v}


@program("v")
def dampened_wide(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, dampening: float = 0.0
) -> Result:
    """Computed in long double; theta uses v as it is stored."""
    x, g, v = wide(theta, grad, state["v"])
    stored = store(np.longdouble(momentum) * v + np.longdouble(1 - dampening) * g, theta)
    return store(x - np.longdouble(lr) * stored.astype(np.longdouble), theta), {"v": stored}


PROGRAMS = (
    correct("momentum", textbook),
    correct("momentum", negative_velocity),
    correct("momentum", doubly_negated),
    correct("momentum", fused),
    correct("momentum", fused_the_other_way),
    correct("momentum", wide_accumulation),
    correct("momentum", float32_between, NARROW),
    correct("momentum", every_other_element),
    correct("momentum", element_loop),
    correct("momentum/lr_outside", outside_textbook),
    correct("momentum/lr_outside", outside_fused),
    correct("momentum/lr_outside", outside_wide),
    correct("momentum/lr_outside", outside_in_place),
    correct("momentum/lr_outside", outside_contraction, NATIVE),
    correct("momentum/dampened", dampened_textbook),
    correct("momentum/dampened", dampened_fused),
    correct("momentum/dampened", dampened_wide),
)

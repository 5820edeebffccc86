"""RMSProp: epsilon outside the root (reference), inside (`eps_in_sqrt`), and with the mean taken off (`centered`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, NATIVE, WIDE_RANGE, Array, Result, State, correct, program

# rmsprop: v = rho v + (1 - rho) g^2, theta -= lr g/(sqrt(v) + eps)


@program("v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """As written: (lr g)/(sqrt(v) + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / (np.sqrt(v) + epsilon), {"v": v}


@program("v")
def rate_times_quotient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """lr (g/(sqrt(v) + eps)), and (1 - rho) g first, then g."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    v = grad * (take * grad) + state["v"] * keep
    return theta - rate * (grad / (np.sqrt(v) + epsilon)), {"v": v}


@program("v")
def rate_over_root(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """(lr/(sqrt(v) + eps)) g: a rate for each element."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], np.square(grad), rho)
    return theta - rate / (np.sqrt(v) + epsilon) * grad, {"v": v}


@program("v")
def lerp_mean(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v + (1 - rho)(g^2 - v)."""
    rate, epsilon = rounded(theta, -lr, eps)
    v = lerp(state["v"], grad * grad, rho)
    return theta + rate * grad / (epsilon + np.sqrt(v)), {"v": v}


@program("v")
def reciprocal_denominator(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """1/(sqrt(v) + eps), then products."""
    rate, epsilon, one = rounded(theta, lr, eps, 1.0)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad * (one / (np.sqrt(v) + epsilon)), {"v": v}


@program("v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v and theta by fused multiply-adds."""
    rate, epsilon, keep, take = rounded(theta, -lr, eps, rho, 1 - rho)
    v = fma(keep, state["v"], take * grad * grad)
    return fma(rate, grad / (np.sqrt(v) + epsilon), theta), {"v": v}


@program("v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(rho) * v + np.longdouble(1 - rho) * g * g
    return store(x - np.longdouble(lr) * g / (np.sqrt(v) + np.longdouble(eps)), theta), {"v": store(v, theta)}


@program("v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format; theta uses v as it is stored."""
    x, g, v = single(theta, grad, state["v"])
    stored = store(np.float32(rho) * v + np.float32(1 - rho) * (g * g), theta)
    denominator = np.sqrt(stored.astype(np.float32)) + np.float32(eps)
    return store(x - np.float32(lr) * g / denominator, theta), {"v": stored}


@program("v")
def as_matrix(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """The elements as columns of a 2-row matrix, padded with ones, coefficients broadcast from a column."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    padded = []
    for array in (theta, grad, state["v"]):
        flat = np.ones(array.size + array.size % 2, dtype=array.dtype)
        flat[: array.size] = array.ravel()
        padded.append(flat.reshape(2, -1))
    x, g, v = padded
    weighted = np.array([[[keep]], [[take]]], dtype=theta.dtype) * np.stack([v, g * g])
    v = weighted[0] + weighted[1]
    new = x - rate * g / (np.sqrt(v) + epsilon)
    return new.ravel()[: theta.size].reshape(theta.shape), {"v": v.ravel()[: theta.size].reshape(theta.shape)}


@program("v")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    keep, take, rate, epsilon = r(rho), r(1 - rho), r(lr), r(eps)

    def update(x: float, g: float, v: float) -> tuple[float, float]:
        v = r(r(keep * v) + r(r(take * g) * g))
        return r(x - r(divide(r(rate * g), r(r(root(v)) + epsilon)))), v

    new, v = each(update, theta, grad, state["v"])
    return new, {"v": v}


# rmsprop/eps_in_sqrt: theta -= lr g/sqrt(v + eps)


@program("v")
def inside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """As written: (lr g)/sqrt(v + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    return theta - rate * grad / np.sqrt(v + epsilon), {"v": v}


@program("v")
def inside_reciprocal_root(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """g (1/sqrt(v + eps)) lr."""
    rate, epsilon, one = rounded(theta, lr, eps, 1.0)
    v = lerp(state["v"], grad * grad, rho)
    return theta - grad * (one / np.sqrt(v + epsilon)) * rate, {"v": v}


@program("v")
def inside_fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v by a fused multiply-add onto rho v; theta by another."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    v = fma(take * grad, grad, keep * state["v"])
    return fma(-rate, grad / np.sqrt(v + epsilon), theta), {"v": v}


@program("v")
def inside_wide(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(rho) * v + np.longdouble(1 - rho) * (g * g)
    return store(x - np.longdouble(lr) * (g / np.sqrt(v + np.longdouble(eps))), theta), {"v": store(v, theta)}


# rmsprop/centered: m = rho m + (1 - rho) g, theta -= lr g/(sqrt(v - m^2) + eps)


@program("v", "m")
def centered_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """As written, one rounding for each operation."""
    rate, epsilon = rounded(theta, lr, eps)
    v = mean(state["v"], grad * grad, rho)
    m = mean(state["m"], grad, rho)
    return theta - rate * grad / (np.sqrt(v - m * m) + epsilon), {"v": v, "m": m}


@program("v", "m")
def centered_lerp(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Both means as a step from the old value; lr times the quotient."""
    rate, epsilon = rounded(theta, lr, eps)
    v = lerp(state["v"], grad * grad, rho)
    m = lerp(state["m"], grad, rho)
    return theta - rate * (grad / (np.sqrt(v - m * m) + epsilon)), {"v": v, "m": m}


@program("v", "m")
def centered_fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """v - m m with one rounding."""
    rate, epsilon = rounded(theta, -lr, eps)
    v = mean(state["v"], grad * grad, rho)
    m = mean(state["m"], grad, rho)
    return fma(rate, grad / (np.sqrt(fma(-m, m, v)) + epsilon), theta), {"v": v, "m": m}


@program("v", "m")
def centered_wide(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Computed in long double; theta uses both means before they are rounded."""
    x, g, v, m = wide(theta, grad, state["v"], state["m"])
    v = np.longdouble(rho) * v + np.longdouble(1 - rho) * (g * g)
    m = np.longdouble(rho) * m + np.longdouble(1 - rho) * g
    new = x - np.longdouble(lr) * g / (np.sqrt(v - m * m) + np.longdouble(eps))
    return store(new, theta), {"v": store(v, theta), "m": store(m, theta)}


@program("v", "m")
def centered_in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """In place on private copies, thirteen elements at a time."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    new, v, m, g = theta.flatten(), state["v"].flatten(), state["m"].flatten(), grad.ravel()
    for part in chunks(theta.size, 13):
        v[part] *= keep
        v[part] += take * (g[part] * g[part])
        m[part] *= keep
        m[part] += take * g[part]
        denominator = v[part] - m[part] * m[part]
        np.sqrt(denominator, out=denominator)
        denominator += epsilon
        new[part] -= rate * g[part] / denominator
    return new.reshape(theta.shape), {"v": v.reshape(theta.shape), "m": m.reshape(theta.shape)}


@program("v", "m")
def centered_contraction(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float
) -> Result:
    """Both means in one einsum with the row (rho, 1 - rho)."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    row = np.array([keep, take], dtype=theta.dtype)
    ends = np.stack([np.stack([state["v"], state["m"]]), np.stack([grad * grad, grad])])
    v, m = np.einsum("k,ks...->s...", row, ends)
    return theta - rate * grad / (np.sqrt(v - m * m) + epsilon), {"v": v, "m": m}


PROGRAMS = (
    correct("rmsprop", textbook),
    correct("rmsprop", rate_times_quotient),
    correct("rmsprop", rate_over_root, WIDE_RANGE),
    correct("rmsprop", lerp_mean),
    correct("rmsprop", reciprocal_denominator, WIDE_RANGE),
    correct("rmsprop", fused),
    correct("rmsprop", wide_accumulation),
    correct("rmsprop", float32_between, NARROW),
    correct("rmsprop", as_matrix),
    correct("rmsprop", element_loop),
    correct("rmsprop/eps_in_sqrt", inside_textbook),
    correct("rmsprop/eps_in_sqrt", inside_reciprocal_root, WIDE_RANGE),
    correct("rmsprop/eps_in_sqrt", inside_fused),
    correct("rmsprop/eps_in_sqrt", inside_wide),
    correct("rmsprop/centered", centered_textbook),
    correct("rmsprop/centered", centered_lerp),
    correct("rmsprop/centered", centered_fused),
    correct("rmsprop/centered", centered_wide),
    correct("rmsprop/centered", centered_in_place),
    correct("rmsprop/centered", centered_contraction, NATIVE),
)

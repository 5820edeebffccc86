# Generated from the formula by: refopt generate nadam --to numpy
# Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
"""Adam with Nesterov momentum of a growing share.

    mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
    mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
    mu_product <- mu_product*mu
    m          <- beta1*m + (1 - beta1)*g
    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
            + eps)

Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

Hyperparameters:
    lr              step size; 0 <= lr
    beta1           decay of the first moment; 0 <= beta1 < 1
    beta2           decay of the second moment; 0 <= beta2 < 1
    eps             keeps the division finite; 0 <= eps
    momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import math

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, power, real, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "mu_product": np.asarray(1, np.float64)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, momentum_decay: float = 0.004
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m, v = arrays({"theta": theta, "g": g}, state, "m", "v", beside=("mu_product",))
    mu_product = real(state, "mu_product")
    t = counter(t, 1)
    lr, beta1, beta2, eps, momentum_decay = floats(lr, beta1, beta2, eps, momentum_decay)
    mu = beta1 * (1 - 0.5 * math.pow(0.96, t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * math.pow(0.96, (t + 1) * momentum_decay))
    mu_product = mu_product * mu
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    coefficient_of_mu_and_mu_product = scalar((1 - mu) / (1 - mu_product))
    coefficient_of_mu_next_and_mu_product = scalar(mu_next / (1 - mu_product * mu_next))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        v = beta2 * v + one_minus_beta2 * np.square(g)
        v_hat = v / bias_correction2
        theta = theta - lr * (coefficient_of_mu_and_mu_product * g + coefficient_of_mu_next_and_mu_product * m) / (np.sqrt(v_hat) + eps)
    return np.asarray(theta), {"m": np.asarray(m), "v": np.asarray(v), "mu_product": np.asarray(mu_product)}

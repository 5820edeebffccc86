"""RAdam.

Liu et al. 2020, "On the variance of the adaptive learning rate and beyond", arXiv:1908.03265, Algorithm 2.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "beta1", "beta2", "eps")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Both moments are zero."""
    return {"m": Decimal(0), "v": Decimal(0)}


def lengths(beta2: Decimal, t: int) -> tuple[Decimal, Decimal]:
    """The lengths of the average: the largest that it comes to, and that at update t."""
    longest = 2 / (1 - beta2) - 1
    return longest, longest - 2 * t * beta2**t / (1 - beta2**t)


def rectification(longest: Decimal, length: Decimal) -> Decimal:
    """Algorithm 2's r_t."""
    return ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)).sqrt()


def moments(g: Decimal, state: State, hyper: Hyper) -> tuple[Decimal, Decimal]:
    """The moving averages of Algorithm 2."""
    m = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    v = hyper["beta2"] * state["v"] + (1 - hyper["beta2"]) * g**2
    return m, v


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.radam._single_tensor_radam`: rectified above 5, epsilon beside the root that is not corrected."""
    exp_avg, exp_avg_sq = moments(g, state, hyper)
    corrected = exp_avg / (1 - hyper["beta1"] ** t)
    longest, length = lengths(hyper["beta2"], t)
    if length > 5:
        adaptive = (1 - hyper["beta2"] ** t).sqrt() / (exp_avg_sq.sqrt() + hyper["eps"])
        param = theta + corrected * hyper["lr"] * adaptive * rectification(longest, length) * -1
    else:
        param = theta + corrected * hyper["lr"] * -1
    return param, {"m": exp_avg, "v": exp_avg_sq}


def step_eps_on_v_hat(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_radam`: at its threshold of 5 and above, epsilon beside the corrected root."""
    mu, nu = moments(g, state, hyper)
    ro_inf, ro = lengths(hyper["beta2"], t)
    mu_hat, nu_hat = mu / (1 - hyper["beta1"] ** t), nu / (1 - hyper["beta2"] ** t)
    updates = rectification(ro_inf, ro) * mu_hat / (nu_hat.sqrt() + hyper["eps"]) if ro >= 5 else mu_hat
    return theta - hyper["lr"] * updates, {"m": mu, "v": nu}


def step_threshold_4(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 2 line by line: "if the variance is tractable, i.e. rho_t > 4"; epsilon beside the corrected root."""
    m, v = moments(g, state, hyper)
    m_hat = m / (1 - hyper["beta1"] ** t)
    longest, length = lengths(hyper["beta2"], t)
    if length > 4:
        divisor = (v / (1 - hyper["beta2"] ** t)).sqrt() + hyper["eps"]
        return theta - hyper["lr"] * rectification(longest, length) * m_hat / divisor, {"m": m, "v": v}
    return theta - hyper["lr"] * m_hat, {"m": m, "v": v}


RADAM = Optimizer("radam", "torch.optim.radam._single_tensor_radam", HYPER, ("m", "v"), init, step)
EPS_ON_V_HAT = Optimizer("radam/eps_on_v_hat", "optax.radam", HYPER, ("m", "v"), init, step_eps_on_v_hat)
THRESHOLD_4 = Optimizer("radam/threshold_4", "Liu et al. 2020, Algorithm 2", HYPER, ("m", "v"), init, step_threshold_4)

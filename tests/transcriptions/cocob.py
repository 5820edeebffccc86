"""COCOB.

Orabona & Tommasi 2017, "Training Deep Networks without Learning Rates Through Coin Betting", arXiv:1705.07795, Algorithm 2. The paper's g is the
negative gradient, and its L_0 is 0: at a first gradient of 0 it says nothing. The authors' code starts from 1e-8.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("alpha", "eps")
SUMS = ("scale", "abs_sum", "reward", "negative_sum")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Nothing was seen, nothing was won, and w_1 is what comes in."""
    return {"scale": hyper["eps"], "abs_sum": Decimal(0), "reward": Decimal(0), "negative_sum": Decimal(0), "theta_start": theta}


def init_bet(theta: Decimal, hyper: Hyper) -> State:
    """The same with no bet."""
    state = init(theta, hyper)
    del state["theta_start"]
    return {**state, "bet": Decimal(0)}


def lines_4_to_10(g: Decimal, bet: Decimal, state: State, hyper: Hyper) -> tuple[Decimal, State]:
    """One round with the negative gradient: the next bet, beta_i (L_i + Reward_i), and the four sums."""
    largest = abs(g) if abs(g) > state["scale"] else state["scale"]
    seen = state["abs_sum"] + abs(g)
    won = state["reward"] + bet * g
    won = won if won > 0 else Decimal(0)
    direction = state["negative_sum"] + g
    fraction = direction / largest / max(seen + largest, hyper["alpha"] * largest)
    return fraction * (largest + won), {"scale": largest, "abs_sum": seen, "reward": won, "negative_sum": direction}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The algorithm."""
    start = state["theta_start"]
    bet, sums = lines_4_to_10(-g, theta - start, state, hyper)
    return start + bet, {**sums, "theta_start": start}


def step_bet(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The authors' code for TensorFlow: the bet is kept, and its change is added."""
    bet, sums = lines_4_to_10(-g, state["bet"], state, hyper)
    return theta - state["bet"] + bet, {**sums, "bet": bet}


def step_scaled(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`optax.contrib.cocob`: decayed weights are added to the gradient, then the rate multiplies it."""
    new, after = step(theta, hyper["lr"] * g + hyper["lr"] * hyper["weight_decay"] * theta, state, t, hyper)
    return theta + (new - theta), after


COCOB = Optimizer("cocob", "Orabona & Tommasi 2017, Algorithm 2", HYPER, (*SUMS, "theta_start"), init, step)
BET = Optimizer("cocob/bet", "bremen79/cocob, optimizer/cocob_optimizer.py", HYPER, (*SUMS, "bet"), init_bet, step_bet)
SCALED = Optimizer("cocob/scaled", "optax.contrib.cocob", ("lr", *HYPER, "weight_decay"), (*SUMS, "theta_start"), init, step_scaled)

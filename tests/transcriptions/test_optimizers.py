"""The optimizers' transcriptions by themselves: values by hand, identities between them. No refopt."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction as F

import pytest

from . import OPTIMIZERS, run
from .by_hand import agree, all_agree, below, given, number, numbers, root, thetas

ADAM_LIKE = [name for name, o in OPTIMIZERS.items() if name.partition("/")[0] in ("adam", "adamw", "amsgrad") and "lr_max" not in o.hyper]
CORRECTED = [name for name in ADAM_LIKE if name != "adam/uncorrected"]
RMSPROP_LIKE = ["rmsprop", "rmsprop/eps_in_sqrt", "rmsprop/centered"]
DIVIDING = [*RMSPROP_LIKE, *ADAM_LIKE]


# SGD, momentum, Nesterov: exact, by hand, with a rate that changes

RATES = ("1/4", "1/2", "1/8")
EXACT: dict[str, list[tuple[str, ...]]] = {
    "sgd": [("3/4",), ("-1/4",), ("-1/8",)],
    "momentum": [("3/4", "1/4"), ("-3/8", "9/8"), ("-13/16", "7/16")],
    "momentum/lr_outside": [("3/4", "1"), ("-1/2", "5/2"), ("-17/32", "1/4")],
    "momentum/dampened": [("13/16", "3/4"), ("-1/8", "15/8"), ("-19/128", "3/16")],
    "momentum/raw_start": [("3/4", "1"), ("-1/4", "2"), ("-9/32", "1/4")],
    "nesterov": [("5/8", "1/4"), ("-15/16", "9/8"), ("-33/32", "7/16")],
    "nesterov/lr_outside": [("5/8", "1"), ("-1", "5/2"), ("-57/64", "1/4")],
    "nesterov/velocity": [("5/8", "-1/4"), ("-15/16", "-9/8"), ("-33/32", "-7/16")],
}  # theta and v after each step from theta = 1 with g = 1, 2, -1, momentum 1/2, dampening 1/4


@pytest.mark.parametrize("name", EXACT)
def test_three_steps_by_hand_are_exact(name: str) -> None:
    hyper = given(lr=0, momentum="1/2", dampening="1/4")
    trajectory = run(OPTIMIZERS[name], number(1), numbers(1, 2, -1), hyper, numbers(*RATES))
    actual = [tuple(map(F, (theta, *state.values()))) for theta, state in trajectory]
    assert [tuple(map(F, row)) for row in EXACT[name]] == actual


@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [
        ("momentum", "momentum/lr_outside", None),
        ("nesterov", "nesterov/lr_outside", None),
        ("nesterov", "nesterov/velocity", -1),
    ],
)
def test_the_conventions_agree_at_a_constant_rate(one: str, other: str, sign: int | None) -> None:
    hyper = given(lr="1/3", momentum="9/10")
    gradients = numbers(1, "-2/7", 5, 0, "1/9")
    mine = run(OPTIMIZERS[one], number("2/3"), gradients, hyper)
    theirs = run(OPTIMIZERS[other], number("2/3"), gradients, hyper)
    factor = hyper["lr"] if sign is None else Decimal(sign)
    for (theta, state), (theta_other, state_other) in zip(mine, theirs, strict=True):
        assert agree(theta, theta_other)
        assert agree(state["v"], factor * state_other["v"])


def test_when_the_rate_changes_the_momentum_conventions_differ_by_the_known_sum() -> None:
    # After s steps: theta(lr_outside) - theta(seed) = sum over steps j <= s of sum_{r<j} mu^(j-r) (eta_r - eta_j) g_r.
    mu, etas, gs = F(1, 2), [F(1, 4), F(1, 2), F(1, 8)], [F(1), F(2), F(-1)]
    difference = sum(mu ** (j - r) * (etas[r] - etas[j]) * gs[r] for j in range(3) for r in range(j))
    hyper = given(lr=0, momentum=mu)
    seed = thetas("momentum", 1, numbers(*gs), hyper, numbers(*etas))[-1]
    outside = thetas("momentum/lr_outside", 1, numbers(*gs), hyper, numbers(*etas))[-1]
    assert F(9, 32) == difference == F(outside) - F(seed)


def test_when_the_rate_changes_the_nesterov_conventions_differ_but_the_velocity_form_does_not() -> None:
    hyper, gradients, rates = given(lr=0, momentum="1/2"), numbers(1, 1), numbers(1, "1/2")
    reference = thetas("nesterov", 0, gradients, hyper, rates)
    assert reference == thetas("nesterov/velocity", 0, gradients, hyper, rates)
    assert reference[0] == thetas("nesterov/lr_outside", 0, gradients, hyper, rates)[0]
    assert reference[1] != thetas("nesterov/lr_outside", 0, gradients, hyper, rates)[1]


@pytest.mark.parametrize("name", ["momentum/dampened", "momentum/raw_start"])
def test_without_dampening_both_are_plain_momentum(name: str) -> None:
    hyper = given(lr="1/3", momentum="9/10", dampening=0)
    gradients = numbers(1, "-2/7", 5)
    assert all_agree(thetas("momentum/lr_outside", 2, gradients, hyper), thetas(name, 2, gradients, hyper))


def test_the_raw_start_is_ahead_by_the_damped_part_of_the_first_gradient() -> None:
    hyper, gradients = given(lr=1, momentum="1/2", dampening="1/4"), numbers(8, 3)
    dampened = thetas("momentum/dampened", 0, gradients, hyper)
    raw = thetas("momentum/raw_start", 0, gradients, hyper)
    assert [Decimal(2), Decimal(3)] == [d - r for d, r in zip(dampened, raw, strict=True)]


def test_dampening_equal_to_momentum_makes_the_buffer_a_mean() -> None:
    hyper = given(lr=1, momentum="3/4", dampening="3/4")
    (_, state), *_ = reversed(run(OPTIMIZERS["momentum/raw_start"], number(0), numbers(6, 6, 6), hyper))
    assert Decimal(6) == state["v"]


def test_raw_start_ignores_a_buffer_at_the_first_step_only() -> None:
    hyper, step = given(lr=1, momentum="1/2", dampening="1/4"), OPTIMIZERS["momentum/raw_start"].step
    assert {"v": Decimal(4)} == step(Decimal(0), Decimal(4), {"v": Decimal(100)}, 1, hyper)[1]
    assert {"v": Decimal(53)} == step(Decimal(0), Decimal(4), {"v": Decimal(100)}, 2, hyper)[1]


@pytest.mark.parametrize("name", [name for name in EXACT if name not in ("sgd", "momentum/dampened")])
def test_without_momentum_it_is_sgd(name: str) -> None:
    hyper, gradients = given(lr="1/4", momentum=0, dampening=0), numbers(1, -2, 5)
    assert thetas("sgd", 1, gradients, hyper) == thetas(name, 1, gradients, hyper)


def test_nesterov_takes_its_gradient_at_the_look_ahead_point() -> None:
    # On J = x^2/2 the gradient at theta is theta. Nesterov's points, by hand, from x = 1 with mu = lr = 1/2:
    # u = 0, look at 1, u = -1/2, x = 1/2; look at 1/4, u = -3/8, x = 1/8; look at -1/16.
    hyper, state, theta = given(lr="1/2", momentum="1/2"), {"v": Decimal(0)}, Decimal(1)
    looked_at = []
    for t in (1, 2):
        theta, state = OPTIMIZERS["nesterov"].step(theta, theta, state, t, hyper)
        looked_at.append(F(theta))
    assert [F(1, 4), F(-1, 16)] == looked_at
    assert F(1, 8) == looked_at[-1] + F(1, 2) * F(state["v"])


# RMSProp: by hand


def rmsprop_hand() -> dict[str, list[Decimal]]:
    """Theta from 3 with g = 2, 1, 5, rate 1/8, rho 3/4, eps 1/4: mean square 1, 1, 7; mean 1/2, 5/8, 55/32."""
    quarter = number("1/4")
    return {
        "rmsprop": below(3, number("1/5"), number("1/10"), number("5/8") / (root(7) + quarter)),
        "rmsprop/eps_in_sqrt": below(3, number("1/2") / root(5), number("1/4") / root(5), number("5/4") / root(29)),
        "rmsprop/centered": below(
            3,
            number("1/4") / (root(3) / 2 + quarter),
            number("1/8") / (root(39) / 8 + quarter),
            number("5/8") / (root(4143) / 32 + quarter),
        ),
    }


@pytest.mark.parametrize("name", RMSPROP_LIKE)
def test_three_steps_of_rmsprop_by_hand(name: str) -> None:
    hyper = given(lr="1/8", rho="3/4", eps="1/4")
    trajectory = run(OPTIMIZERS[name], number(3), numbers(2, 1, 5), hyper)
    assert all_agree(rmsprop_hand()[name], [theta for theta, _ in trajectory])
    assert [F(state["v"]) for _, state in trajectory] == [1, 1, 7]
    if name == "rmsprop/centered":
        assert [F(1, 2), F(5, 8), F(55, 32)] == [F(state["m"]) for _, state in trajectory]


def test_rmsprop_forgets_nothing_at_rho_one_and_everything_at_rho_zero() -> None:
    step, state = OPTIMIZERS["rmsprop"].step, {"v": Decimal(9)}
    assert Decimal(9) == step(Decimal(0), Decimal(5), state, 1, given(lr=1, rho=1, eps=0))[1]["v"]
    assert (Decimal(-1), {"v": Decimal(25)}) == step(Decimal(0), Decimal(5), state, 1, given(lr=1, rho=0, eps=0))


def test_a_centered_step_from_a_state_of_negative_variance_is_refused() -> None:
    with pytest.raises(InvalidOperation):
        OPTIMIZERS["rmsprop/centered"].step(Decimal(0), Decimal(2), {"v": Decimal(1), "m": Decimal(2)}, 2, given(lr=1, rho="1/2", eps=1))


# Adam and what derives from it: by hand

ADAM_HAND = {"lr": "1/8", "beta1": "1/2", "beta2": "3/4", "eps": "1/4"}


def adam_hand() -> dict[str, list[Decimal]]:
    """Theta from 3 with g = 2, 1, 0: m = 1, 1, 1/2; v = 1, 1, 3/4; m_hat = 2, 4/3, 4/7; v_hat = 4, 16/7, 48/37."""
    quarter, second = number("1/4"), number("1/6") / (4 / root(7) + number("1/4"))
    decayed = number("389/144")
    return {
        "adam": below(3, number("1/9"), second, number("1/14") / (root("48/37") + quarter)),
        "adam/eps_hat": below(3, number("1/10"), root(7) / 30, root(37) / 112 / (root(3) / 2 + quarter)),
        "adam/eps_in_sqrt": below(3, 1 / (2 * root(17)), number("1/6") / root("71/28"), number("1/14") / root("229/148")),
        "adam/uncorrected": below(3, number("1/10"), number("1/10"), number("1/16") / (root(3) / 2 + quarter)),
        "adamw": [
            decayed,
            decayed * number("15/16") - second,
            (decayed * number("15/16") - second) * number("15/16") - number("1/14") / (root("48/37") + quarter),
        ],
        "amsgrad": below(3, number("1/9"), second, number("1/14") / (8 / root(37) + quarter)),
        "amsgrad/max_hat": below(3, number("1/9"), number("2/27"), number("2/63")),
    }


@pytest.mark.parametrize("name", [name for name in ADAM_LIKE if name != "adam/l2"])
def test_three_steps_of_adam_by_hand(name: str) -> None:
    hyper = given(**ADAM_HAND, weight_decay="1/2")
    trajectory = run(OPTIMIZERS[name], number(3), numbers(2, 1, 0), hyper)
    assert all_agree(adam_hand()[name], [theta for theta, _ in trajectory])
    assert [F(1), F(1), F(1, 2)] == [F(state["m"]) for _, state in trajectory]
    assert [F(1), F(1), F(3, 4)] == [F(state["v"]) for _, state in trajectory]


def test_two_steps_of_adam_with_l2_by_hand() -> None:
    # theta = 4, 35/9 and weight decay 1/2: g + theta/2 is 2 and 1, Adam's gradients above.
    trajectory = run(OPTIMIZERS["adam/l2"], number(4), numbers(0, "-17/18"), given(**ADAM_HAND, weight_decay="1/2"))
    expected = below(4, number("1/9"), number("1/6") / (4 / root(7) + number("1/4")))
    assert all_agree(expected, [theta for theta, _ in trajectory])
    assert all_agree(numbers(1, 1), list(trajectory[1][1].values()))


def test_amsgrad_keeps_the_maximum_of_the_raw_moment_or_of_the_corrected_one() -> None:
    raw = run(OPTIMIZERS["amsgrad"], number(3), numbers(2, 1, 0, 4), given(**ADAM_HAND))
    corrected = run(OPTIMIZERS["amsgrad/max_hat"], number(3), numbers(2, 1, 0, 4), given(**ADAM_HAND))
    assert [F(1), F(1), F(1), F(73, 16)] == [F(state["v_max"]) for _, state in raw]
    # v = 73/16 at t = 4, corrected by 1 - (3/4)^4 = 175/256
    assert all_agree(numbers(4, 4, 4, "1168/175"), [state["v_max"] for _, state in corrected])


def test_amsgrad_is_adam_while_the_moments_grow() -> None:
    hyper, gradients = given(**ADAM_HAND), numbers(1, 2, 4, 8)
    adam = thetas("adam", 3, gradients, hyper)
    assert all_agree(adam, thetas("amsgrad", 3, gradients, hyper))
    assert all_agree(adam, thetas("amsgrad/max_hat", 3, gradients, hyper))


@pytest.mark.parametrize("name", CORRECTED)
@pytest.mark.parametrize("g", ["1/1000000000", "-3", "12345.678"])
def test_the_first_step_without_eps_is_the_rate_times_the_sign(name: str, g: str) -> None:
    hyper = given(lr="1/1000", beta1="9/10", beta2="999/1000", eps=0, weight_decay=0)
    sign = -1 if g.startswith("-") else 1
    assert agree(number("7/10") - sign * hyper["lr"], thetas(name, F(7, 10), numbers(g), hyper)[0])


def test_uncorrected_the_first_step_at_the_usual_betas_is_the_root_of_ten_times_the_rate() -> None:
    hyper = given(lr=1, beta1="9/10", beta2="999/1000", eps=0)
    assert agree(-root(10), thetas("adam/uncorrected", 0, numbers(7), hyper)[0])


@pytest.mark.parametrize("name", [name for name in CORRECTED if name not in ("amsgrad", "adam/l2", "adamw")])
def test_with_a_constant_gradient_and_no_eps_every_step_is_the_rate(name: str) -> None:
    hyper = given(lr=1, beta1="9/10", beta2="999/1000", eps=0)
    assert all_agree(numbers(-1, -2, -3, -4), thetas(name, 0, numbers(7, 7, 7, 7), hyper))


def test_eps_hat_is_adam_whose_epsilon_is_divided_by_the_root_of_the_correction() -> None:
    hyper, gradients = given(**ADAM_HAND), numbers(2, "-1/3", 5)
    theta, state = Decimal(3), OPTIMIZERS["adam"].init(Decimal(3), hyper)
    expected = []
    for t, g in enumerate(gradients, start=1):
        matched = {**hyper, "eps": hyper["eps"] / (1 - hyper["beta2"] ** t).sqrt()}
        theta, state = OPTIMIZERS["adam"].step(theta, g, state, t, matched)
        expected.append(theta)
    assert all_agree(expected, thetas("adam/eps_hat", 3, gradients, hyper))


def test_adam_without_correction_and_without_first_moment_is_rmsprop() -> None:
    hyper = given(lr="1/8", rho="3/4", beta1=0, beta2="3/4", eps="1/4")
    gradients = numbers(2, "-1/3", 5)
    assert all_agree(thetas("rmsprop", 3, gradients, hyper), thetas("adam/uncorrected", 3, gradients, hyper))


def test_both_kinds_of_weight_decay_are_adam_where_there_is_none() -> None:
    hyper, gradients = given(**ADAM_HAND, weight_decay=0), numbers(2, "-1/3", 5)
    adam = thetas("adam", 3, gradients, hyper)
    assert all_agree(adam, thetas("adam/l2", 3, gradients, hyper))
    assert all_agree(adam, thetas("adamw", 3, gradients, hyper))


def test_decoupled_decay_and_l2_differ_already_at_the_first_step() -> None:
    hyper = given(lr="1/10", beta1="9/10", beta2="999/1000", eps=0, weight_decay="1/10")
    assert F(19, 10) == F(thetas("adam/l2", 2, numbers(1), hyper)[0])
    assert F(188, 100) == F(thetas("adamw", 2, numbers(1), hyper)[0])


def test_decoupled_decay_shrinks_theta_before_the_step_and_not_after() -> None:
    hyper = given(**ADAM_HAND, weight_decay=8)
    assert agree(number("-1/9"), thetas("adamw", 3, numbers(2), hyper)[0])


@pytest.mark.parametrize("name", [name for name in DIVIDING if name not in ("adam/l2", "adamw")])
def test_without_eps_rescaled_gradients_make_no_difference(name: str) -> None:
    hyper = given(lr="1/8", rho="3/4", beta1="1/2", beta2="3/4", eps=0)
    gradients = numbers(2, "-1/3", 5, 1)
    scaled = [g * 1000 for g in gradients]
    assert all_agree(thetas(name, 3, gradients, hyper), thetas(name, 3, scaled, hyper))


@pytest.mark.parametrize("name", DIVIDING)
def test_a_zero_gradient_without_eps_is_refused(name: str) -> None:
    hyper = given(lr=1, rho="3/4", beta1="1/2", beta2="3/4", eps=0, weight_decay=0)
    with pytest.raises(InvalidOperation):
        thetas(name, 3, numbers(0), hyper)


@pytest.mark.parametrize("name", DIVIDING)
def test_a_zero_gradient_with_eps_leaves_theta_where_it_is(name: str) -> None:
    hyper = given(lr=1, rho="3/4", beta1="1/2", beta2="3/4", eps="1/100000000", weight_decay=0)
    assert [Decimal(3)] == thetas(name, 3, numbers(0), hyper)

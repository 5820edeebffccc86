"""The transcriptions by themselves: where one rule is another, and values by hand of those that no identity reaches. No refopt."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F

import pytest

from . import OPTIMIZERS, run
from .by_hand import agree, all_agree, below, given, number, numbers, root, thetas

GRADIENTS = numbers(2, "-1/3", 5, "1/7", -1, 3, "-9/2", "1/5")
BASE = {"lr": "1/8", "eps": "1/4", "weight_decay": "1/2", "beta1": "1/2", "beta2": "3/4"}


def alike(one: str, other: str, *, of_other: dict[str, F | int | str] | None = None, **hyper: F | int | str) -> bool:
    """Whether two rules go the same way from 3, each with the hyperparameters, the other one with its own on top."""
    mine = thetas(one, 3, GRADIENTS, given(**{**BASE, **hyper}))
    return all_agree(mine, thetas(other, 3, GRADIENTS, given(**{**BASE, **hyper, **(of_other or {})})))


def test_sgdw_without_decay_is_momentum_of_its_convention() -> None:
    assert alike("sgdw", "momentum/lr_outside", momentum="3/4", weight_decay=0)
    assert alike("sgdw/lr_inside", "momentum", momentum="3/4", weight_decay=0)
    assert not alike("sgdw", "momentum/lr_outside", momentum="3/4")


def test_sgdw_is_the_same_in_both_conventions_at_a_constant_rate() -> None:
    assert alike("sgdw", "sgdw/lr_inside", momentum="3/4")


def test_signum_without_momentum_is_sign_sgd() -> None:
    assert alike("signum", "sign_sgd", beta1=0)
    assert not alike("signum", "sign_sgd")


def test_lion_with_one_beta_is_signum_with_decay() -> None:
    assert alike("lion", "signum/decay", beta1="3/4", beta2="3/4")
    assert not alike("lion", "signum/decay", beta1="1/8", of_other={"beta1": "3/4"})


def test_lion_does_not_move_what_never_had_a_gradient() -> None:
    assert thetas("lion", 3, numbers(0, 0), given(lr=1, beta1="9/10", beta2="99/100", weight_decay=0)) == numbers(3, 3)


def test_lion_takes_its_momentum_before_it_is_updated() -> None:
    # m = 0, then 1/4: c = 1/2*1/4 - 1/2*g changes its sign at g = -1/4, not where the new momentum would
    (_, state), (theta, _) = run(OPTIMIZERS["lion"], number(0), numbers(1, "-1/5"), given(lr=1, beta1="1/2", beta2="3/4", weight_decay=0))
    assert state == {"m": number("1/4")}
    assert theta == number(-2)


def test_ademamix_without_the_slow_average_is_adamw() -> None:
    assert alike("ademamix", "adamw", beta3="9/10", alpha=0)
    assert not alike("ademamix", "adamw", beta3="9/10", alpha=1)


def test_without_momentum_these_are_rmsprop_with_bias_correction() -> None:
    same = {"of_other": {"rho": "3/4"}, "beta1": 0}
    assert alike("simplified_ademamix", "rmsprop/corrected", alpha=0, **same)  # type: ignore[arg-type]
    assert alike("laprop", "rmsprop/corrected", **same)  # type: ignore[arg-type]
    assert alike("nadam", "rmsprop/corrected", momentum_decay="1/2", **same)  # type: ignore[arg-type]
    assert alike("nadam/constant_momentum", "rmsprop/corrected", **same)  # type: ignore[arg-type]
    assert alike("nadam/one_correction", "rmsprop/corrected", **same)  # type: ignore[arg-type]


def test_simplified_ademamix_is_adam_without_the_first_correction_where_the_sum_is_scaled() -> None:
    # 1/(1 - beta1) times the average is the sum: alpha = 0 and a rate of (1 - beta1) times the other's
    mine = thetas("simplified_ademamix", 3, GRADIENTS, given(**{**BASE, "lr": "1/16"}, alpha=0))
    theta, m, v, expected = number(3), Decimal(0), Decimal(0), []
    for t, g in enumerate(GRADIENTS, start=1):
        m, v = m / 2 + g / 2, v * 3 / 4 + g * g / 4
        theta -= number("1/8") * m / ((v / (1 - number("3/4") ** t)).sqrt() + number("1/4"))
        expected.append(theta)
    assert all_agree(expected, mine)


def test_adan_that_looks_at_no_change_is_adam_with_a_decay_that_divides() -> None:
    assert alike("adan", "adam", of_other={"beta2": "7/8"}, beta2=0, beta3="7/8", weight_decay=0)
    one = given(**{**BASE, "beta2": 0, "beta3": "7/8"})
    undecayed = thetas("adan", 3, GRADIENTS[:1], {**one, "weight_decay": Decimal(0)})[0]
    assert agree(undecayed / number("17/16"), thetas("adan", 3, GRADIENTS[:1], one)[0])


def test_the_first_change_that_adan_sees_is_none() -> None:
    hyper = given(**BASE, beta3="7/8")
    (_, first), (_, second) = run(OPTIMIZERS["adan"], number(3), numbers(2, 5), hyper)
    assert (F(first["w"]), F(second["w"]), F(second["g_before"])) == (0, F(3, 4), 5)


def test_rmsprop_with_a_velocity_that_keeps_nothing_is_rmsprop() -> None:
    assert alike("rmsprop/momentum", "rmsprop", rho="3/4", momentum=0)
    assert alike("rmsprop/momentum_lr_inside", "rmsprop/eps_in_sqrt", rho="3/4", momentum=0)
    assert alike("rmsprop/centered_momentum", "rmsprop/centered", rho="3/4", momentum=0)


def test_a_velocity_keeps_its_share_of_the_last_normalized_gradient() -> None:
    hyper = given(lr="1/8", rho=0, eps=0, momentum="1/2")
    assert thetas("rmsprop/momentum", 0, numbers(3, -5), hyper) == numbers("-1/8", "-1/16")
    assert thetas("rmsprop/momentum_lr_inside", 0, numbers(3, -5), hyper, numbers("1/8", 1)) == numbers("-1/8", "13/16")


def test_adagrad_by_hand() -> None:
    hyper = given(lr="1/2", eps="1/4", s0=7)
    assert all_agree(numbers("11/17"), [thetas("adagrad", 1, numbers(3), hyper)[0]])  # sqrt(16) + 1/4 = 17/4
    assert agree(1 - number("3/2") / root("65/4"), thetas("adagrad/eps_in_sqrt", 1, numbers(3), hyper)[0])
    decayed = thetas("adagrad/lr_decay", 1, numbers(3, 0, 3), {**hyper, "lr_decay": Decimal(1)})
    assert all_agree(numbers("11/17", "11/17"), decayed[:2])
    assert agree(decayed[1] - number("1/2") / 3 * 3 / (5 + number("1/4")), decayed[2])  # the sum is 25 at t = 3


def test_adadelta_by_hand() -> None:
    hyper = given(lr=1, rho="3/4", eps=1)
    theta, state = OPTIMIZERS["adadelta"].step(Decimal(0), Decimal(2), {"s": Decimal(0), "u": Decimal(8)}, 1, hyper)
    assert agree(-3 / root(2) * 2, theta)  # sqrt(8 + 1)/sqrt(1 + 1)*2
    assert all_agree(numbers(1, "21/2"), [state["s"], state["u"]])  # 6 + 18/4


@pytest.mark.parametrize("name", ["adamax", "adamax/eps_outside"])
def test_a_constant_gradient_moves_adamax_by_the_rate(name: str) -> None:
    hyper = given(lr=1, beta1="9/10", beta2="999/1000", eps=0)
    assert all_agree(numbers(-1, -2, -3), thetas(name, 0, numbers(7, 7, 7), hyper))


def test_the_infinity_norm_forgets_and_its_epsilon_stands_where_it_is_said() -> None:
    hyper = given(lr=1, beta1=0, beta2="1/2", eps="1/4")
    assert [F(s["u"]) for _, s in run(OPTIMIZERS["adamax"], number(0), numbers(4, 0, -1), hyper)] == [F(17, 4), F(17, 8), F(5, 4)]
    assert [F(s["u"]) for _, s in run(OPTIMIZERS["adamax/eps_outside"], number(0), numbers(4, 0, -1), hyper)] == [4, 2, 1]


@pytest.mark.parametrize("name", ["nadam/constant_momentum", "nadam/one_correction"])
def test_the_first_step_of_nadam_without_eps(name: str) -> None:
    # m = g/2 at beta1 = 1/2: m/2/(3/4) + g, or (m + g)/2/(1/2)
    share = number("4/3") if name.endswith("constant_momentum") else number("3/2")
    assert agree(-share, thetas(name, 0, numbers(5), given(lr=1, beta1="1/2", beta2="3/4", eps=0))[0])


def test_the_momentum_of_nadam_grows_and_its_product_falls() -> None:
    hyper = given(lr=1, beta1="1/2", beta2="3/4", eps=0, momentum_decay=1)
    states = [s for _, s in run(OPTIMIZERS["nadam"], number(0), numbers(5, 5), hyper)]
    first, second = F(1, 2) * (1 - F(12, 25)), F(1, 2) * (1 - F(1, 2) * F(24, 25) ** 2)
    assert all_agree([number(first), number(first * second)], [s["mu_product"] for s in states])


@pytest.mark.parametrize("name", ["radam", "radam/eps_on_v_hat", "radam/threshold_4"])
def test_radam_moves_by_the_corrected_momentum_while_its_average_is_short(name: str) -> None:
    hyper = given(lr="1/8", beta1="1/2", beta2="999/1000", eps="1/4")
    theta, m, expected = number(3), Decimal(0), []
    for t, g in enumerate(GRADIENTS[:4], start=1):
        m = m / 2 + g / 2
        theta -= m / (1 - number("1/2") ** t) / 8
        expected.append(theta)
    assert all_agree(expected, thetas(name, 3, GRADIENTS[:4], hyper))


def test_radam_rectifies_from_the_fifth_or_from_the_sixth_update_on() -> None:
    hyper = given(lr="1/8", beta1="1/2", beta2="999/1000", eps=0)
    g = numbers(1, 1, 1, 1, 1, 1)
    early, late = thetas("radam/threshold_4", 0, g, hyper), thetas("radam/eps_on_v_hat", 0, g, hyper)
    assert all_agree(early[:4], late[:4]) and not agree(early[4], late[4])
    assert agree(early[5] - early[4], late[5] - late[4])


def test_without_epsilon_the_two_places_of_radams_are_one() -> None:
    assert alike("radam", "radam/eps_on_v_hat", beta2="9/10", eps=0)
    assert not alike("radam", "radam/eps_on_v_hat", beta2="9/10")


def test_adabelief_by_hand() -> None:
    # m = 1, 3/2; g - m = 1, 1/2; s = 1/4 + 1/8, then 9/32 + 1/16 + 1/8
    hyper = given(lr=1, beta1="1/2", beta2="3/4", eps="1/4", eps_root="1/8")
    (theta, first), (_, second) = run(OPTIMIZERS["adabelief"], number(0), numbers(2, 2), hyper)
    assert (F(first["s"]), F(second["s"]), F(second["m"])) == (F(3, 8), F(15, 32), F(3, 2))
    assert agree(-2 / (root("3/2") + number("1/4")), theta)


def test_acprop_divides_by_what_was_seen_before() -> None:
    # 1: 2/(1 + 1/4), m = 1, s = 1/4 + 1/8; 2: s_hat = 3/8/(1/4) = 3/2; m = 3/2, s = 9/32 + 1/16 + 1/8
    hyper = given(lr=1, beta1="1/2", beta2="3/4", eps="1/4", eps_root="1/8")
    (first, _), (second, state) = run(OPTIMIZERS["acprop"], number(0), numbers(2, 2), hyper)
    assert all_agree(below(0, number("8/5"), 2 / (root("3/2") + number("1/4"))), [first, second])
    assert (F(state["s"]), F(state["m"])) == (F(15, 32), F(3, 2))
    assert F(run(OPTIMIZERS["acprop/mean_before"], number(0), numbers(2, 2), hyper)[0][1]["s"]) == F(9, 8)


def test_schedule_free_sgd_by_hand() -> None:
    # 1: c = 1, z = x = y = -1; 2: z = -2, c = 1/2, x = -3/2, y = (z + x)/2; 3, at half the rate: c = (1/4)/(9/4) = 1/9, z = -5/2, x = -3/2 - 1/9
    hyper = given(lr=1, beta1="1/2")
    after = thetas("schedule_free_sgd", 0, numbers(1, 1, 1), hyper, numbers(1, 1, "1/2"))
    assert all_agree(numbers(-1, "-7/4", F(-5, 4) + F(-29, 36)), after)


def test_schedule_free_variants_by_hand() -> None:
    # weights 1, 1, 1 where the largest rate counts, or none: c = 1/3, z = -5/2, x = -3/2 - 1/3. A gradient over its own size is 1
    rates, hyper = numbers(1, 1, "1/2"), given(lr=1, beta1="1/2")
    after = numbers(-1, "-7/4", F(-5, 4) + F(-11, 12))
    assert all_agree(after, thetas("schedule_free_sgd/max_rate", 0, numbers(1, 1, 1), hyper, rates))
    hyper = given(lr=1, beta1="1/2", beta2=0, eps=0, weight_decay=0)
    for name in ("schedule_free_adamw/max_rate", "schedule_free_adamw/equal_weights"):
        assert all_agree(after, thetas(name, 0, numbers(3, 5, 2), hyper, rates))
    assert all_agree(numbers(-1, "-7/4", F(-5, 4) + F(-29, 36)), thetas("schedule_free_adamw", 0, numbers(3, 5, 2), hyper, rates))
    hyper = given(lr=1, beta1="1/2", beta2=0, eps=0, weight_decay="1/2")
    assert all_agree(numbers(0, "-3/4"), thetas("schedule_free_adamw", 2, numbers(3, 5), hyper))
    assert all_agree(numbers(1, 0), thetas("schedule_free_adamw/decay_of_theta", 2, numbers(3, 5), hyper))


def test_laprop_holds_the_rate_in_its_momentum() -> None:
    hyper = given(lr=0, beta1="1/2", beta2=0, eps=0)
    assert thetas("laprop", 0, numbers(3, -5), hyper, numbers(1, "1/2")) == numbers(-1, -1)  # m = 1/2, then 1/4 - 1/4


# The rules that are others where a hyperparameter is at one value

SAME: tuple[tuple[str, str, dict[str, F | int | str]], ...] = (
    ("momentum/ema", "momentum/dampened", {"dampening": "9/10"}),
    ("adamw/adamc", "adamw", {"lr_max": "1/8"}),
    ("optimistic_gd", "sgd", {"beta": 0, "alpha": 1}),
    ("ftrl", "ftrl/l2_doubled", {"l2": 0}),
    ("ftrl/l2_doubled", "ftrl/shrinkage", {"l2_shrinkage": 0}),
    ("madgrad", "madgrad/eps_in_lr", {"eps": 0}),
    ("madgrad/eps_in_lr", "madgrad/decoupled", {"weight_decay": 0}),
    ("adamaxw", "adamax", {"weight_decay": 0}),
    ("nadamw", "nadam/constant_momentum", {"weight_decay": 0}),
)
USED: dict[str, F | int | str] = {
    "lr": "1/8", "momentum": "9/10", "beta1": "9/10", "beta2": "99/100", "eps": "1/100", "weight_decay": "1/10", "alpha": "3/4", "beta": 1, "v0": "1/4",
    "l1": "1/8", "l2": "1/4", "s0": "1/2",
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "at"), SAME, ids=[f"{one}={other}" for one, other, _ in SAME])
def test_a_rule_is_another_where_a_hyperparameter_is_at_one_value(one: str, other: str, at: dict[str, F | int | str]) -> None:
    hyper, gradients = given(**{**USED, **at}), numbers(2, "-1/3", 5, "7/4", "-9/2")
    assert all_agree(thetas(one, 3, gradients, hyper), thetas(other, 3, gradients, hyper))


def test_ftrl_is_exactly_zero_while_the_sum_of_the_gradients_is_within_l1() -> None:
    hyper = given(lr="1/8", l1=1, l2=0, beta=1, s0=0)
    after = thetas("ftrl", 0, numbers("1/2", "1/4", "1/4", 1), hyper)
    assert after[:3] == numbers(0, 0, 0)
    assert after[3] < 0


def test_a_first_update_of_ftrl_by_hand() -> None:
    # n = 16, z = 4 - (4 - 0)/2*3 = -2; theta = (2 - 1)/((1 + 4)/2 + 1), l2 once or twice
    hyper = given(lr=2, l1=1, l2=1, beta=1, s0=0)
    assert all_agree(thetas("ftrl", 3, numbers(4), hyper), [number("2/7")])
    assert all_agree(thetas("ftrl/l2_doubled", 3, numbers(4), hyper), [number("2/9")])
    # the gradient of the penalty, 2*1/2*3, makes it z = 1, within l1; n stays 16
    assert run(OPTIMIZERS["ftrl/shrinkage"], number(3), numbers(4), given(lr=2, l1=1, l2=1, beta=1, s0=0, l2_shrinkage="1/2"))[0] == (
        0, {"z": number(1), "n": number(16)},
    )  # fmt: skip

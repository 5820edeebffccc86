"""Functions from rules to rules: what they make is a rule like any other, with the formula that its name says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.catalogue.transformations.cautious import cautious
from refopt.catalogue.transformations.clipping import clipped
from refopt.catalogue.transformations.grams import grams
from refopt.catalogue.transformations.lookahead import lookahead
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.conformance.diagnose.formulas import rule_named
from refopt.errors import RefoptError
from refopt.exact.numbers import decimal_numbers
from refopt.exact.run import Step, open_loop, rates
from refopt.language.compose import scheduled, substitute
from refopt.language.expression import cast, g, k, scalar, sign, t, tensor, theta, where
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule

GRADIENTS = [[Fraction(x)] for x in ("3/4", "-5/8", "0", "7/2", "-1/64", "2")]
THETA = [Fraction(5, 4)]


def _run(r: Rule, hyper: Mapping[str, str | int] | None = None, lr: Sequence[Fraction] | None = None) -> list[Step]:
    return open_loop(r, hyper=r.values(hyper), theta0=THETA, gradients=GRADIENTS, lr=lr, numbers=decimal_numbers(), digits=60, inputs=_beside(r))


def _beside(r: Rule) -> dict[str, list[list[Fraction]]]:
    """What each update is given beside the gradient."""
    return dict.fromkeys(r.input_names, GRADIENTS[::-1])


def _thetas(steps: Sequence[Step]) -> list[Fraction]:
    return [Fraction(s.theta[0]) for s in steps]


LENGTHS = {"period": 4, "every": 2, "warmup_steps": 3}


def _each_with_another() -> list[tuple[Rule, Schedule]]:
    """Every rule with a schedule and every schedule with a rule: pairs by turns, so that their number grows with the catalogue, not with its square."""
    some, others = [r for r in rules(variants=True) if r.learning_rate is not None], [s for s in schedules(variants=True) if not s.waits]
    return [(some[i % len(some)], others[i % len(others)]) for i in range(max(len(some), len(others)))]


@pytest.mark.parametrize(("r", "s"), _each_with_another(), ids=lambda c: c.name)
def test_a_scheduled_rule_is_the_rule_with_the_schedules_rate_at_each_step(r: Rule, s: Schedule) -> None:
    """The rate enters before 60 digits are rounded, so both runs agree to the last but a few: they do the same operations."""
    hyper = {n: v for n, v in LENGTHS.items() if n in s.hyper_names}
    with decimal_numbers().precision(60):
        rate = [Fraction(x) for x in rates(s, s.values(hyper), range(len(GRADIENTS)), numbers=decimal_numbers(), digits=60)]
    composed = scheduled(r, s)
    if 0 in rate and r.learning_rate is not None and not r.learning_rate.allows(0):
        for run in (lambda: _run(r, lr=rate), lambda: _run(composed, hyper)):
            with pytest.raises(ZeroDivisionError):
                run()
        return
    plain = open_loop(
        r, hyper={**r.values(), "lr": rate[0]}, theta0=THETA, gradients=GRADIENTS, lr=rate, numbers=decimal_numbers(), digits=60, inputs=_beside(r)
    )  # a state that starts from the rate starts from the first one
    assert composed.name == f"{r.name}+{s.name}"
    assert [h.name for h in composed.hyper] == [*s.hyper_names, *(n for n in r.hyper_names if n != "lr")]
    for ours, theirs in zip(_run(composed, hyper), plain, strict=True):
        assert Fraction(ours.theta[0]) == Fraction(theirs.theta[0])
        assert ours.state == theirs.state


def test_a_scheduled_rule_prints_the_rate_as_its_first_assignment() -> None:
    made = scheduled(rule("sgd"), schedule("exponential"))
    assert made.text() == "lr_t  <- lr*factor^(t - 1)\ntheta <- theta - lr_t*g"
    assert made.uses_step and made.title.endswith("; learning rate: the rate falls by a factor at every step")


def test_a_schedule_needs_a_rate_and_names_that_do_not_collide() -> None:
    factor = scalar("factor")
    with_factor = replace(rule("sgd"), hyper=(*rule("sgd").hyper, Hyper(factor, "1", factor >= 0, Role.FACTOR, "")))
    with pytest.raises(RefoptError, match="sgd and exponential both have a hyperparameter factor"):
        scheduled(with_factor, schedule("exponential"))
    with pytest.raises(RefoptError, match=r"no learning rate, which a schedule needs"):
        scheduled(Rule("mine", "", (), (), (), (Let(theta, theta - g),)), schedule("constant"))


def test_adam_with_decoupled_decay_is_adamw() -> None:
    made, adamw = with_weight_decay(rule("adam")), rule("adamw")
    assert [let.value for let in made.steps] == [let.value for let in adamw.steps]
    assert made.values() == adamw.values()
    assert made.name == "adam+decay"


def test_adam_with_coupled_decay_is_adam_l2() -> None:
    assert _thetas(_run(with_weight_decay(rule("adam"), decoupled=False))) == _thetas(_run(rule("adam/l2")))


def test_coupled_and_decoupled_decay_are_the_same_for_sgd_and_not_for_adam() -> None:
    forms = [with_weight_decay(rule("sgd"), decoupled=d).closed_form()["theta"] for d in (True, False)]
    assert sp.expand(forms[0] - forms[1]) == 0
    adam = [_thetas(_run(with_weight_decay(rule("adam"), decoupled=d), {"weight_decay": 1})) for d in (True, False)]
    assert all(x != y for x, y in zip(*adam, strict=True))


@pytest.mark.parametrize("decoupled", [True, False])
@pytest.mark.parametrize("name", [r.name for r in rules(variants=True) if "weight_decay" not in r.hyper_names and r.learning_rate is not None])
def test_no_decay_is_the_rule_itself(name: str, decoupled: bool) -> None:
    made = with_weight_decay(rule(name), decoupled=decoupled)
    assert _thetas(_run(made, {"weight_decay": 0})) == _thetas(_run(rule(name)))
    assert made.name == name + ("+decay" if decoupled else "+l2")


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov/velocity", "rmsprop", "adam/eps_hat", "amsgrad"])
def test_decoupled_decay_takes_its_share_of_theta_apart_from_the_step(name: str) -> None:
    plain, decayed = (r.closed_form()["theta"] for r in (rule(name), with_weight_decay(rule(name))))
    lr, decay, at = (scalar("lr", sign="nonnegative").sym, scalar("weight_decay", sign="nonnegative").sym, theta.sym)
    assert sp.expand(plain - decayed - lr * decay * at) == 0


def test_a_second_decay_and_a_decay_that_cannot_be_put_in_are_refused() -> None:
    with pytest.raises(RefoptError, match="weight_decay has two meanings"):
        with_weight_decay(rule("adamw"))
    twice = replace(rule("sgd"), steps=(*rule("sgd").steps, *rule("sgd").steps))
    with pytest.raises(RefoptError, match="theta to be assigned once"):
        with_weight_decay(twice)
    with pytest.raises(RefoptError, match="no learning rate, which weight decay needs"):
        with_weight_decay(Rule("mine", "", (), (), (), (Let(theta, theta - g),)))


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_clipping_is_the_rule_on_gradients_within_the_limit(r: Rule) -> None:
    limited = [[max(Fraction(-1, 2), min(x, Fraction(1, 2)))] for (x,) in GRADIENTS]
    by_hand = open_loop(r, hyper=r.values(), theta0=THETA, gradients=limited, numbers=decimal_numbers(), digits=60, inputs=_beside(r))
    assert _run(clipped(r), {"clip": "0.5"}) == [replace(s, g=(x,)) for s, (x,) in zip(by_hand, _given(), strict=True)]


def _given() -> list[tuple[object]]:
    return [(s.g[0],) for s in _run(rule("sgd"))]


def test_a_clip_of_zero_is_refused() -> None:
    with pytest.raises(RefoptError, match="clip = 0 is outside 0 < clip"):
        clipped(rule("adam")).values({"clip": 0})


def test_functions_of_rules_compose() -> None:
    made = scheduled(with_weight_decay(clipped(rule("adam"))), schedule("warmup"))
    assert made.name == "adam+clip+decay+warmup"
    assert made.state_names == ("m", "v")
    assert made.latex().splitlines()[1].startswith(r"\eta_t &\leftarrow \begin{cases}")
    rate = [Fraction(0), Fraction(0.001) / 2] + [Fraction(0.001)] * 4
    gradients = [[max(Fraction(-1), min(x, Fraction(1)))] for (x,) in GRADIENTS]
    hyper = rule("adamw").values()
    by_hand = open_loop(rule("adamw"), hyper=hyper, theta0=THETA, gradients=gradients, lr=rate, numbers=decimal_numbers(), digits=60)
    assert _thetas(_run(made, {"lr": "0.001", "warmup_steps": 2})) == _thetas(by_hand)


def test_putting_trees_in_keeps_the_order_the_casts_and_the_extents() -> None:
    x, y = tensor("x"), scalar("y")
    put = substitute(cast(x * y - where(k < 3, x, y), "float32"), {"x": y + 1, "k": t - 1})
    assert put == cast((y + 1) * y - where(t - 1 < 3, y + 1, y), "float32")
    assert put.is_scalar


def test_lookahead_goes_half_of_the_way_back_at_every_second_update() -> None:
    made = lookahead(rule("sgd"))
    found = _run(made, {"lr": "1", "sync_period": 2, "slow_step_size": "0.5"})
    # from 5/4: 1/2, then 9/8 of which half of the way is 19/16
    assert [Fraction(s.theta[0]) for s in found[:3]] == [Fraction(1, 2), Fraction(19, 16), Fraction(19, 16)]
    assert [Fraction(s.state["slow"][0]) for s in found[:3]] == [Fraction(5, 4), Fraction(19, 16), Fraction(19, 16)]


@pytest.mark.parametrize("r", [r for r in rules(variants=True) if r.learning_rate is not None], ids=lambda r: r.name)
def test_slow_weights_that_go_the_whole_way_change_nothing(r: Rule) -> None:
    hyper = {"lr": "0.25"}
    ours, theirs = _thetas(_run(lookahead(r), {**hyper, "sync_period": 3, "slow_step_size": 1})), _thetas(_run(r, hyper))
    assert all(abs(x - y) <= abs(y) / 10**40 for x, y in zip(ours, theirs, strict=True))


LR, DECAY = (next(h.symbol for h in rule("adamw").hyper if h.name == name) for name in ("lr", "weight_decay"))
STEPPING = ("sgd", "momentum", "adam", "adam/eps_hat", "adamw", "amsgrad")


@pytest.mark.parametrize("name", STEPPING)
def test_a_masked_step_is_the_rules_own_where_it_goes_against_the_gradient_and_else_none_or_turned(name: str) -> None:
    hyper = {"weight_decay": 0} if "weight_decay" in rule(name).hyper_names else {}
    for s in _run(rule(name), hyper)[:1]:  # after the first update the runs part
        own = THETA[0] - Fraction(s.theta[0])
        first = Fraction(GRADIENTS[0][0])
        kept, turned = (THETA[0] - _thetas(_run(made(rule(name)), hyper))[0] for made in (cautious, grams))
        assert own * first > 0 and kept == own == turned


def test_a_step_against_the_sign_of_the_gradient_is_dropped_or_turned() -> None:
    plain, masked, turned = (_thetas(_run(r, {"momentum": "0.9", "lr": 1})) for r in (rule("momentum"), cautious(rule("momentum")), grams(rule("momentum"))))
    # v = 3/4, then 27/40 - 5/8 = 1/20 while g = -5/8
    assert plain[1] < plain[0]
    assert masked[1] == masked[0] == plain[0]
    assert turned[1] == plain[0] + (plain[0] - plain[1])


def test_decay_is_no_part_of_a_masked_step() -> None:
    inside = replace(rule("sgd"), hyper=rule("adamw").hyper, steps=(Let(theta, theta - LR * (sign(g) + DECAY * theta)),))
    assert cautious(inside).text().splitlines() == [
        "step_made <- lr*sign(g)",
        "theta     <- theta - lr*(weight_decay*theta) - where(step_made*g > 0, step_made, 0)",
    ]
    dividing = replace(inside, steps=(Let(theta, theta - LR * g / theta),))
    with pytest.raises(RefoptError, match="sgd: what it takes off theta depends on theta"):
        cautious(dividing)


def test_a_person_may_write_what_is_put_in_as_a_function() -> None:
    made = rule_named("lookahead(adam/eps_hat)")
    assert made == rule_named("adam/eps_hat+lookahead") == lookahead(rule("adam/eps_hat"))
    assert rule_named("grams(cautious(adam))").name == "adam+cautious+grams"
    for name in ("lookahead(nothing)", "nothing(adam)"):
        with pytest.raises(RefoptError):
            rule_named(name)

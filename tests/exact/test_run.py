"""Exact runs agree with closed forms, with each other's numbers, and with plain fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest

import refopt
from refopt.catalogue import objective, objectives, rule, rules, schedule, schedules
from refopt.errors import OutsideDomain, RefoptError, UnknownName
from refopt.exact.digits import digits
from refopt.exact.numbers import Numbers, arb_numbers, decimal_numbers, mpfr_numbers, mpmath_numbers
from refopt.exact.run import Updater, closed_loop, open_loop, rates
from refopt.language.compose import substitute
from refopt.language.evaluate import evaluate, is_integral
from refopt.language.expression import Expression, Kind
from refopt.language.lists import base, entries
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from tests.catalogue.own import OWN_RULES

ENGINES = (mpmath_numbers, arb_numbers, decimal_numbers)


def _digits(numbers: Numbers, values: object) -> list[str]:
    low_and_high = [numbers.interval(x) for x in values]  # type: ignore[attr-defined]
    assert all(digits(low) == digits(high) for low, high in low_and_high)
    return [digits(low) for low, _ in low_and_high]


@pytest.mark.parametrize("engine", ENGINES)
def test_descent_on_a_quadratic_is_the_power_of_its_contraction(engine: object) -> None:
    """x_T = (1 - lr)^T on J = x^2/2, all of it in fractions."""
    numbers = engine()  # type: ignore[operator]
    lr = Fraction(1, 8)
    steps = closed_loop(rule("sgd"), objective("ravine"), hyper={"lr": lr}, objective_hyper={"kappa": Fraction(4)}, steps=30, numbers=numbers)
    with numbers.precision(50):
        assert _digits(numbers, steps[-1].theta) == [digits((1 - lr) ** 30), digits((1 - 4 * lr) ** 30)]


def test_adams_first_step_has_the_length_of_the_rate() -> None:
    step = open_loop(rule("adam"), hyper=rule("adam").values({"eps": 0}), theta0=[Fraction(0)], gradients=[[Fraction(-3)]])[0]
    exact = Fraction(0.001)
    assert abs(mpmath_numbers().interval(step.theta[0])[0] - exact) < exact / 10**45


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_three_sorts_of_numbers_print_the_same_digits(r: object) -> None:
    assert isinstance(r, refopt.language.rule.Rule)
    gradients = [[Fraction(3, 4), Fraction(-5, 8), Fraction(0)], [Fraction(1, 2), Fraction(7), Fraction(1, 64)]]
    found = []
    for engine in ENGINES:
        numbers = engine()
        steps = open_loop(r, hyper=r.values(), theta0=[Fraction(1)] * 3, gradients=gradients, numbers=numbers, digits=70,
                          inputs=dict.fromkeys(r.input_names, gradients[::-1]))  # fmt: skip
        with numbers.precision(70):
            found.append([_digits(numbers, (*s.theta, *(x for v in s.state.values() for x in v))) for s in steps])
    assert found[0] == found[1] == found[2]


EVERY_ENGINE = (*ENGINES, mpfr_numbers)


def _same(numbers: Numbers, compiled: Sequence[Any], walked: Sequence[Any]) -> bool:
    """Whether two rows of numbers have the same digits to the last one, and balls the same radius."""
    return [numbers.interval(x) for x in compiled] == [numbers.interval(x) for x in walked]


@pytest.mark.parametrize("engine", EVERY_ENGINE)
@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_a_compiled_update_has_the_digits_of_the_walked_tree(r: Rule, engine: Callable[[], Numbers]) -> None:
    numbers = engine()
    generator = random.Random(r.name)
    with numbers.precision(50):
        updater = Updater(r, r.values(), numbers)
        theta = [numbers.number(Fraction(generator.gauss(0, 1))) for _ in range(4)]
        state = updater.initial(theta)
        for number in (1, 2, 3, 40):
            row = [numbers.number(Fraction(generator.gauss(0, 1))) for _ in theta]
            rate = numbers.number(Fraction(0.1)) if number == 3 and "lr" in r.hyper_names else None
            further = {n: [numbers.number(Fraction(generator.gauss(0, 1))) for _ in theta] for n in r.input_names}
            step = updater.update(number, theta, state, row, rate, inputs=further)
            for i, x in enumerate(theta):
                known = {**updater.hyper, "t": number, "theta": x, "g": row[i], **{n: v[i] for n, v in (*state.items(), *further.items())}}
                known |= {} if rate is None else {"lr": rate}
                whole: dict[str, Expression] = {}  # what is made of whole numbers alone stays exact until it meets another number: 1 - 1/t is 2/3
                for let in r.steps:
                    tree = substitute(let.value, whole)
                    whole |= {let.name: tree} if is_integral(tree) else {}
                    known[let.name] = evaluate(tree, known, numbers.arithmetic)
                assert _same(numbers, [step.theta[i], *(v[i] for v in step.state.values())], [known[n] for n in ("theta", *r.state_names)])
            theta, state = list(step.theta), {n: list(v) for n, v in step.state.items()}


@pytest.mark.parametrize("engine", EVERY_ENGINE)
@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_a_compiled_schedule_has_the_digits_of_the_walked_tree(s: Schedule, engine: Callable[[], Numbers]) -> None:
    numbers, integers = engine(), {h.name for h in s.hyper if h.symbol.kind is Kind.INTEGER}
    for values in _sets(s):
        last = s.last_known(values)
        ks = (*range(25), 99, 100, 101, 1000) if last is None else range(last + 1)
        with numbers.precision(50):
            hyper = {n: int(x) if base(n) in integers else numbers.number(x) for n, x in values.items()}
            walked = [evaluate(s.rate, known, numbers.arithmetic) for known in _known(s, hyper, ks, numbers)]
        assert _same(numbers, rates(s, values, ks, numbers=numbers), walked)


def _sets(s: Schedule) -> list[dict[str, Fraction]]:
    """The defaults, and of a schedule that waits every set of its golden cases beside them: there its rate falls, rests and falls again."""
    sets = zip(*(h.samples.schedules for h in s.hyper), strict=True) if s.waits else ()
    return [s.values(), *(s.values(dict(zip(s.hyper_names, row, strict=True))) for row in sets)]


def _known(s: Schedule, hyper: dict[str, Any], ks: Sequence[int], numbers: Numbers) -> Iterator[dict[str, Any]]:
    """What the rate of each step is made of: k, or the states after k metrics, each assignment walked by itself."""
    if not s.waits:
        yield from ({**hyper, "k": k} for k in ks)
        return
    (declared,) = s.of_role(Role.METRIC)
    known = dict(hyper)
    known |= {x.name: _kept(evaluate(x.initial, hyper, numbers.arithmetic), x.kind, numbers) for x in s.state}
    yield known
    for k, metric in enumerate(entries(declared.name, hyper)):
        known = {**known, "k": k, "metric": metric}
        for let in s.steps:
            known[let.name] = _kept(evaluate(let.value, known, numbers.arithmetic), let.symbol.kind, numbers)
        yield known


def _kept(value: Any, kind: Kind, numbers: Numbers) -> Any:
    """A value as the next assignment takes it: a whole number as Python's own, which it must be exactly."""
    if kind is not Kind.INTEGER:
        return value
    low, high = numbers.interval(value)
    assert low == high == int(low)
    return int(low)


@pytest.mark.parametrize("o", objectives(), ids=lambda o: o.name)
def test_the_gradient_of_every_objective_is_its_difference_quotient(o: object) -> None:
    """A step of 10^-30 in 90 digits leaves a central difference right to 10^-25 or better."""
    from refopt.exact.run import Gradient
    from refopt.language.evaluate import Evaluation, binary64
    from refopt.language.objective import Objective

    assert isinstance(o, Objective)
    numbers = mpmath_numbers()
    with numbers.precision(90):
        gradient = Gradient(o, o.values(), numbers)
        theta = [numbers.number(binary64(x) + Fraction(1, 7)) for x in o.start]
        h = numbers.number(Fraction(1, 10**30))

        def loss(at: list[object]) -> object:
            total = numbers.number(0)
            for i in o.batch(1):
                names = [str(p.name) for p in o.parameters]
                environment = {**gradient.hyper, **gradient.samples[i], **dict(zip(names, at, strict=True))}
                total += Evaluation(environment, numbers.arithmetic).value(o.loss)
            return total / len(o.batch(1))

        for i, slope in enumerate(gradient.at(theta, 1)):
            up, down = ([x + s * h if j == i else x for j, x in enumerate(theta)] for s in (1, -1))
            quotient = (loss(up) - loss(down)) / (2 * h)  # type: ignore[operator]
            assert abs(quotient - slope) < numbers.number(Fraction(1, 10**25))


def test_a_schedule_gives_the_rate_of_each_step() -> None:
    step_decay = schedule("step_decay")
    values = step_decay.values({"lr": "0.5", "factor": "0.5", "every": 2})
    steps = closed_loop(
        rule("sgd"), objective("ravine"), hyper=rule("sgd").values({"lr": 0}), steps=5, schedule=step_decay, schedule_hyper=values
    )
    assert [float(s.lr) for s in steps] == [0.5, 0.5, 0.25, 0.25, 0.125]
    assert [float(x) for x in rates(step_decay, values, [0, 3, 4])] == [0.5, 0.25, 0.125]


def test_state_and_number_of_a_resumed_run_continue_the_uninterrupted_one() -> None:
    adam = rule("adam")
    gradients = [[Fraction(i, 8)] for i in (1, -2, 3, 5)]
    whole = open_loop(adam, hyper=adam.values(), theta0=[Fraction(1)], gradients=gradients, digits=60)
    half = whole[1]
    numbers = mpmath_numbers()
    state = {n: [numbers.interval(x)[0] for x in v] for n, v in half.state.items()}
    rest = open_loop(
        adam, hyper=adam.values(), theta0=[numbers.interval(half.theta[0])[0]], gradients=gradients[2:], state0=state, t0=3, digits=60
    )
    assert _digits(numbers, rest[-1].theta) == _digits(numbers, whole[-1].theta)


def test_a_rate_a_step_replaces_the_hyperparameter() -> None:
    steps = open_loop(
        rule("sgd"), hyper=rule("sgd").values(), theta0=[Fraction(0)], gradients=[[Fraction(1)], [Fraction(1)]], lr=[Fraction(1), Fraction(1, 2)]
    )
    assert [float(s.theta[0]) for s in steps] == [-1.0, -1.5]


def test_lengths_that_differ_are_refused_in_one_line() -> None:
    with pytest.raises(RefoptError, match="the gradient of step 0 has 2 elements, theta has 1"):
        open_loop(rule("sgd"), hyper=rule("sgd").values(), theta0=[Fraction(0)], gradients=[[Fraction(1), Fraction(1)]])
    with pytest.raises(RefoptError, match="2 rates for 1 steps"):
        open_loop(rule("sgd"), hyper={"lr": Fraction(1)}, theta0=[Fraction(0)], gradients=[[Fraction(1)]], lr=[Fraction(1)] * 2)
    with pytest.raises(RefoptError, match="state0 needs 1 values of v"):
        open_loop(rule("momentum"), hyper=rule("momentum").values(), theta0=[Fraction(0)], gradients=[[Fraction(1)]], state0={})


def test_a_run_that_diverges_is_refused_in_one_line() -> None:
    with pytest.raises(RefoptError, match="sgd on rosenbrock diverges: theta leaves the range of binary64 at step"):
        refopt.run("sgd", "rosenbrock", hyper={"lr": "0.01"}, steps=1000)


def test_run_takes_names_and_prints_the_digits_asked_for() -> None:
    made = refopt.run("adam", "rosenbrock", schedule="cosine_annealing", steps=20, digits=30)
    assert len(made.steps) == 20
    assert repr(made).startswith("<adam on rosenbrock, cosine_annealing: 20 steps, 30 digits, theta = -0.98258")
    assert all(len(x.lstrip("-0.").replace(".", "")) <= 30 for x in made.text().split())


def test_run_refuses_wrong_names_and_values() -> None:
    with pytest.raises(UnknownName, match="did you mean rosenbrock"):
        refopt.run("adam", "rosenbrok")
    with pytest.raises(OutsideDomain, match="beta1 = 1 is outside 0 <= beta1 < 1"):
        refopt.run("adam", "ravine", hyper={"beta1": 1})
    with pytest.raises(OutsideDomain, match="lr = nan is not finite"):
        refopt.run("adam", "ravine", hyper={"lr": float("nan")})
    with pytest.raises(RefoptError, match="steps = 0 must be an integer of at least 1"):
        refopt.run("adam", "ravine", steps=0)


def test_the_users_mpmath_precision_is_left_alone() -> None:
    from mpmath import mp

    before = mp.prec
    refopt.run("sgd", "ravine", steps=2, digits=200, hyper={"lr": "0.001"})
    assert mp.prec == before


@pytest.mark.parametrize("own", OWN_RULES, ids=lambda r: r.name)
def test_a_tensor_of_no_elements_has_a_run_too_and_its_states_have_no_value(own: Rule) -> None:
    first, second = open_loop(own, hyper=own.values(), theta0=[], gradients=[[], []])
    assert (first.t, second.t) == (1, 2)
    assert first.theta == second.theta == () and first.state == second.state == dict.fromkeys(own.state_names, ())

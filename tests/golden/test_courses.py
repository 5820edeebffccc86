"""Cases whose hyperparameters change from update to update: which, how, and that a mistake with one is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import rule, rules
from refopt.catalogue.symbols import lr, momentum, v
from refopt.errors import RefoptError
from refopt.exact.digits import digits
from refopt.golden import store
from refopt.golden.course_edits import CourseEdit, Taking, course_edits, powers_for_products
from refopt.golden.course_kills import mistaken
from refopt.golden.courses import courses, moved, open_to_reading
from refopt.golden.document import dumps, parse
from refopt.golden.expected import certify_case, with_bounds
from refopt.language.expression import g, scalar, t, theta
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, State
from tests.catalogue.own import OWN_RULES
from tests.transcriptions import OPTIMIZERS
from tests.transcriptions import digits as precision

EVERY = [r.name for r in rules(variants=True)]
WITH = [r.name for r in rules(variants=True) if moved(r)]
product = scalar("p", sign="nonnegative")
CORRECTED = Rule(
    "corrected", "momentum whose start is corrected by the product of its shares", rule("momentum").source, rule("momentum").hyper,
    (State(v, 0), State(product, 1)),
    (Let(product, product * momentum), Let(v, momentum * v + (1 - momentum) * g), Let(theta, theta - lr * v / (1 - product))),
)  # fmt: skip
BY_POWER = replace(
    CORRECTED, state=(State(v, 0),), steps=(Let(v, momentum * v + (1 - momentum) * g), Let(theta, theta - lr * v / (1 - momentum**t)))
)


def test_all_rules_have_one_case_but_those_whose_text_decides_for_none_beside_the_rate() -> None:
    alone, all_open = {"sgd", "sign_sgd"}, {"noisy_sgd", "asgd", "asgd/rate_before", "schedule_free_sgd", "schedule_free_sgd/max_rate"}
    assert set(EVERY) - set(WITH) == alone | all_open
    for name in alone | all_open:
        others = {h.name for h in rule(name).hyper if h.role is not Role.RATE}
        assert open_to_reading(rule(name)) >= others and bool(others) is (name in all_open), name
    for name in EVERY:
        found = [c for c in store.cases(name) if c.courses]
        assert len(found) == (name in WITH) and all(len(row) == len(c.grads) for c in found for row in c.courses.values()), name


@pytest.mark.parametrize("name", WITH)
def test_values_are_of_the_domain_exact_in_every_format_and_those_of_the_first_update_are_sent_at_the_start(name: str) -> None:
    r, (case,) = rule(name), courses(rule(name))
    for h in (h for h in r.hyper if h.name in case.courses):
        row = case.courses[h.name]
        assert len(set(row)) > 1 and row[0] == case.hyper[h.name] and h.role is not Role.RATE
        assert all(h.allows(x) and float(np.float16(float(x))) == float(x) and Fraction(x).numerator < 256 for x in row), h.name


def test_what_a_scalar_with_the_number_of_the_update_is_made_of_keeps_its_value_and_a_product_that_is_kept_does_not() -> None:
    assert open_to_reading(rule("adam")) == {"beta1", "beta2"} and set(moved(rule("adam"))) == {"eps"}
    assert not open_to_reading(rule("adam/uncorrected")) and set(moved(rule("adam/uncorrected"))) == {"beta1", "beta2", "eps"}
    assert open_to_reading(BY_POWER) == {"momentum"} and not moved(BY_POWER)
    assert not open_to_reading(CORRECTED) and set(moved(CORRECTED)) == {"momentum"}
    assert "beta1" in open_to_reading(rule("schedule_free_adamw")), "an x that is kept is of its own update's beta1, one that is found is of the next one's"
    own = {r.name: r for r in OWN_RULES}
    assert "s0" in open_to_reading(own["own_adagrad"]), "a state starts from it"
    assert {"beta1", "beta2"} <= open_to_reading(own["own_nadam"]), "a share that is made with t goes into its product"
    assert "beta2" in open_to_reading(own["own_radam"]), "it keeps a count of its own"


@pytest.mark.parametrize("name", WITH)
def test_the_values_are_those_of_the_second_transcription_with_the_hyperparameters_of_each_update(name: str) -> None:
    (case,) = (c for c in store.cases(name) if c.courses)
    other, kept = OPTIMIZERS[name], {e.t: e.params[0] for e in case.expect}
    with precision(80):
        for i, start in enumerate(case.params[0].theta0):
            sent = {n: Decimal(x) for n, x in case.hyper.items()}
            x, state = Decimal(start), other.init(Decimal(start), sent)
            for k, (row,) in enumerate(case.grads):
                assert row is not None
                beside = {n: Decimal((rows[k][0] or ())[i]) for n, rows in case.inputs.items()}
                x, state = other.step(x, Decimal(row[i]), state, k + 1, {**sent, **beside, **{n: Decimal(values[k]) for n, values in case.courses.items()}})
                if k + 1 in kept:
                    for ours, theirs in ((kept[k + 1].theta[i], x), *((kept[k + 1].state[n][i], state[n]) for n in other.state)):
                        assert digits(Fraction(ours)) == digits(Fraction(theirs)), (name, k, i)


HIDDEN = {"lion": ("beta1: ",), "lion/no_zero": ("beta1: ",)}
"""Beginnings of edits that no case sees: a sign is the same with the share before."""


@pytest.mark.parametrize("name", WITH)
def test_a_value_that_is_kept_or_comes_late_is_killed_in_float64_and_float32(name: str) -> None:
    document = json.loads((store.packed_root() / name / "KILLS.json").read_text())
    found = {i: e for i, e in (*document["killed"].items(), *document["listed"].items()) if e.get("kind") == "course"}
    names = tuple(moved(rule(name)))
    assert len(found) == len(list(course_edits(names))) + len(list(powers_for_products(rule(name))))
    killed = {i: document["killed"].get(i, {}) for i, e in found.items() if not e["edit"].startswith(HIDDEN.get(name, ()))}
    assert killed
    assert all(e.get(d) == f"{name.replace('/', '.')}-courses-001" for e in killed.values() for d in ("float64", "float32"))


def test_a_power_of_the_last_factor_in_the_place_of_a_product_is_killed() -> None:
    assert not list(powers_for_products(rule("adam")))
    ((name, edited),) = powers_for_products(CORRECTED)
    assert name == "p" and edited.text() != CORRECTED.text()
    (case,) = courses(CORRECTED)
    finished = with_bounds([certify_case(case, CORRECTED)[0]], CORRECTED)
    fates = {x.edit: x for x in mistaken(CORRECTED, finished)}
    assert {"p: a power of its last factor", "momentum: the value of the update before"} <= set(fates)
    assert all({"float64", "float32"} <= set(x.killed) for x in fates.values())
    still = replace(finished[0], courses={"momentum": (finished[0].courses["momentum"][0],) * len(finished[0].grads)})
    (again,) = with_bounds([certify_case(replace(still, expect=()), CORRECTED)[0]], CORRECTED)
    assert all(not x.killed for x in mistaken(CORRECTED, [again])), "where nothing changes they are all the same"


def test_an_edit_takes_the_first_value_or_the_one_before_of_the_named_ones_alone() -> None:
    rows = {"a": (1, 2, 3), "b": (4, 5, 6)}
    assert CourseEdit(("a",), Taking.FIRST).of(rows) == {"a": (1, 1, 1), "b": (4, 5, 6)}
    assert CourseEdit(("a", "b"), Taking.BEFORE).of(rows) == {"a": (1, 1, 2), "b": (4, 4, 5)}
    assert [e.names for e in course_edits(("a", "b")) if e.taking is Taking.FIRST] == [("a",), ("b",), ("a", "b")]
    assert [e.names for e in course_edits(("a",))] == [("a",), ("a",)] and not list(course_edits(()))


def test_a_course_that_is_too_short_or_of_an_unknown_name_is_refused() -> None:
    (file,) = (f for f in store.files("momentum") if any(c.courses for c in f.cases))
    assert parse(json.loads(dumps(file)), "it") == file
    (case,) = file.cases
    for wrong in ({"momentum": case.courses["momentum"][:-1]}, {"mass": case.courses["momentum"]}):
        with pytest.raises(RefoptError, match="a value for each update"):
            parse(json.loads(dumps(replace(file, cases=(replace(case, courses=wrong),)))), "it")

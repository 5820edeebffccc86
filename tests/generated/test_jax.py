"""The generated gradient transformations: judged, taken by optax, and the same when traced."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import load
from refopt.frameworks.own.jax_generated import GeneratedJax
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.names import module_name
from tests.generated.programs import RULES, SCHEDULES, few

jax = pytest.importorskip("jax", reason="the jax backend is judged where jax is installed")
import jax.numpy as jnp  # noqa: E402

from refopt.generated.jax.adam import adam  # noqa: E402
from refopt.generated.jax.cosine_annealing import cosine_annealing  # noqa: E402
from refopt.generated.jax.sgd import sgd  # noqa: E402


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_generated_transformation_conforms_in_both_formats(r: Rule) -> None:
    verdict = judge(load(f"refopt.generated.jax.{module_name(r)}", r.name), dtypes=["float64", "float32"], cases=few(r.name))
    assert [(f.verdict, f.precision, f.approach.mode) for f in verdict.findings] == [("conforms", "full", "stepwise")] * 2


@pytest.mark.parametrize("r", [r for r in RULES if "/" not in r.name], ids=lambda r: r.name)
def test_a_transformation_that_is_compiled_as_a_whole_conforms_too(r: Rule) -> None:
    """XLA may contract and reorder then: other bits, inside the bound."""
    of = load(f"refopt.generated.jax.{module_name(r)}", r.name)
    assert isinstance(of, GeneratedJax)

    @cache
    def compiled(hyper: tuple[tuple[str, float], ...]) -> Any:
        made = of.factory(**dict(hyper))
        return made._replace(update=jax.jit(made.update))

    verdict = judge(replace(of, factory=lambda **hyper: compiled(tuple(hyper.items()))), dtypes=["float64", "float32"], cases=few(r.name))
    assert [(f.verdict, f.precision, f.approach.mode) for f in verdict.findings] == [("conforms", "full", "stepwise")] * 2


@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_a_generated_schedule_conforms(s: Schedule) -> None:
    verdict = judge(load(f"refopt.generated.jax.{module_name(s)}", s.name))
    assert [(f.verdict, f.precision) for f in verdict.findings] == [("conforms", "full")]


PARAMS = {"w": np.array([[1.0, -2.0], [0.5, 4.0]], np.float32), "b": np.array([3.0], np.float32)}


def _gradients(params: Any) -> Any:
    return jax.tree_util.tree_map(lambda x: 2 * x, params)


def test_optax_chains_it_and_applies_its_updates() -> None:
    optax = pytest.importorskip("optax", reason="it is optax that is asked")
    params = jax.tree_util.tree_map(jnp.asarray, PARAMS)
    optimizer = optax.chain(optax.clip_by_global_norm(1e9), adam(lr=0.125))
    state = optimizer.init(params)
    alone = adam(lr=0.125)
    kept, moved = alone.init(params), params
    for _ in range(3):
        updates, state = optimizer.update(_gradients(params), state, params)
        params = optax.apply_updates(params, updates)
        changes, kept = alone.update(_gradients(moved), kept, moved)
        moved = jax.tree_util.tree_map(lambda x, y: x + y, moved, changes)
    assert int(kept.count) == 3 and params["w"].dtype == jnp.float32
    assert all(np.array_equal(params[name], moved[name]) for name in PARAMS)


def test_scalars_are_formed_in_64_bits_where_jax_has_32_also_when_traced() -> None:
    """1 - 0.999^t in float32 arithmetic is off by some 1e-5 of itself; formed in binary64 it is off by half a last digit."""
    from refopt.generated.jax import adam as module

    theta, usual = jnp.zeros(1, jnp.float32), jnp.asarray(0.5).dtype
    for update in (module.change, jax.jit(module.change)):
        _, state = update(theta, jnp.ones(1, jnp.float32), module.init(theta), 1)
        assert state["v"].dtype == jnp.float32 and float(state["v"][0]) == float(np.float32(1 - 0.999))
        assert jnp.asarray(0.5).dtype == usual  # nothing of the process stays changed


def test_a_schedule_is_asked_for_the_rate_of_the_step_before_counting_from_zero() -> None:
    optimizer = sgd(lr=cosine_annealing(lr=0.5, lr_min=0.0, period=2))
    theta = jnp.zeros(1, jnp.float32)
    state = optimizer.init(theta)
    rates = []
    for _ in range(3):
        change, state = jax.jit(optimizer.update)(jnp.ones(1, jnp.float32), state, theta)
        rates.append(-float(change[0]))
    assert rates == [0.5, 0.25, 0.0]


def test_without_parameters_it_says_what_it_needs() -> None:
    optimizer = sgd()
    with pytest.raises(ValueError, match=r"the rule needs the parameters: update\(gradients, state, params\)"):
        optimizer.update(jnp.ones(1), optimizer.init(jnp.ones(1)))


def test_a_scan_of_updates_is_the_updates() -> None:
    optimizer = adam(lr=0.125)
    theta = jnp.array([1.0, 2.0], jnp.float32)

    def step(carried: Any, _: Any) -> Any:
        theta, state = carried
        change, state = optimizer.update(2 * theta, state, theta)
        return (theta + change, state), None

    (scanned, state), _ = jax.lax.scan(step, (theta, optimizer.init(theta)), None, length=4)
    assert int(state.count) == 4
    carried = (theta, optimizer.init(theta))
    for _ in range(4):
        carried, _ = jax.jit(step)(carried, None)
    assert np.array_equal(scanned, carried[0])


def test_numbers_outside_their_domains_are_refused_in_one_line_schedules_and_traced_ones_are_taken() -> None:
    for wrong, told in (({"lr": float("nan")}, "lr = nan is outside 0 <= lr"), ({"beta1": 1}, "beta1 = 1 is outside 0 <= beta1 < 1")):
        with pytest.raises(ValueError, match=f"^{told}$"):
            adam(**wrong)
    theta = jnp.ones(2)
    adam(lr=lambda k: 0.5)
    made = jax.jit(lambda lr: adam(lr=lr).update(theta, adam().init(theta), theta)[0])
    assert np.array_equal(made(0.25), 2 * made(0.125))


@pytest.mark.parametrize("shape", [(1,), (2,), (3,)])
def test_an_array_where_the_rule_keeps_one_value_is_refused_in_one_line(shape: tuple[int, ...]) -> None:
    from refopt.generated.jax import nadam

    theta = jnp.zeros(3)
    state = {**nadam.init(theta), "mu_product": jnp.ones(shape)}
    with pytest.raises(ValueError, match=rf"^an array of shape {re.escape(str(shape))} stands where the rule keeps one value$"):
        nadam.step(theta, theta, state, 1)

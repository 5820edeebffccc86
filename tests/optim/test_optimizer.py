"""The classes: one for each rule, quick to import, their state saved and loaded whole or not at all."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

import refopt.optim as optim
from refopt.catalogue import rules, schedules
from refopt.errors import OutsideDomain, RefoptError, UnknownName
from refopt.optim import Adam, Momentum, optimizer, schedule
from refopt.optim.numpy_engine import NumpyEngine
from tests.optim.test_engines import bits, numbers


def test_every_rule_has_a_class_and_every_variant_is_reached_by_name() -> None:
    classes = {c.family: c for c in vars(optim).values() if isinstance(c, type) and issubclass(c, optim.Optimizer) and c.family}
    assert classes.keys() == {r.name for r in rules()}
    for r in rules(variants=True):
        family, _, variant = r.name.partition("/")
        made = classes[family]([np.ones(2)], variant=variant or None, engine="numpy")
        assert made.rule == r.name and list(made.hyper) == list(r.hyper_names)
        assert made.hyper == {h.name: float(h.value(h.default)) for h in r.hyper}


def test_neither_sympy_nor_anything_else_that_is_heavy_is_loaded() -> None:
    code = """
import sys
import refopt, refopt.optim
import numpy as np
x = np.ones(3)
made = refopt.optim.Adam([x], engine="numpy"); made.step([x]); refopt.optim.schedule("step_decay")(0)
heavy = {"sympy", "mpmath", "flint", "gmpy2", "torch", "jax", "cffi", "refopt.catalogue", "refopt.language", "refopt.lowering"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_the_class_says_its_formula_and_its_arguments() -> None:
    import inspect

    assert "theta <- theta - lr * m_hat / (sqrt(v_hat) + eps)" in str(Adam.__doc__)
    assert list(inspect.signature(Adam).parameters) == ["params", "lr", "beta1", "beta2", "eps", "variant", "schedule", "engine", "threads"]
    assert repr(Adam([np.ones(2)], engine="numpy")) == "Adam(adam: lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08; 1 parameters, t=0, engine numpy)"


def test_parameters_come_as_an_array_a_list_a_dict_or_an_iterator() -> None:
    g = np.full(3, 0.5)
    for hand_in, grads in ((lambda x: x, g), (lambda x: [x], [g]), (lambda x: {"w": x}, {"w": g}), (lambda x: iter([x]), (g,))):
        theta = np.ones(3)
        optim.SGD(hand_in(theta), lr=1.0).step(grads)
        assert theta.tolist() == [0.5, 0.5, 0.5]
    assert optim.SGD([]).params == {}


@pytest.mark.parametrize("engine", ["c", "numpy"])
def test_a_run_that_goes_on_from_its_saved_state_has_the_same_bits(engine: str) -> None:
    grads = [{"a": numbers((2, 3), np.float32, t), "b": numbers(4, np.float64, t)} for t in range(6)]

    def fresh() -> dict[str, Any]:
        return {"a": numbers((2, 3), np.float32, 90), "b": numbers(4, np.float64, 91)}

    whole = fresh()
    made = Adam(whole, engine=engine, lr=0.1)
    for g in grads:
        made.step(g)
    parts = fresh()
    first = Adam(parts, engine=engine, lr=0.1)
    for g in grads[:3]:
        first.step(g)
    saved = pickle.loads(pickle.dumps(first.state_dict()))
    first.step(grads[0])  # what was saved is a copy
    for name, x in fresh().items():
        parts[name][...] = x
    again = Adam(parts, engine=engine)
    middle = Adam(parts, engine="numpy", lr=0.1)
    for g in grads[:3]:
        middle.step(g)
    again.load_state_dict(saved)
    assert again.t == 3 and again.hyper["lr"] == 0.1
    for g in grads[3:]:
        again.step(g)
    for name in whole:
        assert bits(whole[name]) == bits(parts[name])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: {}, "this is no state of refopt.optim"),
        (lambda s: 3, "this is no state of refopt.optim"),
        (lambda s: {k: x for k, x in s.items() if k != "t"}, "the state lacks t"),
        (lambda s: {**s, "rule": "sgd"}, "the state is of sgd, this optimizer is adam"),
        (lambda s: {**s, "fingerprint": "0"}, "the state is of another formula of adam"),
        (lambda s: {**s, "t": -1}, "the state has t = -1"),
        (lambda s: {**s, "t": 1.5}, "the state has t = 1.5"),
        (lambda s: {**s, "t": 2**63}, "the state has t = 9223372036854775808"),
        (lambda s: {**s, "hyper": {**s["hyper"], "lr": -1}}, "adam: lr = -1.0 is outside"),
        (lambda s: {**s, "hyper": {"lr": 0.1}}, "the state has the hyperparameters lr; adam has lr, beta1, beta2, eps"),
        (lambda s: {**s, "hyper": None}, "the state has the hyperparameters a NoneType; adam has"),
        (lambda s: {**s, "state": {0: {"m": [[1.0], 2.0], "v": np.ones(3)}}}, "the state m of 0 cannot be read as an array"),
        (lambda s: {**s, "state": {0: {"m": np.ma.masked_array(np.ones(3), [0, 1, 0]), "v": np.ones(3)}}}, "the state m of 0 is a masked array"),
        (lambda s: {**s, "state": {1: {}}}, "the state is of 1; the parameters are 0"),
        (lambda s: {**s, "state": {0: {"m": np.ones(3)}}}, "the state of 0 lacks v"),
        (lambda s: {**s, "state": {0: {"m": np.ones(3), "v": np.ones(4)}}}, "the state v of 0 is float64 of shape (4,)"),
        (lambda s: {**s, "state": {0: {"m": np.ones(3), "v": np.ones(3, np.float32)}}}, "the state v of 0 is float32"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_nothing_is_loaded(change: Any, message: str) -> None:
    made = Adam([np.ones(3)], engine="numpy")
    made.step([np.ones(3)])
    before = made.state_dict()
    with pytest.raises(RefoptError) as caught:
        made.load_state_dict(change(made.state_dict()))
    assert message in caught.value.message
    after = made.state_dict()
    assert after["t"] == before["t"] and after["hyper"] == before["hyper"]
    assert all(bits(after["state"][0][n]) == bits(before["state"][0][n]) for n in "mv")


def test_an_optimizer_is_not_copied_away_from_its_parameters() -> None:
    made = Momentum([np.ones(3)], engine="numpy")
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(RefoptError, match="cannot be copied or pickled"):
            attempt(made)


def test_a_changed_hyperparameter_holds_from_the_next_update_on() -> None:
    theta = np.zeros(1)
    made = optim.SGD(theta, lr=1.0)
    made.step(np.ones(1))
    made.set(lr=0.25)
    made.step(np.ones(1))
    assert theta[0] == -1.25
    with pytest.raises(OutsideDomain):
        made.set(lr=-1)
    assert made.hyper["lr"] == 0.25


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_a_schedule_gives_the_rates_of_the_generated_code(s: Any) -> None:
    import importlib

    code = importlib.import_module(f"refopt.generated.numpy.{s.name.replace('/', '_').replace('+', '_')}")
    rates, last = schedule(s.name, lr=0.5), s.last_known(s.values())
    assert [rates(k) for k in range(last or 30)] == [code.rate(k, lr=0.5) for k in range(last or 30)]


def test_a_schedule_that_waits_for_a_metric_is_given_them_all() -> None:
    rates = schedule("reduce_on_plateau", lr=1, factor=0.5, patience=1, metrics=[3, 2.5, 2.5, 2.5])
    assert [rates(k) for k in range(5)] == [1, 1, 1, 1, 0.5]
    with pytest.raises(ValueError, match="the rate of step 5 needs 5 metrics, there are 4"):
        rates(5)
    with pytest.raises(OutsideDomain, match="metrics = nan is not finite"):
        schedule("reduce_on_plateau", metrics=[1, math.nan])


def test_several_hyperparameters_follow_functions_of_the_step() -> None:
    x = np.ones(3)
    moved = Momentum([x], schedule={"lr": schedule("multi_step", lr=0.5, factor=0.5, milestones=[1]), "momentum": lambda k: 0.5 if k == 0 else 0.25})
    moved.step([np.ones(3)])  # v = 1/2
    moved.step([np.ones(3)])  # v = 1/4*1/2 + 1/4 = 3/8; theta = 1 - 1/2 - 3/8
    assert (x == 0.125).all()


def test_a_schedule_of_what_is_no_hyperparameter_or_no_function_is_refused() -> None:
    with pytest.raises(UnknownName, match="no hyperparameter 'beta1'"):
        Momentum([np.ones(1)], schedule={"beta1": lambda k: 0.9})
    with pytest.raises(RefoptError, match="cannot be called"):
        Momentum([np.ones(1)], schedule={"momentum": 0.9})  # type: ignore[dict-item]


def test_a_schedule_takes_a_list_as_python_writes_it() -> None:
    rates = schedule("multi_step", lr=1, factor=0.5, milestones=[5, 3, 3])
    assert [rates(k) for k in range(7)] == [1, 1, 1, 0.25, 0.25, 0.125, 0.125]


@pytest.mark.parametrize("milestones", [3, [], [1.5], [-1], ["x"], "[3]", [float("nan")]])
def test_what_is_no_list_of_whole_numbers_is_refused_in_one_line(milestones: Any) -> None:
    with pytest.raises(OutsideDomain, match="multi_step: milestones = "):
        schedule("multi_step", milestones=milestones)


def test_a_schedule_that_does_not_exist_or_makes_no_sense_is_refused_in_one_line() -> None:
    with pytest.raises(UnknownName, match="no schedule 'cosine'"):
        schedule("cosine")
    with pytest.raises(RefoptError, match="adam is a rule, not a schedule"):
        schedule("adam")
    with pytest.raises(UnknownName, match="no hyperparameter 'perod'"):
        schedule("cosine_annealing", perod=3)
    for bad in (0, -3, 1.5, float("nan"), "long"):
        with pytest.raises(OutsideDomain):
            schedule("cosine_annealing", period=bad)
    with pytest.raises(OutsideDomain, match=r"step_decay: factor = -1\.0 is outside 0 <= factor"):
        schedule("step_decay", factor=-1)  # at step 0 it would give a rate like any other
    with pytest.raises(UnknownName):
        optimizer("adamaxx")


@pytest.mark.parametrize("engine", ["c", "numpy"])
def test_one_thread_at_a_time_takes_a_step(engine: str) -> None:
    """What a second one would write on top is refused; so is a step within a step."""
    theta, inside, go_on = np.zeros(3), threading.Event(), threading.Event()

    def rate(k: int) -> float:
        inside.set()
        assert go_on.wait(30)
        return 1.0

    made = optim.SGD([theta], schedule=rate, engine=engine)
    first = threading.Thread(target=made.step, args=([np.ones(3)],))
    first.start()
    assert inside.wait(30)
    other = optim.SGD([np.zeros(3)], engine=engine).state_dict()
    for attempt in (lambda: made.step([np.ones(3)]), made.state_dict, lambda: made.load_state_dict(other)):
        with pytest.raises(RefoptError, match="a step of this optimizer is going on"):
            attempt()
    go_on.set()
    first.join(30)
    assert made.t == 1 and theta.tolist() == [-1.0, -1.0, -1.0]
    within = optim.SGD([theta], schedule=lambda k: within.step([np.ones(3)]), engine=engine)  # type: ignore[arg-type, return-value]
    with pytest.raises(RefoptError, match="a step of this optimizer is going on"):
        within.step([np.ones(3)])
    assert within.t == 0 and theta.tolist() == [-1.0, -1.0, -1.0]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, MemoryError])
def test_an_update_that_is_interrupted_half_way_is_the_last_one_until_the_state_is_restored(
    interrupt: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    theta = np.ones(3)
    made = Adam([theta], engine="numpy")
    made.step([theta * 3])
    saved, kept = made.state_dict(), theta.copy()
    whole = NumpyEngine.step

    def torn(self: Any, *arguments: Any) -> None:
        whole(self, *arguments)
        raise interrupt

    with monkeypatch.context() as patched:
        patched.setattr(NumpyEngine, "step", torn)
        with pytest.raises(interrupt):
            made.step([theta * 3])
    for attempt in (lambda: made.step([theta * 3]), made.state_dict):
        with pytest.raises(RefoptError, match="update 2 was interrupted half way"):
            attempt()
    theta[...] = kept
    made.load_state_dict(saved)
    made.step([theta * 3])
    again = np.ones(3)
    straight = Adam([again], engine="numpy")
    straight.step([again * 3])
    straight.step([again * 3])
    assert made.t == 2 and bits(theta) == bits(again)

"""Our own generated code, torch's and JAX's, and refopt.optim: every rule is proved, and one edit in a copy of the code is refuted."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import refopt
from refopt import catalogue
from refopt.frameworks import load
from refopt.frameworks.own.lift_refopt_optim import SAME_BITS
from refopt.language.expression import Kind
from refopt.language.schedule import Schedule
from refopt.optim.optimizer import class_name, optimizer
from refopt.proving.answer import Differs, Equal, Unreadable
from refopt.proving.lift import lift
from refopt.proving.prove import prove
from refopt.report.words import told
from tests.proving.replayed import shows

pytest.importorskip("torch", reason="torch is in the test extra; without it its generated code cannot be read")
pytest.importorskip("jax", reason="jax is in the test extra; without it its generated code cannot be read")


def _floors_what_is_rounded(schedule: Schedule) -> bool:
    floors = [n.args[0] for n in schedule.rate.walk() if n.op == "floor"]
    return any(x.kind is not Kind.INTEGER for n in floors for x in (n.args if n.op == "div" else (n,)))


GENERATED = Path(refopt.__file__).parent / "generated"
RULES = [r.name for r in catalogue.rules(variants=True) if not r.inputs]
CUBED = [r.name for r in catalogue.rules(variants=True) if any(n.op == "cbrt" for let in r.steps for n in let.value.walk())]
"""Rules with a cube root, which torch has not: its code scales small numbers before it takes a power."""
SCHEDULES = [s.name for s in catalogue.schedules(variants=True)]
ROUNDED = [s.name for s in catalogue.schedules(variants=True) if _floors_what_is_rounded(s)]
"""Schedules with the floor of a number that code rounds before it: of 0.3*10 the exact floor is 3, that of the rounded product may be another."""
LOOPED = [s.name for s in catalogue.schedules(variants=True) if any(n.op == "ilog" for n in s.rate.walk())]
"""Schedules with an integer logarithm, which code finds by a loop whose end depends on a symbol."""
LISTED = [s.name for s in catalogue.schedules(variants=True) if any(h.is_list for h in s.hyper)]


def _module(name: str) -> str:
    return name.replace("/", "_").replace("+", "_")


def _class_of_optim(rule: str) -> str:
    family, _, variant = rule.partition("/")
    return f"refopt.optim.{class_name(family)}" + (f"(variant={variant!r})" if variant else "")


@pytest.mark.parametrize("name", [*RULES, *(s for s in SCHEDULES if s not in (*LISTED, *ROUNDED, *LOOPED))])
@pytest.mark.parametrize("framework", ["torch", "jax"])
def test_the_generated_code_is_its_rule(framework: str, name: str) -> None:
    if framework == "torch" and name in CUBED:
        assert isinstance(answer := prove(f"refopt.generated.torch.{_module(name)}", name), Unreadable) and "is not zero" in told(answer.reason), answer
        return
    assert isinstance(answer := prove(f"refopt.generated.{framework}.{_module(name)}", name), Equal), answer


@pytest.mark.parametrize("name", ROUNDED)
@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
def test_the_floor_of_what_is_rounded_is_unreadable_and_that_is_said(framework: str, name: str) -> None:
    answer = prove(f"refopt.generated.{framework}.{_module(name)}", name)
    assert isinstance(answer, Unreadable) and "the floor of " in told(answer.reason) and "which is rounded before" in told(answer.reason)


@pytest.mark.parametrize("name", LOOPED)
@pytest.mark.parametrize(("framework", "said"), [("numpy", "decisions on symbols"), ("torch", "decisions on symbols"), ("jax", "the JAX operation while")])
def test_a_loop_that_divides_until_a_symbol_is_reached_is_unreadable_and_that_is_said(framework: str, said: str, name: str) -> None:
    answer = prove(f"refopt.generated.{framework}.{_module(name)}", name)
    assert isinstance(answer, Unreadable) and said in told(answer.reason), answer


@pytest.mark.parametrize("name", LISTED)
def test_code_that_takes_a_list_of_any_length_is_unreadable_and_that_is_said(name: str) -> None:
    answer = prove(f"refopt.generated.{'numpy' if catalogue.schedule(name).waits else 'torch'}.{_module(name)}", name)
    assert isinstance(answer, Unreadable) and "is a list of any length" in told(answer.reason)


def test_the_class_is_read_as_its_module_is() -> None:
    assert isinstance(prove("refopt.generated.torch.AdamEpsHat", "adam/eps_hat"), Equal)


@pytest.mark.parametrize("rule", RULES)
def test_refopt_optim_is_its_rule(rule: str) -> None:
    assert isinstance(answer := prove(_class_of_optim(rule), rule), Equal), answer
    assert answer.asked.assumed == (SAME_BITS,)


def test_the_engine_that_is_read_needs_no_other_to_have_its_bits() -> None:
    assert prove("refopt.optim.Adam(engine='numpy')").asked.assumed == ()


def test_the_c_engine_is_not_read_and_the_one_that_is_is_named() -> None:
    answer = prove("refopt.optim.Adam(engine='c')")
    assert isinstance(answer, Unreadable) and "engine='numpy' can be read" in told(answer.reason)


def test_a_variant_is_named() -> None:
    answer = prove("refopt.optim.Adam(variant='eps_hat')")
    assert isinstance(answer, Differs) and answer.matches == ("adam/eps_hat",)


@pytest.mark.parametrize("name", ["refopt.generated.torch.adam", "refopt.generated.jax.adam", "refopt.optim.Adam"])
def test_what_is_read_is_the_update_as_it_is_written(name: str) -> None:
    lifted = lift(load(name), catalogue.rule("adam"))
    assert str(lifted.later["m"]) == "beta1*m + (1 - beta1)*g"
    assert "beta1^t" in str(lifted.later["theta"]) and "beta1^1" in str(lifted.first["theta"])
    assert lifted.is_uniform()


def _copied(framework: str, module: str, old: str, new: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of a rule out of a copy of its package, in which `old`, which stands in one place, is `new`."""
    package = f"edited_{framework}_{abs(hash((module, old, new)))}"
    (folder / package).mkdir()
    places = 0
    for path in (GENERATED / framework).glob("*.py"):
        if path.stem != module and not path.stem.startswith("_"):
            continue
        text = path.read_text(encoding="utf-8")
        places += text.count(old)
        (folder / package / path.name).write_text(text.replace(old, new).replace(f"refopt.generated.{framework}.", f"{package}."), encoding="utf-8")
    assert places == 1, f"{old!r} stands in {places} places"
    monkeypatch.syspath_prepend(str(folder))
    found = importlib.import_module(f"{package}.{module}")
    monkeypatch.delitem(sys.modules, package, raising=False)
    return found


@dataclass(frozen=True)
class Bug:
    """What is replaced, once, by what in a module or in what it shares with the others."""

    framework: str
    rule: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.framework} {self.rule}: {self.old} -> {self.new}"


BUGS = [
    Bug("torch", "adam", "(torch.sqrt(v_hat) + eps)", "torch.sqrt(v_hat + eps)"),
    Bug("torch", "adam", "theta = theta - lr", "theta = theta + lr"),
    Bug("torch", "adam", "scalar(1 - power(beta2, t))", "scalar(1 - power(beta1, t))"),
    Bug("torch", "adam", 'int(state["step"]) + 1', 'int(state["step"]) + 2'),
    Bug("torch", "adam", 'state["step"] += 1', 'state["step"] += 2'),
    Bug("torch", "amsgrad", "torch.maximum(v_max, v)", "torch.minimum(v_max, v)"),
    Bug("torch", "nesterov", "theta = theta - ", "theta = theta + "),
    Bug("jax", "adam", "(jnp.sqrt(v_hat) + eps)", "jnp.sqrt(v_hat + eps)"),
    Bug("jax", "adam", "added = -(", "added = ("),
    Bug("jax", "adam", "one_minus_beta2 * jnp.square(g)", "one_minus_beta1 * jnp.square(g)"),
    Bug("jax", "adam", "count = state.count + 1", "count = state.count + 2"),
    Bug("jax", "adam", "return tree.unflatten(changes), State(count,", "return tree.unflatten(changes), State(count + 2,"),
    Bug("jax", "amsgrad", "jnp.maximum(v_max, v)", "jnp.minimum(v_max, v)"),
    Bug("inplace", "adam", "np.sqrt(b, out=b)\n    np.add(b, eps, out=b)", "np.add(b, eps, out=b)\n    np.sqrt(b, out=b)"),
    Bug("inplace", "adam", "np.subtract(theta, a, out=theta)", "np.add(theta, a, out=theta)"),
    Bug("inplace", "adam", "np.square(g, out=a)", "np.square(m, out=a)"),
    Bug("inplace", "adam", "scalar(1 - power(beta2, t))", "scalar(1 - power(beta2, t + 1))"),
    Bug("inplace", "amsgrad", "np.maximum(v_max, v, out=v_max)", "np.minimum(v_max, v, out=v_max)"),
    Bug("inplace", "adam", "m.fill(0)", "m.fill(1)"),
]
POWER = {
    "torch": [("result *= factor", "result *= base"), ("factor *= factor", "factor *= base"), ("left //= 2", "left = (left + 1) // 2 - 1"),
              ("left % 2 == 1", "left % 2 == 0"), ("while left:", "while left > 1:")],
    "jax": [("result * factor, result)", "result * base, result)"), ("factor * factor, left // 2", "factor * base, left // 2"),
            ("left % 2 == 1", "left % 2 == 0"), ("fori_loop(0, 63,", "fori_loop(0, 20,")],
}  # fmt: skip
"""Edits of the function that raises to a power."""


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Bug], Any]:
    """Makes the implementation of a copy."""

    def made(bug: Bug) -> Any:
        module = _copied(bug.framework, bug.rule, bug.old, bug.new, tmp_path, monkeypatch)
        if bug.framework == "inplace":
            monkeypatch.setattr(sys.modules["refopt.optim.optimizer"], "plan", lambda name: module)
            loaded: Any = load(f"refopt.optim.{class_name(bug.rule)}(engine='numpy')")
            return replace(loaded, factory=optimizer(bug.rule))
        own: Any = load(f"refopt.generated.{bug.framework}.{bug.rule}")
        return replace(own, factory=getattr(module, own.factory.__name__))

    return made


@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_an_edit_is_refuted_by_a_point_where_the_code_itself_gives_what_is_stated(bug: Bug, edited: Callable[[Bug], Any]) -> None:
    implementation = edited(bug)
    answer = prove(implementation)
    assert isinstance(answer, Differs), answer
    assert answer.witness.first != answer.witness.second
    assert shows(implementation, answer), answer.witness


@pytest.mark.parametrize("framework", ["torch", "jax", "inplace"])
def test_a_copy_without_an_edit_is_proved(framework: str, edited: Callable[[Bug], Any]) -> None:
    assert isinstance(prove(edited(Bug(framework, "adam", '"""Bias-corrected moments, epsilon outside the root.\n', '"""'))), Equal)


@pytest.mark.parametrize(("framework", "old", "new"), [(f, *edit) for f, edits in POWER.items() for edit in edits])
def test_a_power_that_is_none_is_not_taken_for_one(framework: str, old: str, new: str, edited: Callable[[Bug], Any]) -> None:
    answer = prove(edited(Bug(framework, "adam", old, new)))
    assert isinstance(answer, Unreadable), answer

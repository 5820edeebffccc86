"""Every optimizer and schedule of a framework is judged, or is listed with the reason why nothing judges it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from refopt.errors import RefoptError
from refopt.frameworks import known, load, not_judged
from refopt.frameworks.installed import is_installed, member
from refopt.frameworks.keras.backend import backend_here, keras_here
from tests.cli.running import refopt


def _torch() -> list[str]:
    import torch

    def made_of(module: Any, base: type) -> list[str]:
        classes = {n: x for n, x in vars(module).items() if isinstance(x, type) and issubclass(x, base) and x is not base}
        return [f"{module.__name__}.{n}" for n in classes if not n.startswith("_")]

    rates = [n for m in (torch.optim.lr_scheduler, torch.optim.swa_utils) for n in made_of(m, torch.optim.lr_scheduler.LRScheduler)]
    return [*made_of(torch.optim, torch.optim.Optimizer), *rates, "torch.optim.lr_scheduler.ReduceLROnPlateau"]


NO_OPTIMIZER = ("scale_by_", "differentially_", "hutchinson", "normalize", "split_real", "schedule_free_eval")
"""Beginnings of names in optax.contrib that are parts of optimizers, or tools beside them."""


def _optax() -> list[str]:
    import optax
    import optax.contrib

    def of(module: Any) -> dict[str, Any]:
        made = {n: x for n, x in vars(module).items() if inspect.isfunction(x) or isinstance(x, partial)}
        return {n: x for n, x in made.items() if not n.startswith(("_", *NO_OPTIMIZER))}

    takes = [n for n, x in of(optax).items() if "learning_rate" in inspect.signature(x).parameters]
    rates = [n for n in of(optax) if n.endswith(("_schedule", "_schedules", "exponential_decay")) and n not in ("inject_stateful_schedules",)]
    return [*(f"optax.{n}" for n in (*takes, *rates)), *(f"optax.contrib.{n}" for n in of(optax.contrib))]


def _keras() -> list[str]:
    keras = keras_here()
    home, rates = keras.optimizers, keras.optimizers.schedules
    found = [f"keras.optimizers.{n}" for n, x in vars(home).items() if isinstance(x, type) and n != "Optimizer"]
    return [*found, *(f"keras.optimizers.schedules.{n}" for n, x in vars(rates).items() if isinstance(x, type) and n != "LearningRateSchedule")]


PUBLIC: dict[str, Callable[[], list[str]]] = {"torch": _torch, "optax": _optax, "keras": _keras}


@pytest.mark.parametrize("package", PUBLIC)
def test_everything_public_is_judged_or_has_a_reason_and_nothing_has_both(package: str) -> None:
    if not is_installed(package) or (package == "keras" and not backend_here()):
        pytest.skip(f"{package} is not installed")
    here = PUBLIC[package]()
    judged = {k.spelling.partition("(")[0] for k in known()}
    reasons = {n for n in not_judged() if n.startswith(f"{package}.")}
    assert sorted(set(here) - judged - reasons) == []
    assert sorted(reasons & judged) == []
    assert [n for n in sorted(reasons) if not callable(member(n, ()))] == []


@pytest.mark.parametrize("name", ["torch.optim.lr_scheduler.SequentialLR", "torch.optim.Muon", "optax.contrib.prodigy", "keras.optimizers.Lamb"])
def test_what_is_not_judged_is_told_with_its_reason_in_one_line(name: str) -> None:
    if not is_installed(name.partition(".")[0]) or (name.startswith("keras") and not backend_here()):
        pytest.skip("not installed")
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert caught.value.message.endswith(f" for {name}: {not_judged()[name].value}")
    assert ("refopt check python:MODULE:NAME --rule SCHEDULE" if "lr_scheduler" in name else "refopt list ") in (caught.value.help or "")


def test_the_table_of_what_is_not_judged_is_the_one_that_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = refopt(capsys, "list", "not_judged").out.splitlines()
    assert [row.split()[0] for row in rows] == list(not_judged())

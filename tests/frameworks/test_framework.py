"""An adapter asks a module of another package for what a person said, and for no more."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from refopt.frameworks.framework import Adapter


def test_a_module_is_told_what_names_mean_without_an_argument_that_it_may_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "toy_three", SimpleNamespace(load=lambda text, rule, maps: (text, rule, maps)))  # type: ignore[arg-type]
    found: Any = Adapter("toy.", "numpy", "toy_three", maps=True).load("toy.SGD", "sgd", {"mom": "momentum"})
    assert found == ("toy.SGD", "sgd", {"mom": "momentum"})

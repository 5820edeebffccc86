"""Where a person's code cannot be read on symbols, the answer names the line of the person's file at which it stopped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refopt
from refopt.cli.main import main

pytest.importorskip("torch")

CODE = """import torch

class SGD(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))
    def step(self, closure=None):
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        p.data.sub_(self.moved(p.grad.data), alpha=group["lr"])
    def moved(self, g):
        return g

class SortingSGD(SGD):
    def moved(self, g):
        return torch.sort(g).values

class FailingSGD(SGD):
    def moved(self, g):
        return g["values"]

def minimize_by_sgd(grad, x0, lr=0.1):
    x = x0
    for _ in range(1000):
        x = x - lr * grad(x)
    return x
"""
PLACES = {"SortingSGD": 17, "FailingSGD": 21, "minimize_by_sgd": 23}


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that holds them, in the current folder."""
    (tmp_path / "mine_unread.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    import mine_unread  # type: ignore[import-not-found]

    yield mine_unread
    sys.modules.pop("mine_unread", None)


@pytest.mark.parametrize("name", PLACES)
def test_the_line_is_named(name: str, mine: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer = refopt.prove(getattr(mine, name), "sgd")
    assert isinstance(answer, refopt.Unreadable) and answer.where == f"mine_unread.py line {PLACES[name]}", answer
    assert main(["prove", f"./mine_unread.py:{name}", "--rule", "sgd"]) == 1
    assert f"At mine_unread.py line {PLACES[name]}." in capsys.readouterr().out


def test_a_rate_without_a_default_is_a_symbol_as_any_other(mine: Any) -> None:
    assert isinstance(refopt.prove(mine.SGD, "sgd"), refopt.Equal)

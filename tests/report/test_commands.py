"""Commands that can be pasted."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from refopt.report.commands import can_be_named, meant, reproduce, spelled
from tests.report import judged


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("torch.optim.Adam", ["torch.optim.Adam"]),
        ("torch.optim.SGD(momentum=0.9, nesterov=True)", ["torch.optim.SGD(momentum=0.9, nesterov=True)"]),
        ("my_adam:make", ["python:my_adam:make", "--rule", "adam"]),
        ("python:my_adam:make", ["python:my_adam:make", "--rule", "adam"]),
    ],
)
def test_a_shell_reads_the_name_as_one_word(name: str, words: list[str]) -> None:
    assert shlex.split(spelled(name, "adam")) == words


def test_one_case_in_one_format_and_a_variant_that_is_meant() -> None:
    verdict = replace(judged.variant().found, implementation="torch.optim.Adam")
    assert reproduce(verdict, verdict.worst, "adam-open-eps-001") == "refopt check torch.optim.Adam --dtype float64 --case adam-open-eps-001"
    assert meant(verdict, "adam/eps_hat") == "refopt check torch.optim.Adam --as adam/eps_hat"


def test_an_object_cannot_be_named() -> None:
    for name in ("MyAdam", "Outer.MyAdam", "test.<locals>.<lambda>"):
        assert not can_be_named(replace(judged.variant().found, implementation=name))
    assert can_be_named(judged.variant().found)


def test_what_was_said_of_an_own_object_stands_in_the_command_that_runs_it_again() -> None:
    verdict = replace(judged.variant().found, implementation="mine:A", maps=(("moments[0]", "m"), ("wd", "weight_decay")), per_tensor=True)
    told = reproduce(verdict, verdict.worst, "adam-open-eps-001")
    said = "--map 'moments[0]=m' --map wd=weight_decay --per-tensor"
    assert told == f"refopt check python:mine:A --rule {verdict.rule} {said} --dtype float64 --case adam-open-eps-001"

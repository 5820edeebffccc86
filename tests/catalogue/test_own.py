"""Rules in the letters of their papers, with states of one value and states that start from a hyperparameter: a file each, and all else follows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refopt.language.rule import Rule
from tests.catalogue.own import OWN, OWN_RULES
from tests.catalogue.own.home import HERE, home

TOOLS = {"c": ("gcc", "cc", "clang"), "javascript": ("node",), "rust": ("rustc",)}
PAPERS = {"own_adagrad": "a", "own_nadam": "mu_product", "own_radam": "n"}
"""By rule the letter, or the state of one value, for whose sake it is here."""


@pytest.fixture(scope="module", params=[("power_of_rest",), ("own_adagrad",), ("own_nadam", "own_radam")], ids="+".join)
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of the recipes."""
    at = home(tmp_path_factory.mktemp("home"), request.param)
    own = at / "tests/catalogue/own"
    own.mkdir(parents=True)
    (own / "__init__.py").touch()
    shutil.copy(HERE.parent / "__init__.py", own.parent / "__init__.py")
    shutil.copy(HERE / "followed.py", own / "followed.py")
    done = subprocess.run([sys.executable, "-m", "tests.catalogue.own.followed", *request.param], cwd=at, env={**os.environ, "PYTHONPATH": str(at)},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout.splitlines()[-1]), "names": request.param}


def test_golden_files_are_built_and_come_out_again(followed: dict[str, Any]) -> None:
    assert set(followed["cases"]) == set(followed["names"]) and all(n >= 7 for n in followed["cases"].values())
    assert followed["wrong"] == []


def test_the_generated_code_conforms_in_every_language(followed: dict[str, Any]) -> None:
    languages = {"numpy", "torch", "jax", *(x for x in TOOLS if x not in followed["missing"])}
    rules = {r.name for r in OWN_RULES}
    wanted = {f"{name} {x}" for name in followed["names"] for x in languages if name in rules or x != "c"}
    assert set(followed["verdicts"]) == wanted
    for what, verdict in followed["verdicts"].items():
        assert set(verdict.split()) == {"conforms/full"}, f"{what}: {verdict}"
    for language in followed["missing"]:
        assert not any(shutil.which(tool) for tool in TOOLS[language])


def test_only_what_a_language_cannot_say_is_left_out(followed: dict[str, Any]) -> None:
    told = {(name, line.partition(":")[0]) for name, lines in followed["left_out"].items() for line in lines}
    assert told <= {("own_adagrad", "triton"), ("power_of_rest", "triton"), ("own_nadam", "fpcore"), ("own_radam", "fpcore"), ("own_radam", "triton")}


@pytest.mark.parametrize("rule", OWN_RULES, ids=lambda r: r.name)
def test_the_names_are_those_of_the_papers(rule: Rule) -> None:
    assert PAPERS[rule.name] in {*rule.state_names, *(let.name for let in rule.steps)}


@pytest.mark.parametrize("concept", OWN, ids=lambda c: c.name)
def test_each_is_one_file_with_the_labelled_blocks_of_the_catalogue(concept: Any) -> None:
    text = (Path(HERE) / f"{concept.name}.py").read_text(encoding="utf-8")
    assert "# ---- source ---" in text and "# ---- variants ---" in text and len(text.splitlines()) < 60

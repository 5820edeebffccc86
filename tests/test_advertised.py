"""Every command that a screen or the README advertises, in an environment without any framework, and in one with each of them.

A command that needs what is not here says so, with pip's line; nothing is a defect of refopt. What takes minutes or has nothing to do
with frameworks is left to .ci/run, which installs refopt alone.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from refopt.cli.commands import COMMANDS, command
from refopt.cli.overview import TRY
from refopt.frameworks.installed import is_installed, needed
from tests.test_readme import KNOWN, ONE_CASE, ROOT, commands
from tests.without import Done, run

FRAMEWORKS = {"torch": ("torch",), "optax": ("optax", "jax"), "keras": ("keras", "jax"), "sklearn": ("sklearn",)}
"""Each framework with what it runs on."""
PACKAGES = ("torch", "jax", "optax", "keras", "sklearn", "triton")
NAMED = re.compile(r"\b(torch|optax|keras|sklearn|jax)\.\w")
"""A framework in a command."""
MINUTES = (
    "refopt golden verify", "refopt golden build", "refopt golden sweep", "refopt derive --all", "refopt derive heavy_ball", "refopt bench", "refopt generate",
)  # fmt: skip
"""Beginnings of commands that take long, or write into refopt itself; other tests run them. The survey `refopt check` is run by .ci/run."""
MINE = re.compile(r"\bmine[.]")
"""A person's own module in a command: it imports torch, and says so where that is not there."""
SURVEYS = ("refopt check", "refopt check --full", "refopt check --html report.html")
MODULE = "from my_optimizer import MyAdam\n\ndef my_factory():\n    return MyAdam()\n\nmake = my_factory\n"


def examples() -> list[str]:
    """The commands in the help of every command, continued lines joined, without their remarks."""
    found = []
    for name in COMMANDS:
        text = command(name).EXAMPLES.replace("\\\n", " ")
        lines = [line.strip() for line in text.splitlines() if line.startswith("  refopt ")]
        found += [re.sub(r"\s{2,}(?!['\w]+\.).*", "", re.sub(r"\+' +'", "+' '", re.sub(r"(?<=') +(?=')", " ", line))) for line in lines]
    return found


def advertised() -> list[str]:
    """Every one, each once, without what takes minutes."""
    every = [*(c for line in commands() for c in line.split(" && ")), *(c for c, _ in TRY), *examples()]
    return [c for c in dict.fromkeys(every) if c.startswith("refopt") and c not in SURVEYS and not c.startswith(MINUTES)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a person stands who has what the commands name."""
    here = tmp_path_factory.mktemp("advertised")
    for done in run(["refopt show adapter", "refopt harness new javascript --out my_adam.mjs"], (), here):
        assert done.code == 0, done
        if done.command.endswith("adapter"):
            (here / "my_optimizer.py").write_text(done.out, encoding="utf-8")
    (here / "my_module.py").write_text(MODULE, encoding="utf-8")
    shutil.copy(ROOT / "tests/data/mine.py", here)
    for name in ("log.csv", "run.csv"):
        shutil.copy(ROOT / "tests/data/some_log.csv", here / name)
    (here / "known.toml").write_text(KNOWN, encoding="utf-8")
    return here


def asserted(done: Done, absent: tuple[str, ...]) -> None:
    """What must be true of a command where these are absent."""
    assert "defect of refopt" not in done.err and "Traceback" not in done.err, done
    missing = [p for p in NAMED.findall(done.command) if p in absent]
    if not missing or done.code in (0, 1):
        return
    first, help = done.err.splitlines()[0], done.err.splitlines()[1]
    assert done.code == 2 and first in {f"error: {p} is not installed here" for p in missing}, done
    assert help == f"help: pip install {needed(first.split()[1])}", done


def test_the_help_and_the_readme_advertise_what_is_meant_here() -> None:
    every = advertised()
    assert len(every) > 40
    assert {"refopt prove optax.adam", "refopt check torch.optim.Adam", "refopt translate optax.adam torch.optim.Adam"} <= set(every)
    assert not [c for c in every if "  " in c or "#" in c]


def test_without_any_framework_every_command_runs_or_says_what_to_install(folder: Path) -> None:
    """`refopt check -- ...` is left to test_readme: a program does not know what is installed here; `old.jsonl` is made there too."""
    wanted = [f"{c} {ONE_CASE}" if "check python:" in c else c for c in advertised() if " -- " not in c and "old.jsonl" not in c]
    found = run(wanted, PACKAGES, folder)
    assert [d.command for d in found] == wanted
    for done in found:
        if MINE.search(done.command):
            assert done.code == 2 and done.err.startswith("error: cannot import mine: ModuleNotFoundError: No module named 'torch'"), done
            continue
        asserted(done, PACKAGES)
        assert done.code in ((2,) if NAMED.search(done.command) else (0, 1)) or "run.npz" in done.command, done


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_with_one_framework_its_commands_run_and_those_of_others_say_what_to_install(framework: str, folder: Path) -> None:
    if not is_installed(framework):
        pytest.skip(f"{framework} is not installed")
    here = FRAMEWORKS[framework]
    absent = tuple(p for p in PACKAGES if p not in here)
    named = [c for c in advertised() if NAMED.search(c) and " -- " not in c and "old.jsonl" not in c]
    own = [c for c in named if set(NAMED.findall(c)) <= set(here) and not c.startswith("refopt check")]
    others = [c for c in named if not set(NAMED.findall(c)) & set(here)]
    checked = {"torch": "torch.optim.SGD", "optax": "optax.sgd", "keras": "keras.optimizers.SGD", "sklearn": "'sklearn.SGDOptimizer(momentum=0.0)'"}[framework]
    found = run(["refopt", "refopt list implementations", f"refopt check {checked} --dtype float32", *own, *others], absent, folder)
    for done in found:
        asserted(done, absent)
        assert done.code in ((0, 1) if done.command not in others else (2,)), done
    assert f"{framework} " in found[0].out.splitlines()[2] and framework in found[1].out

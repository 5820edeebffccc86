"""A name that is no implementation costs one line and one of help, and the help is the command to type next."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from refopt.cli.parser import read
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.frameworks.installed import is_installed, needed
from refopt.frameworks.misnamed import SHOWN

OPTIMIZER = '''
class Base:
    def init(self, theta): return {}
class Adam(Base):
    def step(self, theta, grad, state, t, **hyper): return theta, state
class Cosine:
    def rate(self, k, **hyper): return 0.1
class _Hidden(Adam): pass
def helper(x): return x
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder: a module, one in a package, one with nothing that can be judged, programs and a log."""
    (tmp_path / "mine_of_test.py").write_text(OPTIMIZER)
    (tmp_path / "package_of_test").mkdir()
    (tmp_path / "package_of_test/inner.py").write_text(OPTIMIZER)
    (tmp_path / "nothing.py").write_text("def helper(x): return x\n")
    (tmp_path / "broken.py").write_text("def (:\n")
    for name in ("adam.mjs", "adam.c", "log.csv", "notes.txt"):
        (tmp_path / name).write_text("")
    program = tmp_path / "my adam"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    return tmp_path


OWN = "refopt check python:mine_of_test:Adam --rule adam"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("mine_of_test.adam", OWN),
        ("mine_of_test", OWN),
        ("mine_of_test.py", OWN),
        ("./mine_of_test.py", OWN),
        ("mine_of_test:Adam", OWN),
        ("python:mine_of_test", OWN),
        ("python:mine_of_test.py:Adam", OWN),
        ("python:mine_of_test:adam", OWN),
        ("python:mine_of_test.Adam", OWN),
        ("package_of_test/inner.py", "refopt check python:package_of_test.inner:Adam --rule adam"),
        (".", OWN),
        ("nothing.py", "refopt show adapter"),
        ("broken.py", "python -m py_compile broken.py"),
        ("adam.mjs", "refopt check -- node adam.mjs"),
        ("./my adam", "refopt check -- './my adam'"),
        ("adam.c", "cc -O2 -o adam adam.c -lm && refopt check --wire flat -- ./adam"),
        ("log.csv", "refopt identify log.csv"),
        ("notes.txt", "refopt check -- PROGRAM notes.txt"),
        ("not_there.Lion", "refopt check python:not_there:Lion"),
        ("not_there.AdamW", "refopt check python:not_there:AdamW --rule adamw"),
        ("not_there.py", "refopt check python:mine:Adam --rule adam"),
        ("numpy.Adam", "refopt check numpy.adam"),
        ("ADAM", "refopt check numpy.adam"),
        ("torch.optim.SGD(momentum=0.9", "refopt check 'torch.optim.SGD(momentum=0.9)'" if is_installed("torch") else "pip install"),
    ],
)
def test_the_help_is_the_command_to_type_next(name: str, command: str, folder: Path) -> None:
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert command in (caught.value.help or ""), caught.value
    assert "\n" not in caught.value.message + (caught.value.help or "")
    if "pip install" not in command:
        assert "pip install" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("torch", "refopt check torch.optim.SGD"),
        ("torch.Adam", "refopt check torch.optim.Adam"),
        ("Torch.optim.Adam(lr=0.1)", "refopt check 'torch.optim.Adam(lr=0.1)'"),
        ("pytorch.optim.Adam", "refopt check torch.optim.Adam"),
        ("torch.optim.adam", "refopt check torch.optim.Adam"),
        ("StepLR", "refopt check torch.optim.lr_scheduler.StepLR"),
        ("optax.Adam", "refopt check optax.adam"),
        ("tf.keras.optimizers.adam", "refopt check keras.optimizers.Adam"),
        ("keras.adam", "refopt check keras.optimizers.Adam"),
        ("sklearn.Adam", "refopt check sklearn.AdamOptimizer"),
    ],
)
def test_a_framework_has_the_name_in_another_spelling(name: str, command: str) -> None:
    package = command.split()[2].strip("'").partition(".")[0]
    if not is_installed(package):
        pytest.skip(f"{package} is not installed")
    with pytest.raises(RefoptError) as caught:
        load(name)
    assert command in (caught.value.help or ""), caught.value


def test_what_tensorflow_calls_keras_is_keras() -> None:
    if not is_installed("keras"):
        pytest.skip("keras is not installed")
    assert {load(f"{start}optimizers.Adam").name for start in ("keras.", "tf.keras.", "tensorflow.keras.", "tf.")} == {"keras.optimizers.Adam"}


@pytest.mark.parametrize("command", ["check", "prove"])
def test_a_suggestion_is_for_the_command_that_was_typed_and_is_a_command(command: str, folder: Path) -> None:
    with pytest.raises(RefoptError) as caught:
        load("mine_of_test:Adam")
    told = caught.value.help_for(command) or ""
    assert told == f"refopt {command} python:mine_of_test:Adam --rule adam"
    assert read(shlex.split(told)[1:]).command == command
    assert caught.value.help_for("translate") == "write python:mine_of_test:Adam"


def test_only_a_few_suggestions_are_printed_and_the_rest_are_counted(folder: Path) -> None:
    for i in range(4):
        (folder / f"more{i}.py").write_text(OPTIMIZER)
    with pytest.raises(RefoptError) as caught:
        load(".")
    assert (caught.value.help or "").count("refopt check") == SHOWN
    assert (caught.value.help or "").endswith("(7 more)")


def test_a_file_elsewhere_is_judged_in_its_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "package_of_test")
    with pytest.raises(RefoptError) as caught:
        load("../mine_of_test.py")
    assert (caught.value.help or "").startswith("cd .. && refopt check python:mine_of_test:Adam")


def test_what_to_install_is_the_version_that_is_tested_here() -> None:
    assert needed("not-ours") == "not-ours"
    pytest.importorskip("torch")
    assert needed("torch").startswith("torch==") and needed("sklearn").startswith("scikit-learn==")

"""What JAX compiles is kept for the next check, which says the same; a person's own choice stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from refopt.frameworks.jax_cache import FOLDER, kept_compilations, make_room, may_use_jax


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is compiled, while no person has named one."""
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.setenv("REFOPT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def checked() -> str:
    words = [sys.executable, "-m", "refopt", "check", "optax.sgd", "--dtype", "float32", "--case", "sgd-defaults-001", "-v"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_next_check_compiles_nothing_anew_and_says_the_same(cache: Path) -> None:
    pytest.importorskip("optax")
    first = checked()
    kept = {x: x.stat().st_mtime_ns for x in cache.rglob("*-cache")}
    assert kept
    for x in kept:
        os.utime(x, ns=(0, 0))
    assert checked() == first
    assert {x: x.stat().st_mtime_ns for x in cache.rglob("*-cache")} == dict.fromkeys(kept, 0)


def test_the_environment_is_as_it_was_afterwards(cache: Path) -> None:
    pytest.importorskip("jax")
    before = dict(os.environ)
    with kept_compilations():
        assert Path(os.environ[FOLDER]).parent == cache
        assert Path(os.environ[FOLDER]).stat().st_mode & 0o077 == 0
    assert dict(os.environ) == before


def test_a_folder_that_a_person_has_named_stands(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "")
    before = dict(os.environ)
    with kept_compilations():
        assert dict(os.environ) == before
    assert not cache.exists()


def test_nothing_is_kept_where_others_can_write(cache: Path) -> None:
    cache.mkdir()
    cache.chmod(0o777)
    before = dict(os.environ)
    with kept_compilations():
        assert dict(os.environ) == before


def test_nothing_is_kept_where_the_folder_cannot_be_made(cache: Path) -> None:
    pytest.importorskip("jax")
    with kept_compilations():
        folder = Path(os.environ[FOLDER])
    folder.rmdir()
    folder.write_text("in its place")
    before = dict(os.environ)
    with kept_compilations():
        assert dict(os.environ) == before


def test_the_older_half_goes_where_too_much_is_kept(tmp_path: Path) -> None:
    for age, name in enumerate("abcde"):
        (tmp_path / name).write_bytes(b"12345")
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    make_room(tmp_path, 25)
    assert {x.name for x in tmp_path.iterdir()} == set("abcde")
    make_room(tmp_path, 24)
    assert {x.name for x in tmp_path.iterdir()} == {"a", "b"}


@pytest.mark.parametrize(
    "name", ["optax.adam", "keras.optimizers.Adam", "tf.keras.optimizers.Adam", "refopt.generated.jax.adam", "./mine.py:Adam", "python:mine:Adam"]
)
def test_names_of_what_may_use_jax(name: str) -> None:
    assert may_use_jax(name)


@pytest.mark.parametrize("name", ["torch.optim.Adam", "sklearn.neural_network.MLPClassifier", "refopt.generated.numpy.adam", "refopt.optim.Adam"])
def test_names_of_what_does_not(name: str) -> None:
    assert not may_use_jax(name)

"""Any letter of any paper may be a name: what a target reserves is spelled otherwise there, and the update is the same."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.errors import RefoptError
from refopt.language.compose import renamed
from refopt.lowering.backends import BACKENDS
from refopt.lowering.c import RESERVED as IN_C
from refopt.lowering.generate import module
from refopt.lowering.names import names_of, spelled

LETTERS = {"lr": "power", "beta1": "lambda", "beta2": "scalar", "eps": "step", "m": "a", "v": "begin", "m_hat": "c", "v_hat": "i"}
"""Names that are reserved somewhere."""
ADAM = rule("adam")
OTHER = renamed(ADAM, LETTERS)
THETA, G = np.array([0.5, -2.0, 3.25]), np.array([0.125, 1.5, -0.75])


def _expected() -> np.ndarray[Any, Any]:
    from refopt.generated.numpy import adam

    theta, state = THETA, adam.init(THETA)
    for t in (1, 2):
        theta, state = adam.step(theta, G, state, t)
    return theta


def _executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "other"}
    exec(compile(source, "other.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", ["numpy", "torch", "jax"])
def test_python_code_takes_the_spelled_hyperparameters_and_keeps_the_states_own_names(name: str) -> None:
    if name != "numpy":
        pytest.importorskip(name)
    code = _executed(module(OTHER, name))
    if name == "torch":
        import torch

        theta, g = torch.tensor(THETA), torch.tensor(G)
    else:
        theta, g = THETA, G
    spelling = spelled(OTHER, import_module(f"refopt.lowering.{name}").RESERVED).spelling
    assert spelling["lambda"] == "lambda_"
    with _doubles(name):
        state = code["init"](theta)
        assert set(state) == {"a", "begin"}
        for t in (1, 2):
            theta, state = code["step"](theta, g, state, t, lambda_=0.9)
        assert np.asarray(theta).tolist() == _expected().tolist()
    assert set(state) == {"a", "begin"}


def _doubles(name: str) -> AbstractContextManager[Any]:
    """Where a library computes in 32 bits unless it is told otherwise, 64."""
    if name != "jax":
        return nullcontext()
    import jax

    doubles: AbstractContextManager[Any] = jax.enable_x64(True)
    return doubles


def test_c_code_compiles_and_computes_the_same_bits(tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    source, library = tmp_path / "other.c", tmp_path / "other.so"
    text = module(OTHER, "c")
    source.write_text(text + "\nvoid run(double *theta, const double *g, double *m, double *v, double lr, double b1, double b2, double e)\n{\n"
                      "    adam_init_float64(0, 3, theta, m, v);\n"
                      "    for (int t = 1; t <= 2; t++) {\n"
                      "        adam_scalars_float64 s = adam_form_float64(t, lr, b1, b2, e);\n"
                      "        adam_step_float64(0, 3, theta, g, m, v, &s);\n    }\n}\n")  # fmt: skip
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-ffp-contract=off", "-Wall", "-Werror", "-o", library, source, "-lm"], check=True)
    theta, m, v = THETA.copy(), np.zeros(3), np.zeros(3)
    pointers = [ctypes.c_void_p(x.ctypes.data) for x in (theta, G, m, v)]
    ctypes.CDLL(str(library)).run(*pointers, *(ctypes.c_double(float(h.default)) for h in ADAM.hyper))
    assert theta.tolist() == _expected().tolist()


def test_javascript_takes_the_own_names_and_computes_the_same_bits(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    (tmp_path / "other.mjs").write_text(module(OTHER, "javascript"))
    (tmp_path / "run.mjs").write_text(
        'import { init, step } from "./other.mjs";\n'
        f"const theta = Float64Array.from({json.dumps(THETA.tolist())}), g = Float64Array.from({json.dumps(G.tolist())}), state = init(theta);\n"
        "for (const t of [1, 2]) step(theta, g, state, t, { lambda: 0.9, power: 0.001 });\n"
        "console.log(JSON.stringify([[...theta], Object.keys(state)]));\n"
    )
    printed = subprocess.run([node, tmp_path / "run.mjs"], check=True, capture_output=True, text=True).stdout
    assert json.loads(printed) == [_expected().tolist(), ["a", "begin"]]


def test_rust_code_compiles(tmp_path: Path) -> None:
    compiler = shutil.which("rustc")
    if compiler is None:
        pytest.skip("no rustc")
    source = tmp_path / "other.rs"
    source.write_text("#![allow(dead_code)]\n" + module(OTHER, "rust"))
    subprocess.run([compiler, "--crate-type", "lib", "--emit", "metadata", "-o", tmp_path / "other.rmeta", source], check=True)


@pytest.mark.parametrize("name", BACKENDS)
def test_every_backend_writes_it(name: str) -> None:
    assert OTHER.fingerprint in module(OTHER, name)


def test_json_keeps_the_rules_own_names() -> None:
    told = json.loads(module(OTHER, "json"))
    assert [h["name"] for h in told["hyper"]] == ["power", "lambda", "scalar", "step"] and [s["name"] for s in told["state"]] == ["a", "begin"]


def test_a_spelling_is_no_other_name() -> None:
    crowded = renamed(ADAM, {**LETTERS, "m": "i_", "m_hat": "i__"})
    made = spelled(crowded, IN_C)
    assert made.spelling["i"] == "i___"
    assert len(set(names_of(made.rule))) == len(names_of(crowded))
    assert made.own("i___") == "i" and made.own("i_") == "i_"


def test_what_is_no_name_in_any_language_is_refused_in_one_line() -> None:
    with pytest.raises(RefoptError, match="'β' is no name that code can have"):
        module(renamed(ADAM, {"beta1": "β"}), "numpy")

"""Exported golden data: each format is read by its own snippet, compiled or run, which tells a right optimizer from a wrong one."""

from __future__ import annotations

import importlib
import json
import math
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from refopt.errors import RefoptError, UnknownName
from refopt.golden import store
from refopt.golden.export import FORMATS, export, snippet
from refopt.golden.export.arrays import KINDS, exported
from tests.cli.running import refopt

NAMES = ("sgd", "step_decay")


RIGHT = ("range grad {\n\t\ttheta[j] -= lr * g", "= hyper[\"lr\"] * g", "= hyper.lr * g;", "= lr * grad[j];", "= lr * g;")
"""The change that the optimizer of a snippet makes, in each language."""


def _run(to: str, folder: Path, file: str, wrong: str = "") -> str:
    """Printed lines of the snippet, run beside the file as a person would; `wrong` is added to the change that its optimizer makes."""
    program = snippet(to, file)
    (right,) = [x for x in RIGHT if program.count(x) == 1]
    program = program.replace(right, f"{right.removesuffix(';')}{wrong}{';' if right.endswith(';') else ''}")
    if to == "c-header":
        (folder / "read.c").write_text(program)
        compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
        subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-o", "read", "read.c", "-lm"], cwd=folder, check=True)
        command = ["./read"]
    elif to == "rust":
        (folder / "read.rs").write_text(program)
        subprocess.run([shutil.which("rustc") or "rustc", "--edition=2021", "-D", "warnings", "-o", "read", "read.rs"], cwd=folder, check=True)
        command = ["./read"]
    elif to == "go":
        (folder / "read.go").write_text(program)
        (folder / "go.mod").write_text("module read\n\ngo 1.18\n")
        subprocess.run([shutil.which("go") or "go", "build", "-o", "read", "."], cwd=folder, check=True)
        command = ["./read"]
    else:
        name = "read.mjs" if to == "javascript" else "read.py"
        (folder / name).write_text(program)
        command = [shutil.which("node") or "node" if to == "javascript" else sys.executable, name]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def _errors(printed: str) -> dict[str, float]:
    """The error of each case in units of its bound."""
    return {case: math.inf if error in ("inf", "Infinity") else float(error) for case, error in (line.split() for line in printed.splitlines())}


@pytest.mark.parametrize("to", [name for name in FORMATS if name != "julia"])
def test_the_snippet_of_each_format_finds_gradient_descent_right_and_one_that_is_off_by_a_millionth_wrong(to: str, tmp_path: Path) -> None:
    if to == "go" and shutil.which("go") is None:
        pytest.skip("go is not installed")
    file = f"golden{FORMATS[to].suffix}"
    count, wanted = exported(NAMES, None)
    assert export(NAMES, to, tmp_path / file) == (count, len(wanted))
    found = _errors(_run(to, tmp_path, file))
    assert set(found) == {a.name.removesuffix("/t0") for a in wanted if a.name.endswith("/t0")} and len(found) > 10
    assert max(found.values()) <= 1
    assert max(_errors(_run(to, tmp_path, file, " * 1.000001")).values()) > 1


@pytest.mark.parametrize("to", [name for name, form in FORMATS.items() if form.suffix in (".npz", ".safetensors", ".csv", ".json", ".jsonl")])
def test_every_number_comes_through(to: str, tmp_path: Path) -> None:
    file = f"golden{FORMATS[to].suffix}"
    export(NAMES, to, tmp_path / file)
    arrays = _loaded(snippet(to, str(tmp_path / file)))
    assert arrays == {a.name: list(a.values) for a in exported(NAMES, None)[1]}


def _loaded(program: str) -> dict[str, list[float]]:
    """The arrays that the first lines of a program in Python read, as they stand before its optimizer."""
    names: dict[str, dict[str, list[float]]] = {}
    exec(program.partition("def step(")[0], names)
    return names["arrays"]


def test_a_rule_is_less_than_a_megabyte_in_every_format_and_has_all_its_large_cases(tmp_path: Path) -> None:
    for to in FORMATS:
        export(["amsgrad"], to, tmp_path / "x")
        assert (tmp_path / "x").stat().st_size < 1_000_000, to
    assert any(a.name.endswith("many-001/t0") for a in exported(["amsgrad"], None)[1])


def test_what_repeats_stands_once_and_as_often_as_it_does_where_it_is_asked_for() -> None:
    brief, whole = ({a.name: a for a in exported(["sgd"], None, whole=w)[1]} for w in (False, True))
    case = "sgd-open-every-001"
    assert brief[f"{case}/0/grads"].shape[0] == 7 and whole[f"{case}/0/grads"].shape[0] == whole[f"{case}/updates"].values[0] == 1030
    for name, a in whole.items():
        b = brief[name]
        if "/hyper/" in name or len(b.values) == len(a.values):
            assert a == b
            continue
        rows = [b.values[k * b.shape[-1] : (k + 1) * b.shape[-1]] for k in range(len(b.values) // b.shape[-1])]
        size = math.prod(a.shape[1:]) if len(b.shape) > 1 else math.prod(a.shape)
        for j in range(0, len(a.values), max(1, len(a.values) // 50)):
            assert a.values[j] == rows[j // size % len(rows)][j % size % b.shape[-1]], name


def test_every_element_is_what_the_golden_file_says_and_bounds_hold_round_the_rounded_values() -> None:
    _, found = exported(["sgd"], None, whole=True)
    by_name = {a.name: a for a in found}
    seen = 0
    for case in store.cases("sgd"):
        if case.kind not in KINDS or case.result != "must" or f"{case.id}/t0" not in by_name:
            continue  # what is larger than ELEMENTS is left out, and said
        for i, p in enumerate(case.params):
            size = math.prod(p.shape)
            if size > 1000:  # the same elements again and again
                continue
            for k, e in enumerate(case.expect):
                exact, given = e.params[i].theta, by_name[f"{case.id}/{i}/theta"]
                assert given.shape == (len(case.keep), *p.shape)
                for dtype, bounds in e.params[i].bound.items():
                    widened = by_name[f"{case.id}/{i}/bound/{dtype}/theta"].values[k * size : (k + 1) * size]
                    for j in range(size):
                        x, value = Fraction(exact[j % p.tile]), given.values[k * size + j]
                        assert value == float(x)
                        bound = bounds["theta"][j % p.tile]
                        if bound == "inf":
                            assert widened[j] == math.inf
                            continue
                        # an implementation at the very edge of the golden bound is within the exported one, the least that there is
                        needed = Fraction(bound) + abs(x - Fraction(value))
                        assert Fraction(math.nextafter(widened[j], -1)) < needed <= Fraction(widened[j])
                        seen += 1
    assert seen > 1000


def test_the_generated_code_meets_the_exported_numbers(tmp_path: Path) -> None:
    """As another test suite would use them: no refopt but the file."""
    export(["adam"], "npz", tmp_path / "adam.npz", whole=True)
    golden = np.load(tmp_path / "adam.npz")
    code = importlib.import_module("refopt.generated.numpy.adam")
    case = "adam-open-basic-001"
    for dtype in ("float64", "float32"):
        theta = golden[f"{case}/0/theta0"].astype(dtype)
        state = code.init(theta)
        hyper = {n: float(golden[f"{case}/hyper/{n}"]) for n in ("lr", "beta1", "beta2", "eps")}
        keep = golden[f"{case}/keep"].tolist()
        for t, g in enumerate(golden[f"{case}/0/grads"], 1):
            theta, state = code.step(theta, g.astype(dtype), state, t, **hyper)
            if t in keep:
                k = keep.index(t)
                for name, x in {"theta": theta, **state}.items():
                    assert (np.abs(x - golden[f"{case}/0/{name}"][k]) <= golden[f"{case}/0/bound/{dtype}/{name}"][k]).all()


def test_an_export_is_the_same_bytes_twice_and_leaves_nothing_where_it_fails(tmp_path: Path) -> None:
    for to in FORMATS:
        for name in ("a", "b"):
            export(["step_decay"], to, tmp_path / name)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with pytest.raises(RefoptError, match=r"cannot write .*: No such file"):
        export(["step_decay"], "csv", tmp_path / "missing" / "x.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(RefoptError, match="cannot write"):
        export(["step_decay"], "csv", tmp_path / "folder")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "folder"]
    with pytest.raises(UnknownName, match="no golden file of 'adm'"):
        export(["adm"], "csv", tmp_path / "x")
    with pytest.raises(UnknownName, match="no export format 'hdf5'"):
        export(["adam"], "hdf5", tmp_path / "x")


def test_the_command_says_what_it_wrote_and_how_it_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "x.mjs"
    ran = refopt(capsys, "golden", "export", "step_decay", "--to", "javascript", "--out", str(out))
    assert ran.code == 0 and ran.out.startswith(f"wrote {out}: ") and out.exists()
    assert f"refopt golden export step_decay --to javascript --out {out} --snippet" in ran.out
    assert refopt(capsys, "golden", "export", "--to", "javascript", "--out", str(out), "--snippet").out == snippet("javascript", "x.mjs")
    ran = refopt(capsys, "golden", "export", "--to", "hdf5")
    assert (ran.code, ran.out) == (2, "") and ran.err.startswith("error: no export format 'hdf5'")


def test_the_command_says_what_it_left_out_and_its_help_what_the_arrays_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("golden", "export", "sgd", "--to", "npz", "--out", str(tmp_path / "x.npz"))
    said, every = json.loads(refopt(capsys, *words, "--json").out), store.cases("sgd")
    others = said["left_out"]
    assert said["cases"] + sum(others.values()) == len(every)
    assert others["rejections"] == sum(c.kind == "reject" for c in every) and others["closed loops"] == sum(c.kind == "closed_loop" for c in every)
    listed = ", ".join(f"{n} {what}" for what, n in others.items())
    assert refopt(capsys, *words).out.splitlines()[1] == f"left out: {listed}; refopt check has them"
    told = refopt(capsys, "golden", "export", "--help").out
    with np.load(tmp_path / "x.npz") as found:
        kinds = {word for name in found for word in name.split("/")[1:] if not word.isdigit()} - {"lr", "float64", "bfloat16", "float16"}
    assert {"hyper", "t0", "updates", "keep", "shape", "theta0", "grads", "present", "theta", "bound", "float32"} == kinds
    assert all(kind in told for kind in kinds)

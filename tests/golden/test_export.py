"""Exported golden data: each format is read by its own snippet, compiled or run, and every number comes through."""

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
from refopt.golden.export.arrays import ELEMENTS, KINDS, exported
from tests.cli.running import refopt

NAMES = ("sgd", "step_decay")


def _run(to: str, folder: Path, file: str) -> str:
    """What the snippet prints, run beside the file as a person would."""
    program = snippet(to, file)
    if to == "c-header":
        (folder / "read.c").write_text(program)
        compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
        subprocess.run([compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-o", "read", "read.c"], cwd=folder, check=True)
        command = ["./read"]
    elif to == "rust":
        (folder / "read.rs").write_text(program)
        subprocess.run([shutil.which("rustc") or "rustc", "--edition=2021", "-D", "warnings", "-o", "read", "read.rs"], cwd=folder, check=True)
        command = ["./read"]
    else:
        name = "read.mjs" if to == "javascript" else "read.py"
        (folder / name).write_text(program)
        command = [shutil.which("node") or "node" if to == "javascript" else sys.executable, name]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def _number(word: str) -> float:
    return math.inf if word in ("inf", "Infinity") else float(word)


@pytest.mark.parametrize("to", FORMATS)
def test_the_snippet_of_each_format_reads_every_array(to: str, tmp_path: Path) -> None:
    file = f"golden{FORMATS[to].suffix}"
    _, wanted = exported(NAMES, None)
    count, arrays = export(NAMES, to, tmp_path / file)
    assert (arrays, count > 10) == (len(wanted), True)
    rows = [line.split() for line in _run(to, tmp_path, file).splitlines()]
    if to == "csv":
        wanted = [a for a in wanted if a.values]  # an array without elements has no line
    assert [(row[0], int(row[1])) for row in rows] == [(a.name, len(a.values)) for a in wanted]
    for row, a in zip(rows, wanted, strict=True):
        assert (row[2] == "-") == (not a.values) and (not a.values or _number(row[2]) == a.values[-1]), a.name


def test_every_element_is_what_the_golden_file_says_and_bounds_hold_round_the_rounded_values() -> None:
    _, found = exported(["sgd"], None)
    by_name = {a.name: a for a in found}
    seen = 0
    for case in store.cases("sgd"):
        if case.kind not in KINDS or case.result != "must" or sum(math.prod(p.shape) for p in case.params) > ELEMENTS:
            continue  # what is larger is left out, and said
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
    export(["adam"], "npz", tmp_path / "adam.npz")
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
    assert {"hyper", "t0", "keep", "theta0", "grads", "present", "theta", "bound", "float32"} == kinds
    assert all(kind in told for kind in kinds)

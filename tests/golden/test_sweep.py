"""A sweep gives the same bytes in one process, in two, and on a Dask cluster one of whose workers is killed in mid-run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refopt.catalogue import rule
from refopt.exact.trajectory import run
from refopt.golden.sweep import Sweep, write_sweep
from tests.cli.running import refopt

GRID = {"lr": tuple(str(x / 1000) for x in range(1, 13)), "beta1": ("0.8", "0.9", "0.95", "0.99")}
SMALL = Sweep("adam", "rosenbrock", 20, 30, GRID)


def test_each_line_is_the_exact_run_at_its_point(tmp_path: Path) -> None:
    assert write_sweep(SMALL, tmp_path / "x") == 48
    head, *rows = [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()]
    assert (head["points"], head["fingerprint"]) == (48, rule("adam").fingerprint)
    assert [row["hyper"] for row in rows] == [{"lr": a, "beta1": b} for a in GRID["lr"] for b in GRID["beta1"]]
    made = run("adam", "rosenbrock", steps=20, hyper=rows[17]["hyper"], digits=30)
    assert (rows[17]["t"], " ".join(rows[17]["theta"])) == (20, made.text())


def test_a_run_that_diverges_is_a_line_and_stops_nothing(tmp_path: Path) -> None:
    write_sweep(Sweep("sgd", "rosenbrock", 60, 20, {"lr": ("0.001", "10", "0.0005")}), tmp_path / "x")
    rows = [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()[1:]]
    assert ["theta" in row for row in rows] == [True, False, True] and "diverges" in rows[1]["refused"]


def test_processes_give_the_same_bytes(tmp_path: Path) -> None:
    write_sweep(SMALL, tmp_path / "one")
    write_sweep(SMALL, tmp_path / "two", processes=2)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def _start(folder: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})


def test_a_worker_that_is_killed_in_mid_run_loses_nothing(tmp_path: Path) -> None:
    """A cluster of two workers; one is killed while it computes."""
    file = tmp_path / "scheduler.json"
    arguments = ["--steps", "150", "--digits", "40", *(w for name, values in GRID.items() for w in ("--grid", f"{name}={','.join(values)}"))]
    started = [_start(tmp_path, "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))]
    try:
        worker = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path)]
        started += [_start(tmp_path, "dask_worker", *worker, "--name", name) for name in ("first", "second")]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (not file.exists() or (tmp_path / "dask.log").read_text().count("Registered to") < 2):
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        command = [sys.executable, "-m", "refopt", "golden", "sweep", "adam", *arguments, "--scheduler", address, "--out", str(tmp_path / "cluster")]
        with (tmp_path / "said").open("w") as said:
            sweep = subprocess.Popen(command, stdout=said, stderr=said)
        started.append(sweep)
        while time.monotonic() < deadline and not _is_computing(tmp_path, started[1].pid):
            time.sleep(0.05)
        assert sweep.poll() is None, (tmp_path / "said").read_text()  # it was over before a worker could be killed
        started[1].send_signal(signal.SIGKILL)
        assert (sweep.wait(timeout=180), (tmp_path / "said").read_text()) == (0, f"wrote {tmp_path / 'cluster'}: 48 runs of 150 steps\n")
    finally:
        for process in started:
            process.kill()
            process.wait()
    write_sweep(Sweep("adam", "rosenbrock", 150, 40, GRID), tmp_path / "here")
    assert (tmp_path / "cluster").read_bytes() == (tmp_path / "here").read_bytes()
    assert "Remove worker" in (tmp_path / "dask.log").read_text()


def _is_computing(folder: Path, process: int) -> bool:
    """Whether a worker has loaded the code that it runs: it has been sent a batch."""
    return "mpmath" in Path(f"/proc/{process}/maps").read_text() or "gmpy2" in Path(f"/proc/{process}/maps").read_text()


def test_what_makes_no_sense_is_refused_in_one_line_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = str(tmp_path / "x")
    for words, message in (
        (("adm", "--grid", "lr=1"), "no rule 'adm'"),
        (("adam", "--grid", "lr"), "--grid lr: it is not NAME=V,V..."),
        (("adam", "--grid", "lr=1,,2"), "--grid lr=1,,2: it is not NAME=V,V..."),
        (("adam", "--grid", "lr=1", "--grid", "lr=2"), "--grid lr=2: lr stands twice"),
        (("adam", "--grid", "rate=1"), "no hyperparameter 'rate'"),
        (("adam", "--grid", "beta1=0.9,1"), "beta1 = 1 is outside 0 <= beta1 < 1"),
        (("adam", "--grid", "lr=1", "--objective", "rosen"), "no objective 'rosen'"),
        (("adam", "--grid", "lr=1", "--steps", "1000000000", "--out", str(tmp_path)), f"cannot write {tmp_path}: Is a directory"),
        (("adam", "--grid", "lr=1", "--steps", "0"), "steps = 0 and digits = 40 must be at least 1"),
    ):
        ran = refopt(capsys, "golden", "sweep", "--out", out, *words)
        assert (ran.code, ran.out) == (2, "") and ran.err.startswith(f"error: {message}"), ran.err
    code = f"import refopt.golden.sweep as s; s.write_sweep(s.Sweep('sgd', 'ravine', 1, 9, {{'lr': ('1',)}}), s.Path({out!r}), scheduler='tcp://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr.splitlines()[-2]
    assert not (tmp_path / "x").exists()

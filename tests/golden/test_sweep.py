"""A sweep gives the same bytes in one process, in two, and on a Dask cluster one of whose workers is killed in mid-run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from refopt.catalogue import rule
from refopt.exact.digits import digits as printed
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.trajectory import run
from refopt.golden.sweep import Sweep, line, write_sweep
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


@pytest.mark.parametrize("digits", [1, 2, 4, 9])
def test_every_digit_that_is_written_is_right(digits: int, tmp_path: Path) -> None:
    """Short sweeps of a run that loses digits as it goes are the rounded values of a long one."""
    sweep = Sweep("adam", "rosenbrock", 20, digits, {"lr": ("1", "0.1")})
    write_sweep(sweep, tmp_path / "x")
    rows = [json.loads(line) for line in (tmp_path / "x").read_text().splitlines()[1:]]
    for row in rows:
        last = run("adam", "rosenbrock", steps=20, hyper=row["hyper"], digits=80).steps[-1]
        assert row["theta"] == [printed(to_fraction(x), digits) for x in last.theta]
        assert row["state"] == {n: [printed(to_fraction(x), digits) for x in xs] for n, xs in last.state.items()}


def test_a_run_that_is_too_sensitive_for_its_digits_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = Sweep("sgd", "two_wells", 5, 9, {"lr": ("0.01",)})
    monkeypatch.setattr("refopt.exact.trajectory.GUARDS", (1,))
    assert json.loads(line(sweep, {"lr": "0.01"}))["refused"] == "sgd on two_wells: 9 digits after 5 steps need more than 1 beside them"


def test_a_process_that_is_killed_is_one_line_and_writes_nothing(tmp_path: Path) -> None:
    words = ["--steps", "400", "--digits", "40", *(w for name, values in GRID.items() for w in ("--grid", f"{name}={','.join(values)}"))]
    command = [sys.executable, "-m", "refopt", "golden", "sweep", "adam", *words, "--processes", "2", "--out", str(tmp_path / "x")]
    sweep = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline, workers = time.monotonic() + 60, list[int]()
    while time.monotonic() < deadline and not workers:
        time.sleep(0.05)
        children = Path(f"/proc/{sweep.pid}/task/{sweep.pid}/children").read_text().split()
        workers = [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes() and _is_computing(int(c))]
    os.kill(workers[0], signal.SIGKILL)
    said = sweep.communicate(timeout=60)[0].splitlines()
    assert said == ["error: one of the processes was killed, perhaps for want of memory", "help: run it again, with fewer at once: --processes 1"]
    assert sweep.returncode == 2 and not (tmp_path / "x").exists()


def test_processes_give_the_same_bytes(tmp_path: Path) -> None:
    write_sweep(SMALL, tmp_path / "one")
    write_sweep(SMALL, tmp_path / "two", processes=2)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def _start(folder: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})


@contextmanager
def cluster(folder: Path, *workers: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler with workers of these names: its address, and the workers' processes."""
    file = folder / "scheduler.json"
    started = [_start(folder, "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))]
    words = ["--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    try:
        started += [_start(folder, "dask_worker", *words, "--name", name) for name in workers]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (not file.exists() or (folder / "dask.log").read_text().count("Registered to") < len(workers)):
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _kill_while_it_computes(worker: subprocess.Popen[bytes], sweep: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _is_computing(worker.pid):
        time.sleep(0.05)
    assert sweep.poll() is None, sweep.communicate()  # it was over before a worker could be killed
    worker.send_signal(signal.SIGKILL)


def test_a_worker_that_is_killed_in_mid_run_loses_nothing(tmp_path: Path) -> None:
    """A cluster of two workers; one is killed while it computes."""
    arguments = ["--steps", "150", "--digits", "40", *(w for name, values in GRID.items() for w in ("--grid", f"{name}={','.join(values)}"))]
    with cluster(tmp_path, "first", "second") as (address, workers):
        command = [sys.executable, "-m", "refopt", "golden", "sweep", "adam", *arguments, "--scheduler", address, "--out", str(tmp_path / "cluster")]
        sweep = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        _kill_while_it_computes(workers[0], sweep)
        assert sweep.communicate(timeout=180)[0] == f"wrote {tmp_path / 'cluster'}: 48 runs of 150 steps\n"
        assert sweep.returncode == 0
    write_sweep(Sweep("adam", "rosenbrock", 150, 40, GRID), tmp_path / "here")
    assert (tmp_path / "cluster").read_bytes() == (tmp_path / "here").read_bytes()
    assert "Remove worker" in (tmp_path / "dask.log").read_text()


def test_a_cluster_that_loses_every_worker_is_one_line_and_writes_nothing(tmp_path: Path) -> None:
    with cluster(tmp_path, "only") as (address, workers):
        run_it = f"sweep.write_sweep(sweep.Sweep('adam', 'rosenbrock', 400, 40, {GRID!r}), sweep.Path('x'), scheduler={address!r})"
        code = f"from refopt.golden import sweep; sweep.WAIT = 3.0; {run_it}"
        sweep = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        _kill_while_it_computes(workers[0], sweep)
        said = sweep.communicate(timeout=60)[1]
        assert f"RefoptError: the Dask scheduler at {address} has lost every worker" in said
        assert not (tmp_path / "x").exists()


def _is_computing(process: int) -> bool:
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
        *((("adam", "--grid", "lr=1", "--scheduler", x), f"--scheduler {x!r} is no address") for x in ("nonsense", "http://127.0.0.1:80", "tcp://host")),
    ):
        ran = refopt(capsys, "golden", "sweep", "--out", out, *words)
        assert (ran.code, ran.out) == (2, "") and ran.err.startswith(f"error: {message}"), ran.err
    code = f"import refopt.golden.sweep as s; s.CONNECT = 1.0; s.write_sweep(s.Sweep('sgd', 'ravine', 1, 9, {{'lr': ('1',)}}), s.Path({out!r}), scheduler='tcp://127.0.0.1:9')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr.splitlines()[-2]
    assert not (tmp_path / "x").exists()

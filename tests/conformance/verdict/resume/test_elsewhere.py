"""A saved state is loaded in a fresh process: what a module keeps is not there; frameworks and programs are judged there too."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

import refopt
from refopt import catalogue
from refopt.conformance.programs.judge_program import Program
from refopt.conformance.protocol.implementation import Ran
from refopt.conformance.protocol.observe import observe
from refopt.conformance.verdict.resume import elsewhere as elsewhere_module
from refopt.conformance.verdict.resume.elsewhere import FreshProcess, elsewhere, make_ready
from refopt.frameworks import load
from refopt.frameworks.installed import is_installed
from refopt.golden import store
from refopt.rounding.formats import FORMATS

IN_THE_MODULE = '''
import numpy as np
KEPT = {}

class Adam:
    """Keeps its second moment in the module, under the bytes of the first: a fresh process has none."""
    def init(self, theta):
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    def step(self, theta, grad, state, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        f = theta.dtype.type
        v = KEPT.get(state["m"].tobytes(), np.zeros_like(theta)) if t > 1 else np.zeros_like(theta)
        m = f(beta1) * state["m"] + f(1 - beta1) * grad
        v = f(beta2) * v + f(1 - beta2) * grad * grad
        KEPT[m.tobytes()] = v
        return theta - f(lr) * (m / f(1 - beta1**t)) / (np.sqrt(v / f(1 - beta2**t)) + f(eps)), {"m": m, "v": v}
'''
WITH_ROOM = '''
import numpy as np

class Momentum:
    """Computes in room of its own, which is that of one tensor."""
    def init(self, theta):
        self.room = np.zeros_like(theta)
        return {"v": np.zeros_like(theta)}
    def step(self, theta, grad, state, t, lr=0.01, momentum=0.9):
        f = theta.dtype.type
        np.multiply(state["v"], f(momentum), out=self.room)
        v = self.room + f(lr) * grad
        return theta - v, {"v": v}
'''
HARNESS = '''
import json, sys
LOSES = sys.argv[1] == "loses"
for line in sys.stdin:
    q = json.loads(line)
    if q["cmd"] == "stop":
        break
    if q["cmd"] == "start":
        rule = {"hyper": ["lr", "momentum"], "state": ["v"], "resume": sys.argv[1] != "no"}
        print(json.dumps({"protocol": 1, "implementation": {"name": "h"}, "rules": {"momentum": rule}, "dtypes": ["float64"]}), flush=True)
        continue
    h = {"lr": 0.01, "momentum": 0.9, **{k: float(x) for k, x in q["hyper"].items()}}
    rows = []
    for p, given in enumerate(q["params"]):
        theta, n = [float(x) for x in given["theta0"]], len(given["theta0"])
        v = [0.0] * n if LOSES or not given["state0"] else [float(x) for x in given["state0"]["v"]]
        seen = {"theta": [], "state": []}
        for i, g in enumerate(q["grads"]):
            lr = float(q["lr"][i]) if q["lr"] else h["lr"]
            if g[p] is not None:
                v = [h["momentum"] * a + lr * float(b) for a, b in zip(v, g[p])]
                theta = [a - b for a, b in zip(theta, v)]
            seen["theta"].append([repr(x) for x in theta])
            seen["state"].append({"v": [repr(x) for x in v]})
        rows.append(seen)
    print(json.dumps({"seq": q["seq"], "params": rows}), flush=True)
'''


def test_what_a_module_keeps_is_not_there_in_a_fresh_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keeps_in_module.py").write_text(IN_THE_MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    cases = ["adam-open-basic-001", "adam-open-rate-001"]
    found = refopt.check("python:keeps_in_module:Adam", "adam", dtypes=["float64"], cases=cases)
    assert found.verdict == "deviates" and found.footer["resume"]["fresh_process"] is True
    assert found.footer["resume"]["lost"] == ["the second raw moment is lost when its state is loaded"]
    assert "loaded in a fresh process" in " ".join(str(found).split())


def test_each_tensor_has_an_object_of_its_own_in_a_fresh_process_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "has_room.py").write_text(WITH_ROOM)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("REFOPT_ISOLATED", "0")
    cases = ["momentum-open-basic-001", "momentum-open-shapes-001"]
    resume = refopt.check("python:has_room:Momentum", "momentum", per_tensor=True, dtypes=["float64"], cases=cases).footer["resume"]
    assert (resume["runs"], resume["fresh_process"], resume["lost"], resume["skipped"]) == (2, True, [], None), resume


def test_an_object_that_another_process_cannot_make_is_judged_by_fresh_objects_here() -> None:
    implementation = load("refopt.generated.numpy.adam")
    place = FreshProcess(implementation, "python:there_is_no_such_module:make")
    try:
        assert place.run([]) == [] and place.afresh is False
    finally:
        place.close()


def test_nothing_is_left_running_of_a_fresh_process() -> None:
    place = elsewhere(load("refopt.generated.numpy.adam"))
    assert isinstance(place, FreshProcess) and place.run([]) == [] and place.afresh
    worker = place._worker
    place.close()
    assert worker is not None and worker.process.poll() is not None


def test_a_process_that_was_made_ready_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    if not is_installed("sklearn"):
        pytest.skip("sklearn is not installed")
    monkeypatch.setattr(elsewhere_module, "_IDLE", {})
    make_ready("sklearn.AdamOptimizer")
    (ready,) = elsewhere_module._IDLE["sklearn"][-1:]
    place = elsewhere(load("sklearn.AdamOptimizer"))
    assert isinstance(place, FreshProcess) and place._worker is ready and ready.unread == 1
    assert place.run([]) == [] and place.afresh and ready.unread == 0
    place.close()
    make_ready("sklearn.AdamOptimizer")
    assert elsewhere_module._IDLE["sklearn"][-1] is ready, "one that waits is kept"
    elsewhere_module._end_all()


def test_nothing_is_started_for_a_name_that_nothing_here_goes_by() -> None:
    before = {n: list(x) for n, x in elsewhere_module._IDLE.items()}
    for name in ("there_is_no.such_thing", "python:mine:A", "numpy.adam", "./adam"):
        make_ready(name)
    assert before == elsewhere_module._IDLE


@pytest.mark.parametrize(
    "name", ["torch.optim.AdamW", "torch.optim.SGD(momentum=0.9, fused=True)", "optax.adamw", "keras.optimizers.AdamW", "sklearn.AdamOptimizer",
             "refopt.optim.AdamW", "refopt.generated.torch.Adamw", "refopt.generated.jax.adamw"],
)  # fmt: skip
def test_a_framework_goes_on_with_the_same_bits_in_a_fresh_process(name: str) -> None:
    package = name.partition(".")[0] if not name.startswith("refopt.generated") else name.split(".")[2]
    if not is_installed(package):
        pytest.skip(f"{package} is not installed")
    rule = load(name).rule
    report = refopt.check(name, dtypes=["float32"], cases=[f"{rule}-open-basic-001", f"{rule}-open-rate-001"])
    resume = report.footer["resume"]
    assert (resume["runs"], resume["fresh_process"], resume["lost"], resume["skipped"]) == (2, True, [], None), resume
    assert report.verdict in ("conforms", "variant")


@pytest.mark.parametrize(
    ("how", "verdict", "lost"), [("keeps", "conforms", []), ("loses", "deviates", ["the velocity is lost when its state is loaded"]), ("no", "conforms", [])]
)
def test_a_program_is_started_again_and_must_go_on(tmp_path: Path, how: str, verdict: str, lost: list[str]) -> None:
    (tmp_path / "h.py").write_text(HARNESS)
    program = Program((sys.executable, str(tmp_path / "h.py"), how), timeout=60)
    report = refopt.check(program, "momentum", cases=["momentum-open-basic-001", "momentum-open-rate-001", "momentum-resume-001"])
    resume = report.footer["resume"]
    assert (report.verdict, resume["lost"], resume["runs"]) == (verdict, lost, 0 if how == "no" else 3 if how == "keeps" else 2), resume


def test_runs_that_are_handed_over_before_they_are_asked_for_have_the_same_answers() -> None:
    implementation = load("numpy.sgd")
    rule, cases = catalogue.rule("sgd"), [c for c in store.packed_cases("sgd") if c.id in ("sgd-open-basic-001", "sgd-open-rate-001")]
    asked = {f: [observe(implementation, rule, c, FORMATS[f]).request for c in cases] for f in ("float64", "float32")}
    place = FreshProcess(implementation, implementation.spelled)
    try:
        requests = {f: [r for r in some if r is not None] for f, some in asked.items()}
        for some in requests.values():
            place.begin(some)
        for f in ("float32", "float64"):
            for answer, request in zip(place.run(requests[f]), requests[f], strict=True):
                here = implementation.run(request)
                assert isinstance(answer, Ran) and isinstance(here, Ran)
                assert all((a == b).all() for x, y in zip(answer.after, here.after, strict=True) for a, b in zip(x.theta, y.theta, strict=True))
        again = [replace(r) for r in requests["float64"]]
        assert len(place.run(again)) == len(again), "others are asked as ever"
        assert place.afresh
    finally:
        place.close()

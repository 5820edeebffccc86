"""A program that speaks `refopt-harness/1`, as an implementation that can be judged: the least that it takes, for programs we know.

Nothing here guards against hostile programs; that is the harness adapter's work.
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from refopt import catalogue
from refopt.conformance.protocol.implementation import Answer, Array, NoAnswer, Ran, Rates, Request, Skipped, Snapshot, View
from refopt.language.rule import Rule
from refopt.language.start import first_state
from tests.implementations.languages import Foreign


@dataclass
class Spoken:
    """A running program of a table, spoken to on its wire. Close it, or use it in a `with`."""

    of: Foreign
    version: str = ""
    resumes: bool = True
    settings: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(self.of.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.declared = self._ask("start 1" if self.of.wire == "flat" else json.dumps({"cmd": "start", "protocol": 1}))

    def __enter__(self) -> Spoken:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ask it to stop, and wait until it has."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("stop\n" if self.of.wire == "flat" else '{"cmd":"stop"}\n')
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)

    @property
    def name(self) -> str:
        """As its table names it."""
        return self.of.name

    @property
    def rule(self) -> str:
        """The rule or schedule it is meant as."""
        return self.of.rule

    def views(self, rule: Rule) -> Mapping[str, View]:
        """It shows the whole state of its own rule, by the rule's names."""
        shown = STATES.get(self.of.rule, ())
        return {name: View(name) for name in rule.state_names if name in shown}

    def run(self, request: Request) -> Answer:
        """Carry out a run: every step is asked for."""
        if self.of.wire == "json":
            return self._run_json(request)
        if any(g is None for row in request.grads for g in row):
            return Skipped("the flat wire has no absent gradient")
        answers = [self._run_flat(request, p) for p in range(len(request.theta0))]
        for answer in answers:
            if isinstance(answer, NoAnswer | Skipped):
                return answer
        runs = [a for a in answers if isinstance(a, Ran)]
        return Ran(_together([r.before for r in runs]), tuple(_together(list(step)) for step in zip(*(r.after for r in runs), strict=True)))

    def rates(self, hyper: Mapping[str, float], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates of a schedule."""
        message = {"cmd": "schedule", "seq": 1, "schedule": self.of.rule, "hyper": {n: repr(x) for n, x in hyper.items()}, "steps": list(steps)}
        return Rates(tuple(float(x) for x in json.loads(self._ask(json.dumps(message)))["lr"]))

    def _ask(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.of.name} ended with {self.process.wait(10)}")
        return answer

    def _run_json(self, request: Request) -> Answer:
        states: Sequence[Any] = request.state0 if request.state0 is not None else [None] * len(request.theta0)
        params = [
            {"shape": list(x.shape), "theta0": _texts(x), "state0": None if s is None else {n: _texts(a) for n, a in s.items()}}
            for x, s in zip(request.theta0, states, strict=True)
        ]
        rows = {n: [[None if x is None else _texts(x) for x in row] for row in rows] for n, rows in {"grads": request.grads, **request.inputs}.items()}
        message = {
            "cmd": "run", "seq": 1, "rule": request.rule, "dtype": request.format.name,
            "hyper": {n: repr(x) for n, x in request.hyper.items()}, "lr": None if request.lr is None else [repr(x) for x in request.lr],
            "params": params, "t0": request.t0, "grads": rows.pop("grads"), **({"inputs": rows} if request.inputs else {}),
            "keep": _steps(request),
        }  # fmt: skip
        answer = json.loads(self._ask(json.dumps(message)))
        if "params" not in answer:
            return NoAnswer(str(answer))
        after = []
        for i in range(len(request.grads)):
            thetas = tuple(_array(p["theta"][i], x) for p, x in zip(answer["params"], request.theta0, strict=True))
            shown = [{n: _array(a, x) for n, a in p["state"][i].items()} for p, x in zip(answer["params"], request.theta0, strict=True)]
            after.append(Snapshot(thetas, tuple(shown)))
        return Ran(self._before(request), tuple(after))

    def _run_flat(self, request: Request, p: int) -> Answer:
        like, names = request.theta0[p], STATES[self.of.rule]
        given = request.state0[p] if request.state0 is not None else None
        sections = [
            f"run 1 {self.of.rule} {request.format.name} {like.size} {len(request.grads)} {len(request.grads)} {request.t0}",
            " ".join(f"{n}={x!r}" for n, x in request.hyper.items()),
            "-" if request.lr is None else " ".join(map(repr, request.lr)),
            " ".join(map(str, _steps(request))),
            " ".join(_texts(like)),
            "-" if given is None or not names else " ".join(" ".join(_texts(given[n])) for n in names),
            *(" ".join(" ".join(_texts(row[p])) for row in rows if row[p] is not None) for rows in (request.grads, *request.inputs.values())),
        ]
        answer = self._ask(" ; ".join(sections))
        word, _, rest = answer.strip().partition(" ")
        if word != "ok":
            return Skipped(rest) if word == "skip" else NoAnswer(answer.strip())
        theta, *states = (section.split() for section in rest.partition(" ")[2].split(";"))
        n, after = like.size, []
        for i in range(len(request.grads)):
            shown = {name: _array(values[i * n : (i + 1) * n], like) for name, values in zip(names, states, strict=True)}
            after.append(Snapshot((_array(theta[i * n : (i + 1) * n], like),), (shown,)))
        before = self._before(request)
        return Ran(Snapshot((before.theta[p],), (before.state[p],)), tuple(after))

    def _before(self, request: Request) -> Snapshot:
        names = STATES[self.of.rule]
        hyper = {n: Fraction(x) for n, x in {**catalogue.rule(self.of.rule).values(), **request.hyper}.items() if math.isfinite(x)}
        known = len(hyper) == len(catalogue.rule(self.of.rule).hyper)  # else it is no number, and nothing starts from it
        first = first_state(catalogue.rule(self.of.rule), hyper, [Fraction(0)]) if known else {n: [math.nan] for n in names}
        copied = {s.name for s in catalogue.rule(self.of.rule).state if s.initial.name == "theta"}
        starts = tuple({n: x.copy() if n in copied else np.full_like(x, float(first[n][0])) for n in names} for x in request.theta0)
        given = starts if request.state0 is None else tuple(dict(s) for s in request.state0)
        return Snapshot(request.theta0, given)


STATES = {
    "asgd": ("ax",),
    "sgd": (), "momentum": ("v",), "nesterov": ("v",), "rmsprop": ("v",), "adam": ("m", "v"), "adamw": ("m", "v"), "amsgrad": ("m", "v", "v_max"),
    "yogi": ("m", "v"), "optimistic_gd": ("g_before",), "adamaxw": ("m", "u"), "nadamw": ("m", "v"),
    "adamax": ("m", "u"), "adagrad": ("s",), "adadelta": ("s", "u"), "nadam": ("m", "v", "mu_product"), "radam": ("m", "v"), "adabelief": ("m", "s"),
    "acprop": ("m", "s"),
    "adan": ("m", "w", "n", "g_before"), "ademamix": ("m", "v", "m_slow"), "simplified_ademamix": ("m", "v"), "laprop": ("m", "v"), "lion": ("m",),
    "sgdw": ("v",), "sign_sgd": (), "signum": ("m",), "adopt": ("m", "v"), "rprop": ("g_before", "update_value"), "noisy_sgd": (),
    "schedule_free_sgd": ("z", "weight_sum"), "schedule_free_adamw": ("z", "v", "weight_sum"),
    "cocob": ("theta_start", "abs_sum", "reward", "negative_sum", "scale"),
    "madgrad": ("theta_start", "s", "n"),
}  # fmt: skip
"""The state that the programs of the tables show."""


def _steps(request: Request) -> list[int]:
    return [request.t0 + i for i in range(len(request.grads))]


def _texts(values: Array | None) -> list[str]:
    assert values is not None
    return [repr(x) for x in values.astype(np.float64).ravel().tolist()]


def _array(values: Sequence[str], like: Array) -> Array:
    return np.array([float(x) for x in values], dtype=np.float64).reshape(like.shape).astype(like.dtype)


def _together(snapshots: Sequence[Snapshot]) -> Snapshot:
    return Snapshot(tuple(x for s in snapshots for x in s.theta), tuple(x for s in snapshots for x in s.state))

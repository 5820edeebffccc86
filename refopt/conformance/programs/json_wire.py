"""The JSON wire: one object a line, numbers as strings both ways."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from refopt.conformance.programs import numbers
from refopt.conformance.programs.declaration import Declaration, DeclaredRule
from refopt.conformance.programs.strict_json import keys, read_object, words
from refopt.conformance.programs.unreadable import Unreadable, plain, quoted
from refopt.conformance.protocol.implementation import Answer, Array, NoAnswer, Ran, Rates, Request, Sent, Skipped, Snapshot
from refopt.language.lists import spread
from refopt.rounding.formats import FLOAT64, FORMATS, Format

PROTOCOL = 1
Check = Callable[[str, Mapping[str, Any]], None]
"""Raises Unreadable where an answer is not what the schema of its kind (`start_answer`, ...) says."""
Reader = Callable[[Sequence[Any], Format, str], Array]
"""Reads the numbers of a row."""


class JsonWire:
    """Questions and answers as JSON. `check` is told every answer as it was read."""

    one_tensor = False

    def __init__(self, check: Check = lambda kind, answer: None) -> None:
        self._check = check

    def start(self) -> bytes:
        """The first line."""
        return _line({"cmd": "start", "protocol": PROTOCOL})

    def stop(self) -> bytes:
        """The last line."""
        return _line({"cmd": "stop"})

    def declaration(self, line: bytes) -> Declaration:
        """The program's declaration."""
        found = read_object(line)
        self._check("start_answer", found)
        keys(found, ("protocol", "implementation", "dtypes"), ("rules", "schedules"))
        if type(found["protocol"]) is not int or found["protocol"] != PROTOCOL:
            raise Unreadable(f"it speaks protocol {plain(json.dumps(found['protocol']), 40)}, this refopt {PROTOCOL}")
        about = _object(found["implementation"], "implementation")
        keys(about, ("name",), ("language", "version"), place="implementation")
        if not all(type(x) is str for x in about.values()):
            raise Unreadable("implementation holds something that is not text")
        rules = {name: _rule(x, f"rules.{name}") for name, x in _object(found.get("rules", {}), "rules").items()}
        schedules = {name: _schedule(x, f"schedules.{name}") for name, x in _object(found.get("schedules", {}), "schedules").items()}
        dtypes = words(found["dtypes"], "dtypes")
        check_offer(rules, schedules, dtypes)
        return Declaration(plain(about["name"], 60), rules, dtypes, schedules, plain(about.get("language", "")), plain(about.get("version", ""), 30))

    def run(self, seq: int, rule: str, declared: DeclaredRule, request: Request) -> bytes:
        """A run, every step of it kept."""
        state0 = request.state0 or (None,) * len(request.theta0)
        parameters = [
            {"shape": list(x.shape), "theta0": numbers.texts(x), "state0": None if s is None else {n: numbers.texts(b) for n, b in s.items()}}
            for x, s in zip(request.theta0, state0, strict=True)
        ]
        courses = {"courses": {n: [numbers.text(x) for x in row] for n, row in request.courses.items()}} if request.courses else {}
        return _line({
            "cmd": "run", "seq": seq, "rule": rule, "dtype": request.format.name, "hyper": _hyper(request.hyper),
            "lr": None if request.lr is None else [numbers.text(x) for x in request.lr], **courses, "params": parameters, "t0": request.t0,
            "grads": _rows(request.grads), **({"inputs": {n: _rows(rows) for n, rows in request.inputs.items()}} if request.inputs else {}),
            "keep": [request.t0 + i for i in range(len(request.grads))],
        })  # fmt: skip

    def answer(self, line: bytes, seq: int, declared: DeclaredRule, request: Request) -> Answer:
        """The answer to a run."""
        found = read_object(line)
        self._check("run_answer", found)
        if (other := _other(found, seq)) is not None:
            return other
        keys(found, ("seq", "params"), in_step=True)
        rows = found["params"]
        _list(rows, len(request.theta0), "params", "one entry a parameter")
        seen = [_parameter(x, f"params[{p}]", declared, request, request.theta0[p]) for p, x in enumerate(rows)]
        steps = range(len(request.grads))
        after = tuple(Snapshot(tuple(t[i] for t, _ in seen), tuple(s[i] for _, s in seen)) for i in steps)
        return Ran(Snapshot(request.theta0, request.state0 or tuple({} for _ in request.theta0)), after)

    def schedule(self, seq: int, name: str, hyper: Mapping[str, Sent], steps: Sequence[int]) -> bytes:
        """A question for rates."""
        return _line({"cmd": "schedule", "seq": seq, "schedule": name, "hyper": _hyper(hyper), "steps": list(steps)})

    def rates(self, line: bytes, seq: int, steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates."""
        found = read_object(line)
        self._check("schedule_answer", found)
        if (other := _other(found, seq)) is not None:
            return other
        keys(found, ("seq", "lr"), in_step=True)
        _list(found["lr"], len(steps), "lr", "one rate a step")
        return Rates(tuple(numbers.read(found["lr"], FLOAT64, "lr").tolist()))


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _rows(rows: Sequence[Sequence[Array | None]]) -> list[list[list[str] | None]]:
    """The arrays that updates are given, as texts, by update and parameter."""
    return [[None if x is None else numbers.texts(x) for x in row] for row in rows]


def _hyper(hyper: Mapping[str, Sent]) -> dict[str, str]:
    """Hyperparameters as numbers in text; each entry of a list under the name of its place, `milestones[0]`."""
    apart: dict[str, float] = {}
    for name, x in hyper.items():
        apart.update(spread(name, x) if isinstance(x, tuple) else {name: x})
    return {name: str(x) if isinstance(x, int) else numbers.text(x) for name, x in apart.items()}


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{place} is {quoted(json.dumps(value))}, not an object")
    return value


def _rule(value: Any, place: str) -> DeclaredRule:
    found = _object(value, place)
    keys(found, ("hyper",), ("state", "resume", "defaults", "courses", "inputs"), place=place)
    resume, courses = (_yes_or_no(found, name, place) for name in ("resume", "courses"))
    taken = words(found["hyper"], f"{place}.hyper")
    defaults = _object(found.get("defaults", {}), f"{place}.defaults")
    if unknown := [n for n in defaults if n not in taken]:
        raise Unreadable(f"{place}.defaults names {quoted(unknown[0])}, which hyper does not")
    values = numbers.read(list(defaults.values()), FLOAT64, f"{place}.defaults").tolist()
    state, inputs = (words(found.get(name, []), f"{place}.{name}") for name in ("state", "inputs"))
    return DeclaredRule(taken, state, resume, dict(zip(defaults, values, strict=True)), courses, inputs)


def _yes_or_no(found: Mapping[str, Any], name: str, place: str) -> bool:
    value = found.get(name, False)
    if not isinstance(value, bool):
        raise Unreadable(f"{place}.{name} is neither true nor false")
    return value


def _schedule(value: Any, place: str) -> tuple[str, ...]:
    found = _object(value, place)
    keys(found, ("hyper",), place=place)
    return words(found["hyper"], f"{place}.hyper")


def check_offer(rules: Mapping[str, Any], schedules: Mapping[str, Any], dtypes: Sequence[str]) -> None:
    """Raise Unreadable where a program offers nothing, or a format that does not exist."""
    if not rules and not schedules:
        raise Unreadable("start declares neither a rule nor a schedule")
    for dtype in dtypes:
        if dtype not in FORMATS:
            raise Unreadable(f"start declares the format {quoted(dtype)}; there are {', '.join(FORMATS)}")
    if rules and not dtypes:
        raise Unreadable("start declares no format in dtypes")


def _other(found: dict[str, Any], seq: int) -> Skipped | NoAnswer | None:
    """An answer that is no result; None where it may be one. Raises Unreadable for another seq."""
    if type(found.get("seq")) is not int or found["seq"] != seq:
        raise Unreadable(f"it answered seq {plain(json.dumps(found.get('seq')), 40)} when asked seq {seq}")
    for word, text in (("skipped", "reason"), ("rejected", "message"), ("failed", "message")):
        if word in found:
            keys(found, ("seq", word, text), in_step=True)
            if found[word] is not True:
                raise Unreadable(f"{word!r} can only be true", in_step=True)
            return outcome(word, found[text])
    return None


def outcome(word: str, text: Any) -> Skipped | NoAnswer:
    """`skipped`, `rejected` or `failed` with its text. A skip needs a reason."""
    told = plain(text) if type(text) is str else ""
    if word == "skipped":
        if not told:
            raise Unreadable("skipped without a reason", in_step=True)
        return Skipped(told)
    return NoAnswer(f"{word}: {told or 'no message'}", broken=word == "failed", refuses=word == "rejected")


def _list(value: Any, length: int, place: str, meant: str) -> None:
    if not isinstance(value, list):
        raise Unreadable(f"{place} is {quoted(json.dumps(value))}, not a list", in_step=True)
    if len(value) != length:
        raise Unreadable(f"{place} has {len(value)} entries, not {length}: {meant}", in_step=True)


def _parameter(value: Any, place: str, declared: DeclaredRule, request: Request, like: Array) -> tuple[list[Array], list[dict[str, Array]]]:
    if not isinstance(value, dict):
        raise Unreadable(f"{place} is {quoted(json.dumps(value))}, not an object", in_step=True)
    keys(value, ("theta",), ("state",), place=place, in_step=True)
    steps = len(request.grads)
    _list(value["theta"], steps, f"{place}.theta", "one row a step of keep")
    thetas = [row(x, request, like, f"{place}.theta[{i}]") for i, x in enumerate(value["theta"])]
    if "state" not in value:
        return thetas, [{} for _ in range(steps)]
    _list(value["state"], steps, f"{place}.state", "one object a step of keep")
    states = []
    for i, x in enumerate(value["state"]):
        here = f"{place}.state[{i}]"
        if not isinstance(x, dict):
            raise Unreadable(f"{here} is {quoted(json.dumps(x))}, not an object", in_step=True)
        keys(x, declared.state, place=here, in_step=True)
        states.append({n: row(r, request, like, f"{here}.{n}", _reader(request, n), own=n not in request.state_names) for n, r in x.items()})
    return thetas, states


def _reader(request: Request, state: str) -> Reader:
    return numbers.read_one_value if state in request.one_value else numbers.read_state


def row(value: Any, request: Request, like: Array, place: str, read: Reader = numbers.read, *, own: bool = False) -> Array:
    """A row of numbers in the shape of its parameter, as `read` takes them: a state may be kept in a wider format. A program's `own` may have any length."""
    if not isinstance(value, list):
        raise Unreadable(f"{place} is {quoted(json.dumps(value))}, not a list", in_step=True)
    if len(value) != like.size and not own:
        raise Unreadable(f"{place} has {len(value)} numbers, not {like.size}", in_step=True)
    values = read(value, request.format, place)
    return values.reshape(like.shape) if values.size == like.size else values


__all__ = ["JsonWire", "check_offer", "outcome", "row"]

"""Answers of programs on both wires that are spoiled: read, or refused as unreadable in one line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from refopt.conformance.programs.declaration import DeclaredRule
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import Check, JsonWire
from refopt.conformance.programs.unreadable import Unreadable
from refopt.conformance.programs.validation import schema_check
from refopt.conformance.protocol.implementation import Request
from refopt.rounding.formats import FLOAT32
from tests.quality.hostile.mutate import dumped, nested, spoiled_bytes, spoiled_value
from tests.quality.hostile.trial import Wrong, call

DECLARED = DeclaredRule(("lr", "momentum"), ("v",), True)
ROW = ["0x1p+0", "-0x1.8p-1", "0x0p+0"]
START: dict[str, Any] = {
    "protocol": 1, "implementation": {"name": "mine", "language": "C", "version": "1"}, "dtypes": ["float32", "float64"],
    "rules": {"momentum": {"hyper": ["lr", "momentum"], "state": ["v"], "resume": True, "defaults": {"lr": "0x1p-3"}}},
    "schedules": {"warmup": {"hyper": ["lr_max"]}},
}  # fmt: skip
RUN: dict[str, Any] = {"seq": 7, "params": [{"theta": [ROW, ROW], "state": [{"v": ROW}, {"v": ROW}]}]}
RATES: dict[str, Any] = {"seq": 7, "lr": ["0x1p-1", "0x1p-2"]}
FLAT = (b"ok mine ; momentum lr momentum / v ; float32 float64 ; resume\n", b"ok 7 1 -0.75 0 2 1 0 ; 1 2 3 4 5 6\n", b"skip 7 not here\n", b"err 7 broken\n")


@cache
def _request() -> Request:
    theta = np.array([1.0, -0.75, 0.0], np.float32)
    return Request("momentum", ("v",), FLOAT32, {"lr": 0.1, "momentum": 0.9}, None, (theta,), None, 1, ((theta,), (theta,)))


@cache
def _schema() -> Check:
    return schema_check()


def dialogue(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A line that a program answers with, on the JSON wire or the flat one."""
    if draw.random() < 0.5:
        line = _json_line(draw, kind := draw.randrange(3))
        wire = JsonWire(_schema()) if draw.random() < 0.5 else JsonWire()
    else:
        kind = draw.randrange(2)
        line = spoiled_bytes(draw, FLAT[0] if kind == 0 else draw.choice(FLAT[1:])).replace(b"\n", b" ") + b"\n"
        return _told(line, call(lambda: FlatWire().declaration(line) if kind == 0 else FlatWire().answer(line, 7, DECLARED, _request()), Unreadable))
    reads = (lambda: wire.declaration(line), lambda: wire.answer(line, 7, DECLARED, _request()), lambda: wire.rates(line, 7, (0, 1)))
    return _told(line, call(reads[kind], Unreadable))


def _json_line(draw: Random, kind: int) -> bytes:
    whole = (START, RUN, RATES)[kind]
    how = draw.randrange(10)
    if how == 0:
        return nested(draw.choice((50, 100_000))).encode() + b"\n"
    if how <= 3:
        return spoiled_bytes(draw, json.dumps(whole).encode()).replace(b"\n", b" ") + b"\n"
    return dumped(spoiled_value(draw, whole)).encode() + b"\n"


def _told(line: bytes, wrong: tuple[Wrong, str] | None) -> tuple[Wrong, str] | None:
    return None if wrong is None else (wrong[0], f"{line[:200]!r}: {wrong[1]}")

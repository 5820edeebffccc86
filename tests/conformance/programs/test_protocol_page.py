"""The page of the protocol: its dialogues are what refopt sends and what its own skeletons answer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import refopt.conformance.programs
from refopt import catalogue
from refopt.conformance.programs.declaration import DeclaredRule
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.skeletons import skeleton
from refopt.conformance.programs.wire import Wire
from refopt.conformance.protocol.implementation import Request
from refopt.rounding.formats import FORMATS
from tests.conformance.conftest import tool

PAGE = (Path(refopt.conformance.programs.__path__[0]) / "README.md").read_text(encoding="utf-8")
DIALOGUES = [[(line[0], line[2:]) for line in block.splitlines()] for block in re.findall(r"^```text\n(.*?)^```", PAGE, re.M | re.S)]


def _sent(wire: Wire) -> list[str]:
    theta, gradients = np.array([1.0, -2.0], np.float32), [np.array(x, np.float32) for x in ([0.5, 4.0], [-1.0, 0.1])]
    rows = tuple((g,) for g in gradients)
    request = Request("momentum", ("v",), FORMATS["float32"], {"lr": 0.5, "momentum": 0.75}, None, (theta,), None, 1, rows)
    run = wire.run(1, "momentum", DeclaredRule(("lr", "momentum"), ("v",), True), request)
    assert isinstance(run, bytes)
    return [x.decode().rstrip("\n") for x in (wire.start(), run, wire.stop())]


@pytest.mark.parametrize(("place", "wire", "language"), [(0, JsonWire(), "python"), (1, FlatWire(), "c")], ids=["json", "flat"])
def test_the_dialogue_of_the_page_is_what_is_sent_and_what_the_skeleton_answers(place: int, wire: Wire, language: str, tmp_path: Path) -> None:
    shown = DIALOGUES[place]
    assert [text for mark, text in shown if mark == ">"] == _sent(wire)
    found = skeleton(language, catalogue.rule("momentum"), "float32")
    (tmp_path / found.file).write_text(found.text)
    command = [sys.executable, found.file]
    if language == "c":
        subprocess.run([tool("gcc", "cc", "clang"), "-o", "built", found.file, "-lm"], cwd=tmp_path, check=True)
        command = ["./built"]
    asked = "".join(f"{text}\n" for mark, text in shown if mark == ">")
    done = subprocess.run(command, cwd=tmp_path, input=asked, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [text for mark, text in shown if mark == "<"]

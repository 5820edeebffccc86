"""`refopt identify`: the screen, the JSON line and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import ROOT, refopt

LOG = str(ROOT / "tests" / "data" / "some_log.csv")


def _noise(folder: Path) -> str:
    """A log in which theta moves as no gradient says: 0.1 of its cube root, against its sign."""
    rows, theta = ["theta_0,theta_1,g_0,g_1,lr"], [1.0, -2.0]
    for i in range(20):
        g = [theta[0] * (1 + i % 3), theta[1] * (1 + i % 2)]
        rows.append(",".join(f"{x:.7g}" for x in (*theta, *g, 0.1)))
        theta = [x - 0.1 * (abs(y) ** (1 / 3)) * (1 if y > 0 else -1) for x, y in zip(theta, g, strict=True)]
    path = folder / "noise.csv"
    path.write_text("\n".join(rows))
    return str(path)


def test_the_log_of_an_adam_is_an_adam_s_with_all_that_it_cannot_tell(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "identify", LOG)
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].split()[-1] == "adam"
    assert any(line.split()[:2] == ["beta1", "0.9"] for line in lines)
    assert any(line.split()[:2] == ["beta2", "0.999"] for line in lines)
    assert any(line.split()[:2] == ["eps", "?"] for line in lines)
    assert any("next best: amsgrad" in line for line in lines)
    assert any("adam/eps_hat" in line for line in lines)
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24
    assert ran.out.isascii()


def test_json_is_one_line_that_holds_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "identify", LOG, "--rule", "adam", "--json")
    line = json.loads(ran.out)
    assert ran.out.count("\n") == 1
    assert (line["kind"], line["complete"], line["verdict"], line["rule"], line["exit"]) == ("footer", True, "identified", "adam", 0)
    assert line["hyper"]["beta2"]["recovered"] is True
    assert line["hyper"]["beta2"]["low"] <= 0.999 <= line["hyper"]["beta2"]["high"]
    assert line["rate"]["kind"] == "logged"


def test_a_log_of_no_known_formula_is_none_and_exit_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = refopt(capsys, "identify", _noise(tmp_path), "--rule", "momentum")
    lines = ran.out.splitlines()
    assert ran.code == 1
    assert lines[0].split()[-1] == "none"
    assert lines[-1].startswith("exit 1: ")
    assert max(map(len, lines[1:])) <= 80
    ran = refopt(capsys, "identify", _noise(tmp_path), "--rule", "momentum", "--json")
    assert json.loads(ran.out)["verdict"] == "none"
    assert json.loads(ran.out)["exit"] == ran.code == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("identify", "nothing.csv"), "no file nothing.csv"),
        (("identify", LOG, "--rule", "adma"), "no rule 'adma'"),
        (("identify",), "the following arguments are required: FILE"),
    ],
)
def test_wrong_input_is_exit_2_and_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    ran = refopt(capsys, *words)
    lines = ran.err.splitlines()
    assert (ran.code, ran.out) == (2, "")
    assert lines[0] == f"error: {message}"
    assert len(lines) == 2

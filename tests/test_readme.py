"""Every command of the README runs as it is written.

What takes minutes or installs packages is run by `.ci/run`, which must then hold it word for word.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci/run").read_text(encoding="utf-8")
LONG = ("pip install", "pytest -n auto --dist worksteal", "refopt check", "refopt golden verify", "refopt golden build --out DIR")
"""Left to .ci/run: installations, the tests, a survey, everything golden."""
NEEDS = {"node": "node", "./adam": "cc", "cc ": "cc"}

KNOWN = """[[expect]]
implementation = "torch.optim.Adam"
verdict = "conforms"
reason = "the reference formula"
"""


def commands() -> list[str]:
    """The indented lines that are commands, without their remarks, and the commands that stand in tables."""
    lines = [re.sub(r"\s{2,}#.*", "", line[4:]).rstrip() for line in README.splitlines() if line.startswith("    ")]
    shown = [line for line in lines if re.match(r"(refopt|pip|cc) ", line)]
    quoted = re.findall(r"`(refopt (?:show|diff|list|check|run|harness|identify|prove|translate|derive|generate|golden export)[^`]*)`", README)
    return list(dict.fromkeys([*shown, *quoted]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the README's reader stands: their own optimizer, a log and an older report lie there."""
    here = tmp_path_factory.mktemp("reader")
    adapter = _run("refopt show adapter", here)
    shutil.copy(ROOT / "tests/data/mine.py", here / "mine.py")
    (here / "my_optimizer.py").write_text(adapter.stdout, encoding="utf-8")
    shutil.copy(ROOT / "tests/data/some_log.csv", here / "log.csv")
    (here / "known.toml").write_text(KNOWN, encoding="utf-8")
    for command in commands():
        if command.startswith("refopt harness new"):  # what it writes is judged by others, which may run in another process
            _run(command, here)
    return here


def _older_report(here: Path) -> None:
    """The report that is compared with, made where a command asks for it."""
    (here / "old.jsonl").write_text(_run("refopt check torch.optim.Adam --dtype float32 --json", here).stdout, encoding="utf-8")


def _run(command: str, here: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    written = re.sub(r"(^|&& )refopt ", rf"\1{sys.executable} -m refopt ", command)
    return subprocess.run(written, shell=True, cwd=here, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False)


def _lacks(command: str) -> str | None:
    """A tool that a command needs and that is not here."""
    wanted = [tool for part, tool in NEEDS.items() if part in command and "--out" not in command]
    return next((tool for tool in wanted if shutil.which(tool) is None), None)


@pytest.mark.parametrize("command", [c for c in commands() if c not in LONG and not c.startswith("pip ")])
def test_a_command_runs_as_it_is_written(command: str, folder: Path, tmp_path: Path) -> None:
    if tool := _lacks(command):
        pytest.skip(f"{tool} is not installed here")
    if "old.jsonl" in command:
        _older_report(folder)
    done = _run(command, tmp_path if command.startswith("refopt harness new") else folder)
    assert done.returncode == 0, (command, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    assert "Traceback" not in done.stderr


def test_the_picture_of_an_answer_is_what_its_command_prints(folder: Path) -> None:
    """The last screen, line by line; the search for a name is announced by one before it."""
    (name,) = re.findall(r"!\[[^\]]{60,}\]\((\w+\.svg)\)", README)
    command, *shown = [x.text or "" for x in Xml.parse(ROOT / name).getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert command.startswith("$ refopt check") and len(shown) > 10
    printed = [line for line in _run(command[2:], folder).stdout.splitlines() if line]
    assert printed[-len(shown) :] == shown, "draw it anew: python -m tests.answer_picture > answer.svg"


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("command", [c for line in commands() for c in line.split(" && ") if line in LONG or line.startswith("pip ")])
def test_what_takes_minutes_is_run_by_ci(command: str) -> None:
    assert command in LONG or command.startswith("pip install")
    assert re.search(rf"(^|[;&{{] *){re.escape(command.replace('DIR', ''))}", CI, re.M), command


def test_the_files_that_the_readme_names_exist() -> None:
    for name in re.findall(r"`(golden/[\w/.-]+\.json)`", README):
        assert (ROOT / name).exists(), name


def test_the_optimizer_of_the_readme_runs(folder: Path) -> None:
    block = next(b for b in re.findall(r"(?:^    .*\n|^\n)+", README, re.M) if "from refopt.optim" in b)
    lines = [re.sub(r"\s{2,}#.*", "", line[4:]) for line in block.splitlines()]
    start = "import numpy as np\nw, b = np.ones((2, 3)), np.ones(3)\ngrad_w, grad_b = np.ones((2, 3)), np.ones(3)\n"
    program = f"{start}{chr(10).join(lines)}\nassert (w < 1).all() and (b < 1).all() and saved['t'] == 1\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_python_of_the_readme_runs(folder: Path) -> None:
    assert 'from refopt.generated.numpy import adam' in README
    assert "from refopt.optim import Adam" in README
    imports = "import refopt\nfrom refopt.generated.numpy import adam\nfrom refopt.optim import Adam\n"
    program = f"{imports}print(refopt.run('adam', 'rosenbrock', steps=3, digits=50))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

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

from tests.without import run

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


ONE_CASE = "--dtype float32 --case adam-open-basic-001"
AGAIN = ("--junit", "--against", "--transcript")
"""Options of commands that judge once more what another command of the README judges whole: these are run on one case."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the README's reader stands: their own optimizer, a log and expected verdicts lie there."""
    for name, of in (("mine.py", "mine.py"), ("log.csv", "some_log.csv")):
        shutil.copy(ROOT / "tests/data" / of, tmp_path / name)
    (tmp_path / "known.toml").write_text(KNOWN, encoding="utf-8")
    for name, command in (("my_optimizer.py", "show adapter"), ("old.jsonl", f"check torch.optim.Adam {ONE_CASE} --json")):
        done = subprocess.run([sys.executable, "-m", "refopt", *command.split()], cwd=tmp_path, capture_output=True, text=True, env=_environment(), check=False)
        assert done.returncode == 0 and not done.stderr, (command, done.stderr)
        (tmp_path / name).write_text(done.stdout, encoding="utf-8")
    return tmp_path


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def _lacks(command: str) -> str | None:
    """A tool that a command needs and that is not here."""
    wanted = [tool for part, tool in NEEDS.items() if part in command and "--out" not in command]
    return next((tool for tool in wanted if shutil.which(tool) is None), None)


def _run(command: str) -> str:
    """The command as it is run here."""
    return next((command.replace(option, f"{ONE_CASE} {option}") for option in AGAIN if option in command), command)


def _picture() -> list[str]:
    """The lines of the picture of an answer: a command, and its screen."""
    (name,) = re.findall(r"!\[[^\]]{60,}\]\((\w+\.svg)\)", README)
    return [x.text or "" for x in Xml.parse(ROOT / name).getroot().iter("{http://www.w3.org/2000/svg}text")]


def test_every_command_runs_as_it_is_written_and_the_picture_of_an_answer_is_what_its_command_prints(folder: Path) -> None:
    """All in one process, which imports once what they need; of the picture the last screen, before which a search for a name is announced."""
    every = [c for c in commands() if c not in LONG and not c.startswith("pip ")]
    here = [c for c in every if _lacks(c) is None]
    shown, *screen = _picture()
    assert len(here) > 20 and shown.startswith("$ refopt check") and len(screen) > 10
    found = run([*map(_run, here), shown.removeprefix("$ ")], (), folder)
    assert len(found) == len(here) + 1
    for done in found[:-1]:
        assert done.code == 0 and "Traceback" not in done.err, done
    printed = [line for line in found[-1].out.splitlines() if line]
    assert printed[-len(screen) :] == screen, "draw it anew: python -m tests.answer_picture > answer.svg"
    if len(here) < len(every):
        pytest.skip(f"all others ran; not here: {', '.join(sorted({str(_lacks(c)) for c in every} - {'None'}))}")


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("command", [c for line in commands() for c in line.split(" && ") if line in LONG or line.startswith("pip ")])
def test_what_takes_minutes_is_run_by_ci(command: str) -> None:
    assert command in LONG or command.startswith("pip install")
    assert re.search(rf"(^|[;&{{] *){re.escape(command.replace('DIR', ''))}", CI, re.M), command


def test_the_files_that_the_readme_names_exist() -> None:
    for name in re.findall(r"`(golden/[\w/.-]+\.json)`", README):
        assert (ROOT / name).exists(), name


def test_the_optimizer_of_the_readme_runs() -> None:
    block = next(b for b in re.findall(r"(?:^    .*\n|^\n)+", README, re.M) if "from refopt.optim" in b)
    lines = [re.sub(r"\s{2,}#.*", "", line[4:]) for line in block.splitlines()]
    start = "import numpy as np\nw, b = np.ones((2, 3)), np.ones(3)\ngrad_w, grad_b = np.ones((2, 3)), np.ones(3)\n"
    program = f"{start}{chr(10).join(lines)}\nassert (w < 1).all() and (b < 1).all() and saved['t'] == 1\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_python_of_the_readme_runs() -> None:
    assert 'from refopt.generated.numpy import adam' in README
    assert "from refopt.optim import Adam" in README
    imports = "import refopt\nfrom refopt.generated.numpy import adam\nfrom refopt.optim import Adam\n"
    program = f"{imports}print(refopt.run('adam', 'rosenbrock', steps=3, digits=50))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

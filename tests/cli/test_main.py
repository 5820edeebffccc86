"""The frame around every command: what it loads, how errors, interrupts and closed pipes look."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from refopt.cli import commands, main, show
from refopt.cli.overview import TRY
from refopt.errors import RefoptError
from tests.cli.running import ROOT, fresh_python, fresh_refopt, refopt

HEAVY = ("numpy", "sympy", "mpmath", "torch", "ml_dtypes", "flint")
LOADED = f"print([m for m in {HEAVY!r} if m in sys.modules])"


def test_importing_refopt_loads_nothing_heavy() -> None:
    assert fresh_python(f"import sys, refopt; {LOADED}") == "[]\n"


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, contextlib, io\nfrom refopt.cli.main import main\nwith contextlib.redirect_stdout(io.StringIO()): main(['--help'])\n{LOADED}"
    assert fresh_python(code) == "[]\n"


def test_the_first_screen_loads_nothing_heavy() -> None:
    code = f"import sys, contextlib, io\nfrom refopt.cli.main import main\nwith contextlib.redirect_stdout(io.StringIO()): main([])\n{LOADED}"
    assert fresh_python(code) == "[]\n"


@pytest.mark.parametrize("name", list(commands.COMMANDS))
def test_every_command_has_a_help_with_an_example_that_fits_the_screen(capsys: pytest.CaptureFixture[str], name: str) -> None:
    ran = refopt(capsys, name, "--help")
    assert ran.code == 0
    assert f"  refopt {name}" in ran.out
    assert all(option in ran.out for option in ("--json", "--color", "--debug"))
    assert max(map(len, ran.out.splitlines())) <= 80
    assert ran.out.isascii()


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    out = refopt(capsys, "--help").out
    assert all(f"\n    {name} " in out for name in commands.COMMANDS)


def test_every_command_of_the_first_screen_exists(capsys: pytest.CaptureFixture[str]) -> None:
    shown = [line.split()[1] for line in refopt(capsys).out.splitlines() if line.startswith("  refopt ")]
    assert shown
    assert set(shown) <= set(commands.COMMANDS)


def test_the_first_screen_names_every_command_that_people_start_with() -> None:
    shown = {words.split()[1] for words, _ in TRY}
    assert set(commands.COMMANDS) - shown == {"generate", "bench"}, "these two are for those who work on refopt"


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    import refopt as package

    assert refopt(capsys, "--version").out == f"refopt {package.__version__}\n"


@pytest.mark.parametrize(
    ("words", "message", "help"),
    [
        (("shw",), "no command 'shw'", "did you mean show?"),
        (("show",), "the following arguments are required: NAME", "refopt show --help"),
        (("show", "adam", "--jsn"), "refopt show has no option --jsn", "did you mean --json?"),
        (("show", "adam", "sgd"), "refopt show does not expect 'sgd'", "refopt show --help"),
        (("show", "adma"), "no rule 'adma'", "did you mean adam?"),
        (("show", "adam/epshat"), "no variant 'adam/epshat'", "adam has eps_hat, eps_in_sqrt, uncorrected, l2"),
        (("show", "cosine"), "no schedule 'cosine'", "did you mean cosine_annealing?"),
        (("show", "rosenbrok"), "no objective 'rosenbrok'", "did you mean rosenbrock?"),
        (("show", "adam", "--as", "latx"), "no form 'latx'", "did you mean latex?"),
        (("generate", "sgd", "--to", "nump"), "no backend 'nump'", "did you mean numpy?"),
        (("list", "variant"), "no table 'variant'", "did you mean variants?"),
        (("list", "rules", "adagrd"), "nothing in refopt list rules has the words 'adagrd'", "did you mean adagrad?"),
        (("diff", "adam", "warmup"), "adam is a rule and warmup a schedule", "refopt list"),
    ],
)
def test_wrong_input_is_one_line_and_one_of_help(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str, help: str) -> None:
    ran = refopt(capsys, *words)
    lines = ran.err.splitlines()
    assert (ran.code, ran.out) == (2, "")
    assert lines[0] == f"error: {message}"
    assert len(lines) == 2
    assert lines[1].startswith("help: ")
    assert help in lines[1]


def test_an_unexpected_exception_is_one_line_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(options: object) -> int:
        raise ValueError("two\nlines")

    monkeypatch.setattr(show, "run", broken)
    ran = refopt(capsys, "show", "adam")
    assert ran.code == 2
    assert ran.err == "error: ValueError: two lines\nhelp: this is a defect of refopt; --debug shows where\n"


def test_debug_lets_the_exception_through(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RefoptError, match="no rule 'adma'"):
        refopt(capsys, "show", "adma", "--debug")


def test_an_interrupt_is_quiet(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(options: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(show, "run", stopped)
    ran = refopt(capsys, "show", "adam")
    assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")


def _reports_closed_pipes() -> bool:
    """Whether this system tells a program that nobody reads its output (some sandboxes swallow it)."""
    script = "import sys\ntry:\n    sys.stdout.write('x' * 8000000)\n    sys.stdout.flush()\nexcept BrokenPipeError:\n    import os\n    os._exit(9)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        return process.wait(timeout=60) == 9


def test_a_closed_pipe_is_quiet() -> None:
    if not _reports_closed_pipes():
        return
    script = "import sys\nfrom refopt.cli import output, list as listing\nfrom refopt.cli.main import main\n"
    script += "def much(options):\n    output.emit(['x' * 79] * 100000)\n    return 0\nlisting.run = much\nsys.exit(main(['list']))"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=60) == 141
        assert process.stderr.read() == ""


def test_a_full_disk_is_one_line() -> None:
    if not Path("/dev/full").exists():
        return
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "refopt", "show", "adam"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: No space left on device\n"


def test_python_m_refopt_is_the_command() -> None:
    assert fresh_refopt("--version").out.startswith("refopt ")


def test_errors_are_coloured_only_where_a_person_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for set_no_color, expected in ((False, "\033[31merror:\033[0m"), (True, "error:")):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("NO_COLOR", "1" if set_no_color else "")
        assert main.main(["show", "adma"]) == 2
        assert terminal.getvalue().startswith(f"{expected} no rule")

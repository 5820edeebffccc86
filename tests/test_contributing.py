"""The recipes of CONTRIBUTING.md, followed word for word in a copy of the package; that of a framework: tests/frameworks/test_entry_point.py."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _blocks(heading: str) -> dict[str, str]:
    """The blocks of a recipe by what their first line says."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text.partition(f"## {heading}\n")[2], flags=re.M)[0]
    return {block.partition("\n")[0].removeprefix("# "): block.partition("\n")[2] for block in re.findall(r"```python\n(.*?)```", section, re.S)}


def _registered(source: str, lines: str) -> str:
    """A module with a recipe's import after its own and its line at the end of the table; a plain list with its line at the end."""
    if _TABLE.search(source) is None and not lines.startswith("from "):
        return f"{source.rstrip()}\n{lines}"
    imports = "".join(f"{x}\n" for x in lines.splitlines() if not x.startswith(" "))
    entry = "".join(f"{x}\n" for x in lines.splitlines() if x.startswith(" "))
    source = source.replace("from __future__ import annotations\n", f"from __future__ import annotations\n{imports}", 1) if imports else source
    if _TABLE.search(source) is None:
        return source
    table = source.index(f"\n{_TABLE.search(source).group()}")  # type: ignore[union-attr]
    end = table + 1 + re.search(r"^[)}]$", source[table + 1 :], re.M).start()  # type: ignore[union-attr]
    return source[:end] + entry + source[end:]


_TABLE = re.compile(r"^(FAMILIES|EVERY)\b.*$", re.M)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package."""
    for folder in ("refopt", "golden", "derivations", "tests", ".ci"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("*.md"), ROOT / "pyproject.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def followed(copied: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the package in which the recipes were followed."""
    for heading in request.param:
        blocks = _blocks(heading)
        assert len(blocks) >= 1, heading
        for place, text in blocks.items():
            path = copied / place.removeprefix("in ").removeprefix("the end of ")
            if place.startswith("in "):
                text = _registered(path.read_text(encoding="utf-8"), text)
            elif place.startswith("the end of "):  # from the block of that name on
                head, found, _ = path.read_text(encoding="utf-8").partition(text.partition("\n")[0])
                assert found
                text = head + text
            path.write_text(text, encoding="utf-8")
    return copied


def _refopt(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(home)}
    return subprocess.run([sys.executable, "-m", "refopt", *arguments], cwd=home, env=environment, capture_output=True, text=True, check=False)


def _green(home: Path, *words: str) -> None:
    """The tests of the copy, run on the code of the copy, are green, and there are some."""
    environment = {**os.environ, "PYTHONPATH": str(home)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *words]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


APART = ("tests/catalogue/test_own.py", "tests/catalogue/test_renamed.py")
WHOLE = ("tests/catalogue", "tests/transcriptions", "tests/test_floors.py", "tests/test_architecture.py", *(f"--ignore={x}" for x in APART))
"""Tests that see the whole catalogue and the whole house. `test_own` follows the recipe of a rule itself, for rules of its own."""
NAMED = ("tests/language", "tests/lowering", "tests/exact", "tests/optim", "tests/golden", APART[1])
"""Tests of every rule and every schedule, which run neither a framework nor a compiler: those of the added name are run."""
ADDED = {
    "powerball": "theta <- theta - lr*sign(g)*sqrt(abs(g))",
    "sgd/proximal": "theta <- (theta - lr*g) / (1 + lr*weight_decay)",
    "inverse_root": "lr / sqrt(1 + k)",
}
"""By name of what the first three recipes add, what is shown of it."""


@pytest.mark.parametrize("followed", [("Add a rule", "Add a variant", "Add a schedule")], indirect=True)
def test_a_new_rule_variant_and_schedule_get_their_formula_code_golden_cases_bound_and_verdict(followed: Path) -> None:
    """In one copy, since none touches what another adds: the tests that see the whole catalogue are run once, on all three."""
    for name, formula in ADDED.items():
        shown = _refopt(followed, "show", name)
        assert formula in " ".join(shown.stdout.split()), (name, shown.stdout, shown.stderr)
    assert _refopt(followed, "generate").returncode == 0
    for name in ADDED:
        built = _refopt(followed, "golden", "build", name)
        assert built.returncode == 0, (name, built.stderr)
    verified = _refopt(followed, "golden", "verify", *ADDED)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    for name in ADDED:
        asked = ["--rule", name] if "/" in name else []
        done = _refopt(followed, "check", f"refopt.generated.numpy.{name.replace('/', '_')}", *asked, "--json")
        footer = json.loads(done.stdout.splitlines()[-1])
        assert (footer["verdict"], footer["precision"], done.returncode) == ("conforms", "full", 0), (name, done.stdout[-2000:], done.stderr)
    _green(followed, *WHOLE)
    _green(followed, *NAMED, "-k", " or ".join(ADDED))


@pytest.mark.parametrize("followed", [("Add a transformation",)], indirect=True)
def test_a_new_transformation_is_put_into_any_rule_by_its_word(followed: Path) -> None:
    shown = _refopt(followed, "show", "grokfast(adam)")
    assert "g_filtered <- g + filter_gain*g_mean" in " ".join(shown.stdout.split()), (shown.stdout, shown.stderr)
    code = _refopt(followed, "generate", "lookahead(grokfast(sgd))", "--to", "numpy")
    assert code.returncode == 0 and "filter_gain" in code.stdout and "slow_step_size" in code.stdout, (code.stdout, code.stderr)
    _green(followed, *WHOLE, "tests/catalogue/test_transformations.py")


@pytest.mark.parametrize("followed", [("Add a backend",)], indirect=True)
def test_a_new_backend_prints_code_that_computes_the_formula(followed: Path) -> None:
    printed = _refopt(followed, "generate", "adam", "--to", "plain")
    assert printed.returncode == 0, printed.stderr
    names: dict[str, object] = {}
    exec(printed.stdout, names)
    # every operation on these dyadic numbers is exact: m = 1/8, v = 1/128, m_hat = 1, v_hat = 1, theta = 1 - 1/4 * 1/2
    step = names["step"]
    assert callable(step)
    assert step(1.0, 0.0, 0.0, 1.0, 1, lr=0.25, beta1=0.875, beta2=0.9921875, eps=1.0) == (0.875, 0.125, 0.0078125)
    rate = _refopt(followed, "generate", "step_decay", "--to", "plain")
    assert "def rate(k, *, lr=" in rate.stdout
    unknown = _refopt(followed, "generate", "adam", "--to", "plane")
    assert unknown.returncode == 2 and "plain" in unknown.stderr
    _green(followed, "tests/test_floors.py", "tests/test_architecture.py", "tests/cli/test_show.py")
    _green(followed, "tests/lowering", "tests/language", "-k", "plain or backend")


WITH_ASINH = """
from fractions import Fraction
import refopt
from refopt.catalogue.optimizers.sgd import LR
from refopt.catalogue.symbols import lr
from refopt.exact.numbers import arb_numbers, decimal_numbers, mpmath_numbers
from refopt.exact.run import open_loop
from refopt.language.expression import asinh, g, theta
from refopt.language.rule import Let, Rule
from refopt.lowering.backends import BACKENDS
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS

rule = Rule("soft", "", (), (LR,), (), (Let(theta, theta - lr * asinh(g)),))
given = dict(hyper=rule.values(), theta0=[Fraction(1)], gradients=[[Fraction(1, 2**40)]])
found = [n.interval(open_loop(rule, numbers=n, digits=50, **given)[0].theta[0])[0] for n in (mpmath_numbers(), arb_numbers(), decimal_numbers())]
assert max(found) - min(found) < Fraction(1, 10**48), found
((bound,),) = [[r["theta"].exact()[0]] for r in radii(rule, [Block(FORMATS["float64"], rule.values(), 1, {"theta": [Fraction(1)]}, [Fraction(3)])])]
assert 0 < bound < Fraction(1, 2**50)
for backend in BACKENDS.values():
    try:
        assert "asinh" in (code := backend.module(rule)) or "arcsinh" in code, backend.name
    except refopt.NotImplementedYet as error:
        print(backend.name, error.message)
"""


def _lines_of(heading: str) -> list[tuple[str, str]]:
    """The blocks of a recipe that stand under comments, by what each comment says."""
    section = re.split(r"^## ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f"## {heading}\n")[2], flags=re.M)[0]
    parts = re.split(r"^# ((?:after|the end of) .*)\n", "".join(re.findall(r"```python\n(.*?)```", section, re.S)), flags=re.M)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _after(source: str, text: str, lines: str) -> str:
    """A file with lines after the one that holds a text; what begins with a comma stands right after the text, wherever that is."""
    assert text in source, text
    if lines.startswith(","):
        return source.replace(text, text + lines.rstrip("\n"))
    end = source.index("\n", source.index(text)) + 1
    return source[:end] + lines + source[end:]


def test_a_new_operation_has_a_meaning_a_bound_and_a_spelling_everywhere(copied: Path) -> None:
    for place, lines in _lines_of("Add an operation"):
        where, _, name = place.rpartition(" in " if place.startswith("after ") else " of ")
        path = copied / name
        source = path.read_text(encoding="utf-8")
        text = f"{source}\n\n{lines}" if where == "the end" else _after(source, where.removeprefix("after "), lines)
        path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copied)}
    done = subprocess.run([sys.executable, "-c", WITH_ASINH], cwd=copied, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert {line.split()[0] for line in done.stdout.splitlines()} == {"triton"}, done.stdout
    _green(copied, "tests/language/test_operations.py", "tests/language/test_dual.py", "tests/language/test_expression.py",
           "tests/lowering/test_json.py", "tests/test_floors.py", "tests/test_architecture.py")  # fmt: skip
    _green(copied, "tests/rounding/test_operations.py", "-k", "asinh")


@pytest.mark.parametrize("followed", [("Add a derivation",)], indirect=True)
def test_a_new_derivation_is_proved_and_a_wrong_one_is_refused(followed: Path) -> None:
    done = _refopt(followed, "derive", "rate_of_decay")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rate_of_decay" in _refopt(followed, "derive").stdout
    file = followed / "derivations/rate_of_decay.py"
    file.write_text(file.read_text(encoding="utf-8").replace("gamma * rate(k)", "gamma**2 * rate(k)"), encoding="utf-8")
    assert _refopt(followed, "derive", "rate_of_decay").returncode == 1

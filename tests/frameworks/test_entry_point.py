"""A framework of another package: the recipe of CONTRIBUTING.md, installed beside refopt, not a line of which is changed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOYOPT = '''
import numpy as np

class Momentum:
    """v' = momentum*v' - lr*g, theta + v'."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.velocity = lr, momentum, None

    def update(self, theta, g):
        start = np.zeros_like(theta) if self.velocity is None else self.velocity
        self.velocity = start * self.momentum - g * self.lr
        return theta + self.velocity
'''
READ = '''

from refopt.language.expression import g, literal, theta
from refopt.lifting.lifted import Lifted
from refopt.lifting.paths import explore
from refopt.lifting.scalar import Scalar
from refopt.lifting.symbolic_arrays import array, at_place, elements, with_places
from refopt.lifting.symbols import facts, state_symbol, symbolic


def lift(implementation, rule, frame):
    """The formula of each element."""
    hyper = symbolic(rule, implementation.settings)
    v = state_symbol(rule, "velocity", implementation.views)

    def updated(velocity):
        made = implementation.factory(*(Scalar(hyper[n].symbol) for n in ("lr", "momentum")))
        made.velocity = velocity()
        after = made.update(array(theta), array(g))
        return with_places({"theta": elements(after, "theta"), str(v.name): elements(made.velocity, "velocity")})

    sets = {n: True for n in hyper}
    first = explore(lambda: updated(lambda: array(literal(0))), facts(hyper.values(), None), sets, fixed=True)
    later = explore(lambda: updated(lambda: array(v)), facts(hyper.values(), 2), sets, fixed=True)
    return tuple(
        Lifted(implementation.name, "1.0", "its own update()", tuple(hyper.values()), (v,), {str(v.name): literal(0)},
               at_place(first.values, i), at_place(later.values, i), (), {str(v.name): "velocity"})
        for i in range(np.prod(frame.shape))
    )
'''
"""How the toy's own code is read: `lift`, in the module that the implementation names as `read_by`."""
MEASURED = '''
from refopt.frameworks.measured import Measured

import toyopt


def contender(rule, theta, g, threads):
    """Momentum, of one tensor."""
    if rule != "momentum":
        return None
    made, held = toyopt.Momentum(), {"theta": theta}

    def step():
        held["theta"] = made.update(held["theta"], g)

    return step


MEASURED = Measured("toyopt", {"toyopt plain": contender}, "plain: of toyopt", "", {"toyopt-momentum": "toyopt.Momentum"})
'''
"""What `refopt bench` runs of the toy."""
BROUGHT = '''
FRAMEWORK = Framework(
    "toyopt", (Adapter("toyopt.", "toyopt", "toyopt_refopt", first="weights"),),
    library=Library("toyopt", frozenset({"toyopt"})), switches=frozenset({"quick"}), measured="toyopt_refopt_measured",
)
'''
"""The toy's record with everything that a framework brings of its own."""


def _recipe() -> tuple[str, str]:
    """The file and the pyproject.toml of the recipe."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a framework\n")[2]
    code, project = (re.search(rf"```{kind}\n(.*?)```", text, re.S) for kind in ("python", "toml"))
    assert code is not None and project is not None
    return code.group(1), project.group(1)


def _install(folder: Path, modules: Mapping[str, str], project: str) -> Path:
    """A wheel with these modules and the project's entry points, put by pip into a folder of its own."""
    said = tomllib.loads(project)["project"]
    points = "".join(f"[{group}]\n" + "".join(f"{n} = {x}\n" for n, x in rows.items()) for group, rows in said["entry-points"].items())
    info = f"{said['name'].replace('-', '_')}-{said['version']}.dist-info"
    files = {
        **{f"{name}.py": text for name, text in modules.items()},
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {said['name']}\nVersion: {said['version']}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": points,
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    wheel = folder / f"{said['name'].replace('-', '_')}-{said['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    site = folder / "site"
    options = ["--no-deps", "--no-index", "--no-compile", "--quiet", "--disable-pip-version-check", "--target", str(site)]
    done = subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return site


def _refopt(site: Path | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(str(x) for x in (ROOT, site) if x is not None)
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run([sys.executable, "-m", "refopt", *arguments], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the toy framework and its adapter are installed; the adapter's code is read, too."""
    code, project = _recipe()
    reading = code.replace("    resumes: bool = True\n", '    resumes: bool = True\n    read_by: str = "toyopt_refopt_read"\n')
    assert reading != code
    head, record, rest = reading.partition('FRAMEWORK = Framework("toyopt", (Adapter("toyopt.", "toyopt", "toyopt_refopt"),))\n')
    assert record
    reading = head.replace("from refopt.language.rule", "from refopt.lifting.library import Library\nfrom refopt.language.rule") + BROUGHT + rest
    reading = reading.replace("    resumes: bool = True\n", '    resumes: bool = True\n    argument_names = {"lr": "lr", "momentum": "momentum"}\n')
    modules = {"toyopt": TOYOPT, "toyopt_refopt_measured": MEASURED, "toyopt_refopt": reading, "toyopt_refopt_read": f"import numpy as np\n{READ}"}
    return _install(tmp_path_factory.mktemp("toyopt"), modules, project)


def test_a_framework_of_another_package_is_judged_step_by_step_and_listed(site: Path) -> None:
    done = _refopt(site, "check", "toyopt.Momentum", "--dtype", "float64", "--json")
    footer = json.loads(done.stdout.splitlines()[-1])
    assert (footer["verdict"], footer["hidden_state"], done.returncode) == ("conforms", False, 0), done.stdout[-2000:] + done.stderr
    assert "toyopt.Momentum" in _refopt(site, "list", "implementations").stdout
    assert len(_recipe()[0].splitlines()) < 120


def test_a_wrong_framework_of_another_package_deviates(tmp_path: Path) -> None:
    code, project = _recipe()
    wrong = _install(tmp_path, {"toyopt": TOYOPT.replace("- g * self.lr", "+ g * self.lr"), "toyopt_refopt": code}, project)
    done = _refopt(wrong, "check", "toyopt.Momentum", "--dtype", "float64", "--case", "momentum-open-scales-001", "--search", "0", "--json")
    assert (json.loads(done.stdout.splitlines()[-1])["verdict"], done.returncode) == ("deviates", 1), done.stderr
    unread = _refopt(wrong, "prove", "toyopt.Momentum")
    assert "nothing reads the code of a ToyOptimizer: its framework names no module for that" in " ".join(unread.stdout.split()), unread.stdout + unread.stderr


def test_the_code_of_a_framework_of_another_package_is_read_and_proved(site: Path) -> None:
    done = _refopt(site, "prove", "toyopt.Momentum", "--json")
    assert (json.loads(done.stdout.splitlines()[-1])["verdict"], done.returncode) == ("equal", 0), done.stdout[-2000:] + done.stderr


def test_code_is_moved_to_a_framework_of_another_package_by_its_own_names(site: Path) -> None:
    moved = _refopt(site, "translate", "torch.optim.SGD(lr=0.02, momentum=0.8)", "toyopt.Momentum")
    assert "toyopt.Momentum(weights, lr=0.02, momentum=0.8)" in moved.stdout, moved.stdout + moved.stderr


def test_a_framework_of_another_package_is_measured(site: Path) -> None:
    found = [json.loads(line) for line in _refopt(site, "bench", "proof", "toyopt-momentum", "--json").stdout.splitlines()]
    assert [f["name"] for f in found] == ["toyopt-momentum"] and found[0]["value"] > 0 and "toyopt.Momentum: equal momentum" in found[0]["note"]
    table = _refopt(site, "bench", "step", "momentum", "--n", "1000", "--turns", "1", "--dtype", "float64").stdout
    assert re.search(r"^ +(C|NumPy) .* plain$", table, re.M) and "plain: of toyopt" in table, table


def test_without_its_package_the_name_is_unknown() -> None:
    done = _refopt(None, "check", "toyopt.Momentum", "--rule", "momentum")
    assert done.returncode == 2 and "toyopt" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise OSError('no disk')", "cannot be loaded: OSError: no disk"),
        ("FRAMEWORK = 3", "is an int, not a Framework"),
        (
            "from refopt.frameworks.framework import Adapter, Framework\nFRAMEWORK = Framework('toyopt', (Adapter('torch.optim.', 'numpy', 'toyopt_refopt'),))",
            "wants names that begin with torch.optim., which are those of torch",
        ),
    ],
)
def test_a_broken_framework_is_named(tmp_path: Path, text: str, said: str) -> None:
    broken = _install(tmp_path, {"toyopt_refopt": text}, _recipe()[1])
    listed = _refopt(broken, "list", "implementations")
    told = " ".join(listed.stderr.split())
    assert listed.returncode == 2 and said in told and "pip uninstall toyopt-refopt" in told and "Traceback" not in told, listed.stderr


def test_a_broken_framework_takes_nothing_from_refopts_own(tmp_path: Path) -> None:
    broken = _install(tmp_path, {"toyopt_refopt": "raise OSError('no disk')"}, _recipe()[1])
    own = _refopt(broken, "check", "refopt.generated.numpy.sgd", "--dtype", "float64", "--case", "sgd-open-scales-001", "--json")
    assert (json.loads(own.stdout.splitlines()[-1])["verdict"], own.returncode) == ("conforms", 0), own.stdout + own.stderr

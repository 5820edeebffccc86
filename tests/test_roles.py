"""Code goes by what a hyperparameter is for, not by its letter: no text equals a name of the catalogue, but where it is not one."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from refopt import catalogue

ROOT = Path(__file__).parents[1] / "refopt"
ROOMS = ("catalogue", "frameworks", "examples", "generated")
"""Where letters belong: rules, the words of a framework, examples, and the output of lowering."""
EXCEPTIONS: dict[str, tuple[frozenset[str], str]] = {
    "golden/document.py": (frozenset({"lr"}), "a field of the file format: one rate an update"),
    "golden/schemas.py": (frozenset({"lr", "period"}), "fields of the file format: one rate an update, and how often gradients repeat"),
    "golden/schema_texts.py": (frozenset({"lr", "period"}), "descriptions of those fields"),
    "golden/harness_schema.py": (frozenset({"lr"}), "a field of the protocol: one rate an update"),
    "golden/protocol_texts.py": (frozenset({"lr"}), "the description of that field"),
    "golden/brief.py": (frozenset({"period"}), "a field of the file format: how often gradients repeat"),
    "golden/inputs.py": (frozenset({"eps"}), "a group of cases; its numbers are drawn by that word, and golden bytes depend on it"),
    "golden/kills.py": (frozenset({"eps"}), "the same group, in the ids of its cases"),
    "golden/counts.py": (frozenset({"every"}), "a group of cases whose numbers are drawn by that word"),
    "conformance/programs/json_wire.py": (frozenset({"lr"}), "a field of the protocol"),
    "conformance/protocol/implementation.py": (frozenset({"lr"}), "what an API calls the rate where it does not say"),
    "conformance/protocol/observe.py": (frozenset({"lr"}), "the same, for a rule without a rate"),
    "conformance/diagnose/search_schedule.py": (frozenset({"lr"}), "what a schedule gives is called so in every report, whatever its own letters"),
    "identify/table.py": (frozenset({"lr", "eta"}), "columns of a log"),
    "report/identification.py": (frozenset({"lr"}), "the same column, as it was in the log"),
    "optim/optimizer.py": (frozenset({"lr"}), "generated classes call their rate so, and optim knows nothing of roles"),
    "lowering/scalars.py": (frozenset({"lr"}), "a name for people to read; any other letter gets a name as well"),
    "language/role.py": (frozenset({"factor", "threshold"}), "names of roles"),
    "language/mathml.py": (frozenset({"alpha", "beta", "rho", "eta", "mu"}), "Greek letters"),
    "lifting/jaxpr.py": (frozenset({"u"}), "what NumPy calls whole numbers without a sign"),
    "lowering/inplace.py": (frozenset({"b"}), "the second array of scratch"),
    "report/book/inline.py": (frozenset({"eps"}), "what sentences call a Greek letter"),
}
"""By module: texts that equal a name of the catalogue and are none, and what they are."""


WORDS = frozenset({"s", "n", "w", "exponent", "length"})
"""Names of the catalogue that are words of everything else: seconds, how many, writing, a part of a number, how long something is."""


@cache
def _names() -> frozenset[str]:
    """Every hyperparameter and state of the catalogue; names of rules, as momentum, are left to those."""
    found = {x.name for r in catalogue.rules(variants=True) for x in (*r.hyper, *r.state)}
    found |= {h.name for s in catalogue.schedules(variants=True) for h in s.hyper}
    return frozenset(found - WORDS - {r.name for r in catalogue.rules()} - {s.name for s in catalogue.schedules()})


def literals(text: str, names: frozenset[str]) -> set[str]:
    """The names that stand as whole texts in code; docstrings and parts of other texts are none."""
    tree = ast.parse(text)
    alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    within = {id(x) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for x in n.values}
    found = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in alone | within)
    return {n.value for n in found if n.value in names}


def test_a_text_that_equals_a_name_is_found_and_a_docstring_is_not() -> None:
    assert literals('"""lr"""\nx = hyper["lr"] + other.get("beta1")\ny = f"{x}lr" + "lr of it"', frozenset({"lr", "beta1"})) == {"lr", "beta1"}


def test_no_room_but_the_catalogue_and_the_frameworks_goes_by_the_letter_of_a_hyperparameter_or_a_state() -> None:
    wrong = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.partition("/")[0] not in ROOMS:
            found = literals(path.read_text(), _names()) - EXCEPTIONS.get(name, (frozenset(), ""))[0]
            wrong |= {name: sorted(found)} if found else {}
    assert not wrong, wrong


def test_every_exception_is_needed_and_says_why() -> None:
    for name, (letters, why) in EXCEPTIONS.items():
        idle = letters - literals((ROOT / name).read_text(), _names())
        assert why and not idle, (name, idle)

"""C, JavaScript and Rust: read back, each printed assignment is the written tree; what a language cannot say is refused in one line."""

from __future__ import annotations

import random
import re
from types import ModuleType

import pytest

from refopt.catalogue import rules, schedules
from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression, Kind, operation, pi, scalar, tensor
from refopt.language.rule import Let, Rule, State, g, t, theta
from refopt.language.schedule import Schedule
from refopt.language.text import canonical
from refopt.lowering import c, javascript, rust
from refopt.lowering.generate import module
from refopt.lowering.printer import text
from tests.language.reading import LETTERS, folded, random_tree
from tests.lowering.reading_curly import read_curly
from tests.lowering.test_numpy import _as_scalars, _toy

LANGUAGES = {"c": c, "javascript": javascript, "rust": rust}
each_language = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
_SCALAR = re.compile(r"^ *(?:let|const) (\w+) = (.*);$|^ *\.(\w+) = (.*),$")
_DIVIDED = re.compile(r"\bdividedf?\((\w+\[i\]), (\w+), per_\2\)")
"""A quotient from a reciprocal."""
_ELEMENT = re.compile(r"^ +(?:const |let )?(?:double |float )?(\w+)(?:\[i\])? = (.*);(?: *//.*)?$")


def _names(r: Rule) -> dict[str, Expression]:
    symbols = (theta, g, t, *(one.symbol for one in r.inputs), *(h.symbol for h in r.hyper), *(s.symbol for s in r.state), *(let.symbol for let in r.steps))
    names = {str(s.name): s for s in symbols}
    return {f"{n}_": s for n, s in names.items()} | names  # a word that is taken is spelled otherwise


def _without_rounding(value: str) -> str:
    """The scalar that is rounded to float32."""
    for pattern in (r"^\(float\)\((.*)\)$", r"^\(float\)(\w+)$", r"^\((.*)\) as f32$", r"^(\w+) as f32$", r"^f\((.*)\)$"):
        if found := re.match(pattern, value):
            return found[1]
    return value


def _updates(source: str) -> list[list[str]]:
    """The lines of each element loop of an update, those of the scalars before them.

    Where C divides by a shared number, a first loop stands before two others, one of which is taken: two updates.
    """
    found: list[list[str]] = []
    before: list[str] = []
    first: list[str] = []
    lines = iter(source.splitlines())
    for line in lines:
        if line == "}":
            first = []
        if re.match(r"^ +for .*(\{)$", line) and "left" not in line:
            body = []
            for inside in lines:
                if inside.strip() == "}":
                    break
                body.append(inside)
            if any("easy &= " in x for x in body):
                first = [*before, *(x for x in body if "easy &= " not in x)]
            elif any(re.match(r"^ +theta\[i\] = ", x) for x in body):
                found.append([*first, *before, *(_DIVIDED.sub(r"(\1 / \2)", x) for x in body)])
            before = []
        else:
            before.append(line)
    return found


BY_ELEMENT = [r for r in rules(variants=True) if not any(let.symbol.is_scalar for let in r.steps)]
"""The rules that assign elements alone. What others form of one value in all is held by the runs of their golden cases (tests/generated)."""


@each_language
@pytest.mark.parametrize("r", BY_ELEMENT, ids=lambda r: r.name)
def test_each_printed_assignment_is_read_back_as_the_written_tree(r: Rule, language: ModuleType) -> None:
    updates, own = _updates(language.module(r)), {let.name for let in r.steps}
    ways = 2 if "if (easy)" in language.module(r) else 1
    assert len(updates) == 2 * ways  # float64 and float32
    for lines in updates:
        names, found = _names(r), []
        for line in lines:
            if (m := _SCALAR.match(line)) and (m[1] or m[3]) not in own and not line.startswith("        let") and "[i]" not in line:
                name, value = m[1] or m[3], m[2] or m[4]
                if name not in names and not value.startswith(("Math.fround", "theta.len", "scalars->")):
                    names[name] = read_curly(_without_rounding(value), names)
            elif (m := _ELEMENT.match(line)) and ("[i]" in line or (m[1] in own and ".len()" not in line)):
                found.append((str(names[m[1]].name), canonical(folded(read_curly(m[2], names)))))
        assert found == [(let.name, canonical(folded(let.value))) for let in r.steps]


_COUNTS = (
    re.compile(r"    int64_t (?P<name>counted_\d+) = 0;\n    for \(size_t i = 0; i < n_(?P<list>\w+); i\+\+\) (?P=name) \+= (?P<condition>.*);\n"),
    re.compile(r"(?P<list>\w+)\.filter\(\((?P<one>\w+)\) => (?P<condition>.*?)\)\.length"),
    re.compile(r"(?P<list>\w+)\.iter\(\)\.filter\(\|&&(?P<one>\w+)\| (?P<condition>.*?)\)\.count\(\) as i64"),
)
"""Spellings of the number of entries of a list for which a condition holds, in C, JavaScript and Rust."""


def _with_counts(printed: str, names: dict[str, Expression]) -> str:
    """The code with a name for each count of a list; the names learn what it is."""
    for spelling in _COUNTS:
        while m := spelling.search(printed):
            found = m.groupdict()
            name, of = found.get("name", f"counted_{len(names)}"), names[found["list"]]
            names[name] = operation("count", read_curly(found["condition"], {**names, found.get("one", f"{found['list']}[i]"): of}))
            printed = printed[: m.start()] + ("" if "name" in found else name) + printed[m.end() :]
    return printed


@each_language
@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if s.waits], ids=lambda s: s.name)
def test_a_schedule_that_waits_for_a_metric_is_refused_in_one_line(s: Schedule, language: ModuleType) -> None:
    with pytest.raises(NotImplementedYet, match=f"{s.name} cannot be written in .* yet: it waits for a metric"):
        module(s, language.NAME)


@each_language
@pytest.mark.parametrize("s", [s for s in schedules(variants=True) if not s.waits], ids=lambda s: s.name)
def test_each_printed_rate_is_read_back_as_the_written_tree(s: Schedule, language: ModuleType) -> None:
    names = {str(x.name): x for x in (*s.rate.symbols(), *(h.symbol for h in s.hyper))}
    printed = _with_counts(language.module(s).rpartition("rate(")[2].partition("{\n")[2], names)
    values = re.findall(r"(?:if (.*?) (?:\{\n *)?)?return (.*);|^    (?!let|return|if|\(void|const|\})(.+)$", printed, re.M)
    values = [(c, x or y) for c, x, y in values if "RangeError" not in f"{c}{x}{y}"]
    tree = read_curly(values[-1][1], names)
    for condition, value in reversed(values[:-1]):
        tree = operation("where", read_curly(condition, names), read_curly(value, names), tree)
    assert canonical(folded(tree)) == canonical(folded(s.rate))


@each_language
def test_scalar_trees_of_any_shape_are_read_back_as_they_were_written(language: ModuleType) -> None:
    letters = {str(x.name): scalar(str(x.name), kind=x.kind) for x in LETTERS.values() if x != pi}
    for seed in range(300):
        tree = _as_scalars(random_tree(random.Random(seed), 5, frozenset({"cast"})), letters)
        printed = text(tree, language.DIALECT)
        assert canonical(_plain(read_curly(printed, letters))) == canonical(_plain(tree)), f"seed {seed}: {printed}"


def _plain(node: Expression) -> Expression:
    """Literals folded, x*x a square whether it was written as one or as a product."""
    if node.op in ("mul", "square") and node.args[0].op == "symbol" and node.args[0] == node.args[-1]:
        return operation("square", node.args[0])
    return folded(operation(node.op, *map(_plain, node.args), attribute=node.attribute) if node.args else node)


@each_language
def test_a_cast_inside_an_update_is_refused_in_one_line(language: ModuleType) -> None:
    with pytest.raises(NotImplementedYet, match=f"cast cannot be written in {language.NAME}: an array stays in its own format"):
        language.module(_toy(operation("cast", theta - scalar("lr") * g, attribute="float32")))


@each_language
@pytest.mark.parametrize("name", ["for", "power", "i"])
def test_a_state_whose_name_the_language_needs_itself_is_spelled_otherwise(name: str, language: ModuleType) -> None:
    symbol = tensor(name)
    printed = language.module(_toy(theta - scalar("lr") * symbol, state=(State(symbol, 0, "kept"),), steps=(Let(symbol, g),)))
    assert f"{name}_[i] = g[i]" in printed


@each_language
def test_integer_hyperparameters_stay_integers(language: ModuleType) -> None:
    for s in (s for s in schedules(variants=True) if not s.state):  # one that waits for a metric is refused
        printed = language.module(s)
        for h in s.hyper:
            if language is not javascript:
                whole = (f"int64_t *{h.name}", f"{h.name}: &'a [i64]") if h.is_list else (f"int64_t {h.name}", f"{h.name}: i64")
                assert any(x in printed for x in whole) is (h.symbol.kind is Kind.INTEGER)

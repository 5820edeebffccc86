"""`refopt translate`: from one framework's optimizer to another's: which settings match, or that none do and how far apart they are."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from refopt.cli.diff import agreement, compared_as_json, ratio_table
from refopt.cli.output import emit, emit_json, table
from refopt.report.coverage import ROUNDING, left_out
from refopt.report.folding import folded

if TYPE_CHECKING:
    from refopt.report.translation import Translation

EXAMPLES = """\
examples:
  refopt translate torch.optim.RMSprop keras.optimizers.RMSprop
  refopt translate torch.optim.Adam optax.adam
  refopt translate 'torch.optim.SGD(momentum=0.9)' sklearn.SGDOptimizer"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("first", metavar="FROM", help="the optimizer that the training code uses")
    parser.add_argument("second", metavar="TO", help="the one that it is moved to")


def run(options: argparse.Namespace) -> int:
    """Read both, and print what matches."""
    from refopt.report.translation import translation

    found = translation(options.first, options.second)
    if options.json:
        emit_json(_as_json(found))
    else:
        emit(_screen(found))
    return found.exit


def _screen(t: Translation) -> list[str]:
    first, second = f"{t.first} {t.versions[0]}".rstrip(), f"{t.second} {t.versions[1]}".rstrip()
    parts = [[first, f"-> {second}"], _answer(t), _settings(t), _formulas(t), ratio_table(t.ratios) if t.ratios else [], _facts(t)]
    lines = [line for part in parts if part for line in (*part, "")][:-1]
    return lines if t.exit == 0 else [*lines, "exit 1: no fixed settings match"]


def _answer(t: Translation) -> list[str]:
    e = t.equality
    if e.same_everywhere:
        return ["The same update, with the same values of the settings below.   (proved)"]
    lines: list[str] = []
    if t.spelling:
        lines += ["The same update with the same values, spelled so   (proved):", f"  {t.spelling}"]
    elif e.same == "at_constant_rate":
        lines += folded("The same update with the same values while the learning rate does not change. (proved) When it changes they part.", 0)
    elif t.fixed:
        lines.append("The same update with other values of the settings.   (proved)")
    else:
        lines.append(f"No settings of {t.second} give the same update.")
    when = "At a constant learning rate " if e.multiple and "lr" in e.multiple[1] else ""
    for name, tree in (e.replaced or {}).items():
        lines += folded(f"{when}{t.second} is {t.first} with {name} replaced by {tree}.   (proved)")
    return lines


def _settings(t: Translation) -> list[str]:
    rows = [("setting", "default", "", "setting", "default", "")]
    for s in t.settings:
        differ = s.first_default and s.second_default and s.first_default != s.second_default
        rows.append((s.first or "-", s.first_default or "-", "->", s.second or "-", s.second_default or "-", "set it: the defaults differ" if differ else ""))
    return table(rows, indent=2)


def _formulas(t: Translation) -> list[str]:
    if t.equality.same_everywhere:
        return []
    lines: list[str] = []
    for name, part in zip((t.first, t.second), t.lines, strict=True):
        lines += [name, *(row for x in part for row in folded(f"  {x.name} <- {x.value}", 6))]
    return lines


def _facts(t: Translation) -> list[str]:
    lines = agreement(t.equality)
    if t.equality.witness is not None:
        w = t.equality.witness
        lines += folded("They differ here: " + "  ".join(f"{n}={x.replace(', ', ',')}" for n, x in w.point.items()), 2)
        lines += table([(t.first, f"theta = {w.first}"), (t.second, f"theta = {w.second}")], indent=2)
    return [*lines, *(line for x in t.assumed for line in folded(f"Assumed: {x}.")), *left_out(), ROUNDING]


def _as_json(t: Translation) -> dict[str, object]:
    settings = [{"first": s.first, "second": s.second, "first_default": s.first_default, "second_default": s.second_default} for s in t.settings]
    return {
        "kind": "translation", "complete": True, "first": t.first, "second": t.second, "versions": list(t.versions), "settings": settings,
        **compared_as_json(t.equality, t.lines, t.ratios), "spelling": t.spelling or None, "assumed": list(t.assumed), "exit": t.exit,
    }  # fmt: skip

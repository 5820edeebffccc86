"""`refopt run`: exact runs of rules on an objective, side by side, as a table, a picture, a page or numbers."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refopt.cli.output import emit, emit_json, table
from refopt.errors import RefoptError

if TYPE_CHECKING:
    from refopt.exact.trajectory import Trajectory
    from refopt.language.objective import Objective
    from refopt.language.rule import Rule
    from refopt.language.schedule import Schedule
    from refopt.report.runs.shown_run import ShownRun

EXAMPLES = """\
examples:
  refopt run adam rosenbrock --steps 200 --plot out.svg
  refopt run adam 'adam(lr=0.1)' momentum rosenbrock --html runs.html
  refopt run rmsprop '(x - 1)**2 + 10*abs(y)' --start 3,2 --csv out.csv
  refopt run adam rosenbrock --schedule 'cosine_annealing(lr=0.05)'"""

ROWS = 8
"""Updates that the table shows of a run."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("names", nargs="+", metavar="RULE", help="rules, with values in brackets where they are not the defaults; at the end an objective: "
                        "its name, a loss as text, or FILE:FUNCTION")  # fmt: skip
    parser.add_argument("--steps", metavar="N", default="100", help="updates (default: 100)")
    parser.add_argument("--digits", metavar="N", default="20", help="digits that are right in every number (default: 20)")
    parser.add_argument("--start", metavar="X,Y", help="where the parameters start (default: the objective's; 1 for a loss of your own)")
    parser.add_argument("--schedule", metavar="NAME", help="the rate of each update; one that comes to an end does so with the run")
    parser.add_argument("--set", metavar="NAME=X", action="append", default=[], help="a hyperparameter of every rule, or a constant of the objective")
    parser.add_argument("--plot", metavar="FILE", type=Path, help="write the pictures as SVG")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page with the pictures")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="write every number")


def run(options: argparse.Namespace) -> int:
    """Run, print, write."""
    from refopt.golden.document import refuse_unwritable, write_whole
    from refopt.report.runs.csv import table as numbers
    from refopt.report.runs.page import page
    from refopt.report.runs.pictures import MOST, pictures
    from refopt.report.runs.sheet import sheet

    *rules, wanted = options.names
    if not rules:
        raise RefoptError("a run needs a rule and an objective", help=f"refopt run {wanted} rosenbrock" if wanted.isidentifier() else "refopt run --help")
    if len(rules) > MOST:
        raise RefoptError(f"{len(rules)} rules: at most {MOST} stand side by side", help="run refopt run twice")
    for path in (options.plot, options.html, options.csv):
        if path is not None:
            refuse_unwritable(path)
    runs = _runs(rules, wanted, options)
    if options.json:
        for r in runs:
            emit_json({"kind": "run", "rule": r.label, "objective": r.trajectory.objective.name, "hyper": dict(r.hyper), "steps": len(r.trajectory.steps),
                       "loss": [x if math.isfinite(x) else None for x in r.losses], "theta": r.trajectory.texts()["theta"]})  # fmt: skip
    else:
        emit(_screen(runs))
    made: tuple[tuple[Path | None, Callable[[], str]], ...] = (
        (options.plot, lambda: sheet(pictures(runs))), (options.html, lambda: page(runs)), (options.csv, lambda: numbers(runs)),
    )  # fmt: skip
    files = [(path, text) for path, text in made if path is not None]
    for path, text in files:
        write_whole(path, text())
    if files and not options.json:
        emit([f"Wrote {', '.join(str(path) for path, _ in files)}."])
    return 0


def _runs(rules: Sequence[str], wanted: str, options: argparse.Namespace) -> list[ShownRun]:
    """The runs. Raises RefoptError for whatever of the command line cannot be understood."""
    from refopt import catalogue
    from refopt.conformance.protocol.spelling import of_own
    from refopt.report.runs.shown_run import ShownRun, loss_function

    steps, digits = _count("--steps", options.steps), _count("--digits", options.digits)
    objective = _objective(wanted, options.start)
    given = _given(options.set)
    constants = {name: given.pop(name) for name in list(given) if name in objective.hyper_names}
    loss = loss_function(objective, objective.values(constants))
    schedule, of_schedule = _schedule(options.schedule, steps)
    runs, unused = [], set(given)
    for text in rules:
        spelled = of_own(text)
        rule = catalogue.rule(spelled.path)
        values = {**{n: x for n, x in given.items() if n in rule.hyper_names}, **{n: str(x) for n, x in spelled.arguments.items()}}
        unused -= set(rule.hyper_names)
        rates = of_schedule
        if schedule is not None and (rate := rule.at_rate(None)):
            name = next(iter(rate))
            rates = {**{n: str(values.get(name, rule.hyper[rule.hyper_names.index(name)].default)) for n in schedule.at_rate(None)}, **of_schedule}
        settings: dict[str, Any] = {"hyper": values, "objective_hyper": constants, "schedule": schedule, "schedule_hyper": rates, "digits": digits}
        made, diverges = _run(text, rule, objective, steps, settings)
        shown = {h.name: str(values.get(h.name, h.default)) for h in rule.hyper} | {f"{schedule.name} {n}": x for n, x in rates.items() if schedule}
        runs.append(ShownRun(text, made, shown, loss, diverges))
    if unused:
        raise RefoptError(f"--set {sorted(unused)[0]}: neither a hyperparameter of {', '.join(rules)} nor a constant of {objective.name}",
                          help=f"refopt show {of_own(rules[0]).path}")  # fmt: skip
    return runs


def _run(label: str, rule: Rule, objective: Objective, steps: int, settings: Mapping[str, Any]) -> tuple[Trajectory, int | None]:
    """A run as far as it goes, and the update in which it diverges. Raises RefoptError where it goes nowhere."""
    from refopt.exact.run import Diverges
    from refopt.exact.trajectory import run

    try:
        return run(rule, objective, steps=steps, **settings), None
    except Diverges as error:
        if error.step == 1:
            raise
        return run(rule, objective, steps=error.step - 1, **settings), error.step
    except RefoptError:
        raise
    except (ArithmeticError, ValueError, TypeError):
        raise RefoptError(f"{label} on {objective.name}: a value on the way is not defined", help="another start (--start), or a smaller rate") from None


def _objective(text: str, start: str | None) -> Objective:
    from refopt import catalogue
    from refopt.language.written_objective import objective_of_function, objective_of_text, starting

    values = tuple(x.strip() for x in start.split(",")) if start is not None else ()
    if _names_a_function(text):
        return objective_of_function(_function(text), text, values)
    if text.replace("_", "").isalnum() and not text.isdigit() and len(text) > 1:
        found = catalogue.objective(text)
        return starting(found, values) if values else found
    return objective_of_text(text, values)


def _names_a_function(text: str) -> bool:
    path, colon, name = text.rpartition(":")
    return bool(colon) and name.isidentifier() and (path.endswith(".py") or path.replace(".", "").isidentifier())


def _function(text: str) -> Any:
    """The function that is spelled `./mine.py:loss` or `mine:loss`. The module is imported."""
    from refopt.frameworks.in_folder import in_python
    from refopt.frameworks.own.imported import imported

    spelled = in_python(text).removeprefix("python:")
    module, _, name = spelled.rpartition(":")
    if module.endswith(".py"):
        raise RefoptError(f"there is no file {module} in or below this folder", help="refopt run sgd ./mine.py:loss")
    of_module = vars(imported(module))
    if name not in of_module:
        raise RefoptError(f"cannot import {text}: {module} has no {name!r}", help=f"def {name}(x, y): return ...")
    if not callable(found := of_module[name]):
        raise RefoptError(f"{text} is no function", help=f"def {name}(x, y): return (1 - x)**2 + 100*(y - x**2)**2")
    return found


def _schedule(text: str | None, steps: int) -> tuple[Schedule | None, dict[str, str]]:
    """The schedule, and the values that are given: a schedule with an end of its rate ends with the run where nothing else is said."""
    if text is None:
        return None, {}
    from refopt import catalogue
    from refopt.conformance.protocol.spelling import of_own
    from refopt.language.role import Role

    spelled = of_own(text)
    found = catalogue.schedule(spelled.path)
    values = {n: str(x) for n, x in spelled.arguments.items()}
    counts = [h for h in found.hyper if h.role is Role.COUNT and not h.is_list]
    if any(h.role is Role.RATE_END for h in found.hyper) and counts:
        last = max(counts, key=lambda h: int(h.default))
        others = sum(int(values.get(h.name, h.default)) for h in counts if h is not last)
        values.setdefault(last.name, str(max(1, steps - others)))
    return found, values


def _given(words: Sequence[str]) -> dict[str, str]:
    given = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier() or not value:
            raise RefoptError(f"--set {word} is not NAME=VALUE", help="--set lr=0.01")
        given[name] = value
    return given


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise RefoptError(f"{name} {text} is no count of 1 to 100000", help=f"{name} 200")
    return int(text)


def _screen(runs: Sequence[ShownRun]) -> list[str]:
    first = runs[0].trajectory
    steps, objective = max(len(r.trajectory.steps) for r in runs), first.objective
    names = [str(p.name) for p in objective.parameters]
    lines = [f"{objective.name}: J = {objective.text().partition('= ')[2]}", ""]
    shown = sorted({round(steps * i / ROWS) for i in range(ROWS + 1)})
    rows = [(str(t), *(f"{r.losses[t]:.4g}" if t < len(r.losses) else "-" for r in runs)) for t in shown]
    lines += table([("update", *(f"loss, {r.label}" for r in runs)), *rows], indent=2)
    lines.append("")
    for r in runs:
        end = ", ".join(f"{n} = {x:.8g}" for n, x in zip(names[:4], r.path[-1], strict=False)) + (", ..." if len(names) > 4 else "")
        lines.append(f"  {r.label} ends at {end}" if r.diverges is None else f"  {r.label} leaves the range of binary64 at update {r.diverges}")
        lines.append(f"    with {', '.join(f'{n} = {x}' for n, x in r.hyper.items())}")
    start = ", ".join(f"{n} = {x}" for n, x in zip(names[:4], objective.start, strict=False))
    return [*lines, "", f"{steps} updates from {start}{', ...' if len(names) > 4 else ''}, {first.digits} digits right in every number."]

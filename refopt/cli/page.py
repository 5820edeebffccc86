"""The page of a rule, a schedule or an objective: formula, hyperparameters, variants, what is good to know."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from refopt.cli.commands import COMMANDS
from refopt.cli.names import Concept
from refopt.cli.output import table
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.language.text import infix
from refopt.report.wrap import WIDTH, folded

MET = "others met it: "
"""Beginning of a note that names a thread in which users met the difference."""


def page(concept: Concept) -> list[str]:
    """The page in lines."""
    if isinstance(concept, Rule):
        return _rule_page(concept)
    return _schedule_page(concept) if isinstance(concept, Schedule) else _objective_page(concept)


def _rule_page(rule: Rule) -> list[str]:
    from refopt.catalogue import variants_of

    comments = {s.name: f"{s.meaning}, starts at {infix(s.initial)}" for s in rule.state}
    rows = [(let.name, infix(let.value), let.comment or comments.get(let.name, "")) for let in rule.steps]
    lines = [*_head(rule), *assignments(rule.state_names, rows), ""]
    if rule.output is not None:
        lines += [*folded(f"  Used after the last update: {infix(rule.output)}", hanging=6), ""]
    lines += _hyper(rule.hyper) + _inputs(rule)
    return [*lines, *_of_variant(rule), *_variants(variants_of(rule)), *_notes(rule.notes), *_as_code(rule.name)]


def _schedule_page(schedule: Schedule) -> list[str]:
    from refopt.catalogue import variants_of

    comments = {s.name: f"{s.meaning}, starts at {infix(s.initial)}" for s in schedule.state}
    lines = [*_head(schedule), *assignments((), [(let.name, infix(let.value), comments.pop(let.name, "")) for let in schedule.lets])]
    if schedule.recursion is not None:
        lines += ["", "  The same, from the rate of the step before:", *assignments((), [("lr_k", infix(schedule.recursion), "")])]
    lines += ["", *_hyper(schedule.hyper), *_rates(schedule)]
    return [*lines, *_of_variant(schedule), *_variants(variants_of(schedule)), *_notes(schedule.notes), *_as_code(schedule.name)]


def _objective_page(objective: Objective) -> list[str]:
    names = ", ".join(str(p.name) for p in objective.parameters)
    lines = [*_head(objective), *folded(f"  J = {infix(objective.loss)}"), ""]
    if len(objective.parameters) <= 4:
        for parameter, derivative in zip(objective.parameters, objective.gradient, strict=True):
            lines += folded(f"  dJ/d{parameter.name} = {infix(derivative)}")
        lines.append("")
    lines += _hyper(objective.hyper)
    count = len(objective.parameters)
    lines += folded(f"  {count} parameter{'s' if count > 1 else ''}: {names}") + folded(f"  start: {', '.join(objective.start)}")
    if objective.inputs:
        inputs = ", ".join(str(s.name) for s in objective.inputs)
        size = {"full_batch": "all at once", "single": "one a step"}.get(objective.sampling, f"mini-batches of {objective.batch_size}")
        lines += folded(f"  {len(objective.data)} samples ({inputs}), {size}; {objective.steps_per_epoch} steps an epoch")
    return [*lines, *_notes(objective.notes), "", f"As code: refopt show {objective.name} --as sympy    latex"]


def _head(concept: Concept) -> list[str]:
    lines = folded(f"{concept.name} - {concept.title}")
    for source in concept.source:
        lines += folded(str(source))
    return [*lines, ""]


def assignments(kept: Sequence[str], rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Assignments one below the other, their comments in one column where that fits."""
    width = max(6, *(len(name) for name in (*kept, *(row[0] for row in rows))))
    texts = [f"  {name:<{width}} <- {value}" for name, value, _ in rows]
    column = max((len(text) for text, row in zip(texts, rows, strict=True) if row[2]), default=0) + 3
    lines: list[str] = []
    for text, (_, _, comment) in zip(texts, rows, strict=True):
        if comment and column + len(comment) <= WIDTH:
            lines.append(f"{text:<{column}}{comment}")
        else:
            lines += folded(text, hanging=width + 4)
            lines += [f"{comment:>{WIDTH}}"] if comment else []
    return lines


def _hyper(hyper: Sequence[Hyper]) -> list[str]:
    rows = table([(h.name, h.default, h.domain_text, h.meaning) for h in hyper], indent=2, gap=3)
    return [line for row in rows for line in folded(row)]


def _inputs(rule: Rule) -> list[str]:
    """The further inputs of each update."""
    rows = table([(one.name, one.role.value, one.meaning) for one in rule.inputs], indent=2, gap=3)
    return ["", "Given beside the gradient:", *(line for row in rows for line in folded(row))] if rows else []


def _rates(schedule: Schedule) -> list[str]:
    """A few rates with the values of the page: as many as fit a line."""
    from refopt.exact.run import rates

    values = schedule.values()
    lengths = [int(x) for n, x in values.items() if schedule.kind_of(n) is Kind.INTEGER]
    steps = sorted({0, 1, *(s for n in lengths for s in (n // 2, n, n + n // 2, 2 * n))}) if lengths else [0, 1, 10, 100, 1000]
    if (end := schedule.last_step(values)) is not None:  # nothing is said of the rates after it
        steps = sorted({*(s for s in steps if s < end), end})
    if (last := schedule.last_known(values)) is not None:
        steps = [0, *range(max(1, last - 6), last + 1)]
    found = rates(schedule, values, steps[:8], digits=20)
    rows = [("k", *map(str, steps[:8])), ("rate", *(f"{float(x):.3g}" for x in found))]
    tables = (table([row[:columns] for row in rows], indent=2, gap=3) for columns in range(len(rows[0]), 1, -1))
    return ["", *next(lines for lines in tables if max(map(len, lines)) <= WIDTH)]


def _of_variant(concept: Rule | Schedule) -> list[str]:
    lines = []
    if concept.is_variant:
        lines += ["", *folded(f"Differs from {concept.family}: {concept.differs}")]
    if concept.used_by:
        lines += [*([] if lines else [""]), *folded(f"Used by: {', '.join(concept.used_by)}")]
    if concept.is_variant:
        command = f"refopt diff {concept.family} {concept.name}"
        lines += [f"Side by side: {command}"] if len(command) <= WIDTH - len("Side by side: ") else ["Side by side:", f"  {command}"]
    return [line for line in lines if line is not None]


def _variants(variants: Sequence[Rule] | Sequence[Schedule]) -> list[str]:
    if not variants:
        return []
    names = [variant.name.partition("/")[2] for variant in variants]
    width = max(12, *map(len, names)) + 2
    heading = f"{'Variants':<{width + 38}}{'used by' if any(v.used_by for v in variants) else ''}"
    lines = ["", heading.rstrip()]
    for name, differs, used_by in zip(names, (v.differs for v in variants), (v.used_by for v in variants), strict=True):
        parts = textwrap.wrap(differs, 34) or [""]
        users = textwrap.wrap(", ".join(used_by), max(16, WIDTH - width - 38)) or [""]
        for part, said, used in zip_longest((name,), parts, users, fillvalue=""):
            lines.append(f"  {part:<{width}}{said:<36}{used}".rstrip())
    return lines


def _notes(notes: Sequence[str]) -> list[str]:
    """Section "Good to know"; a command behind a bar is printed where there is such a command."""
    lines: list[str] = []
    for note in notes:
        if note.startswith(MET):
            continue
        text, _, pointer = note.partition(" | ")
        words = pointer.split()
        known = len(words) > 1 and words[1] in COMMANDS
        line = f"  {text}"
        lines += [f"{line}  {pointer:>{WIDTH - len(line) - 2}}"] if known and len(line) + len(pointer) + 2 <= WIDTH else folded(line)
    lines = ["", "Good to know", *lines] if lines else []
    met = [note.removeprefix(MET) for note in notes if note.startswith(MET)]
    return [*lines, *(["", *folded(f"Others met it: {', '.join(met)}")] if met else [])]


def _as_code(name: str) -> list[str]:
    from refopt.lowering.backends import BACKENDS

    others = " ".join(x for x in ("latex", "sympy", *BACKENDS) if x != "numpy")
    return ["", *folded(f"As code: refopt show {shlex.quote(name)} --as numpy    {others}")]


def as_json(concept: Concept) -> dict[str, Any]:
    """The page's facts as one JSON object."""
    facts: dict[str, Any] = {"kind": type(concept).__name__.lower(), "name": concept.name, "title": concept.title}
    facts["source"] = [{"work": s.work, "place": s.place, "link": s.link} for s in concept.source]
    facts["hyper"] = [{"name": h.name, "default": h.default, "domain": h.domain_text, "meaning": h.meaning} for h in concept.hyper]
    if isinstance(concept, Rule):
        facts["state"] = [{"name": s.name, "init": infix(s.initial), "meaning": s.meaning} for s in concept.state]
        facts["steps"] = [{"name": let.name, "value": infix(let.value)} for let in concept.steps]
        facts |= {} if concept.output is None else {"output": infix(concept.output)}
        facts |= {"inputs": [{"name": x.name, "role": x.role.value, "meaning": x.meaning} for x in concept.inputs]} if concept.inputs else {}
    elif isinstance(concept, Schedule):
        facts |= {"state": [{"name": s.name, "init": infix(s.initial), "meaning": s.meaning} for s in concept.state]} if concept.waits else {}
        facts |= {"steps": [{"name": let.name, "value": infix(let.value)} for let in concept.steps]} if concept.waits else {}
        facts["rate"] = infix(concept.rate)
        facts["recursion"] = infix(concept.recursion) if concept.recursion is not None else None
    else:
        facts |= {"parameters": [p.name for p in concept.parameters], "start": list(concept.start), "loss": infix(concept.loss)}
        facts |= {"samples": len(concept.data), "sampling": concept.sampling, "batch_size": concept.batch_size}
    if isinstance(concept, Rule | Schedule):
        facts |= {"differs": concept.differs, "used_by": list(concept.used_by)}
    return facts | {"notes": list(concept.notes), "latex": concept.latex(), "fingerprint": concept.fingerprint}

"""Correct programs, judged where a false alarm would show: seeded configurations, each update from the program's own state.

    python -m tests.quality.false_alarms        every program, 200 configurations, every format: prints the table, writes tests/quality/README.md

Programs in Python are objects; those in JavaScript and C are spoken to. eps = 0, beta1 = 0, beta2 = 1 - 2^-26, subnormal
and zero gradients, resumed states and a changed rate are among the configurations.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from refopt.catalogue import rule, rules
from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import Updater
from refopt.golden import store
from refopt.language.rule import Rule
from refopt.rounding.bound import Block, radii
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.formats import FORMATS, Format
from tests.implementations.correct import CORRECT, SCHEDULES
from tests.implementations.languages import LANGUAGES, Foreign, listed
from tests.implementations.program import Correct
from tests.quality.configurations import STEPS, Configuration, configuration, exact
from tests.quality.driver import Spoken
from tests.quality.pages import QUALITY, keep

CONFIGURATIONS = 200
FOREIGN_FORMATS = ("float64", "float32")
"""What the programs in JavaScript and C compute in."""

Program: TypeAlias = Correct | Foreign
Values: TypeAlias = Mapping[str, NDArray[Any]]
"""theta and every state, by name."""


@dataclass
class Judged:
    """What came out for some programs of a rule in a format. `refused`: configurations in which a program divided by a scalar zero."""

    alarms: list[str] = field(default_factory=list)
    worst: float = 0.0
    claims: int = 0
    values: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def programs(*, schedules: bool = False) -> tuple[Program, ...]:
    """Every correct program, in Python, JavaScript and C: optimizers, or schedules."""
    families = {r.family for r in rules()}
    foreign = tuple(p for language in LANGUAGES for p in listed(language, "correct"))
    python: tuple[Program, ...] = SCHEDULES if schedules else CORRECT
    return (*python, *(p for p in foreign if (p.rule in families) != schedules))


def language(program: Program) -> str:
    """The language it is written in."""
    return program.language if isinstance(program, Foreign) else "python"


def computes_in(program: Program, f: Format) -> bool:
    """Whether a program claims to be correct in a format."""
    return f.name in (FOREIGN_FORMATS if isinstance(program, Foreign) else program.dtypes)


def judged(r: Rule, f: Format, seeds: Sequence[int], asked: Iterable[Program], factor: float = 1.0) -> Judged:
    """Judge programs of one rule in one format; `factor` is put to the bound."""
    found = Judged()
    runs = [(_key(run[2]), run) for p in asked if p.rule == r.name and computes_in(p, f) for run in _runs(r, f, seeds, p, found.refused)]
    different = {key: block for key, (_, _, block, _) in runs}
    bounds = dict(zip(different, radii(r, list(different.values())), strict=True))
    values = {key: _exact_values(r, block) for key, block in different.items()}
    known: dict[Any, NDArray[np.float64]] = {}
    for key, (name, seed, block, after) in runs:
        for variable, theirs in after.items():
            asked_before = (id(values[key]), variable, theirs.tobytes())
            if asked_before not in known:
                known[asked_before] = _ratios(theirs, values[key][variable], bounds[key][variable], factor)
            ratio = known[asked_before]
            claimed = ratio[~np.isnan(ratio)]
            if variable == "theta":
                found.claims += len(claimed)
                found.values += len(ratio)
            if len(claimed) and claimed.max() > 1:
                hyper = {n: float(x) for n, x in block.hyper.items()}
                found.alarms.append(f"{name} {f.name} seed {seed} t={block.t} {variable}: {claimed.max():.4g} hyper {hyper}")
            if len(claimed) and math.isfinite(claimed.max()):
                found.worst = max(found.worst, float(claimed.max()))
    return found


def _ratios(theirs: NDArray[Any], wanted: Sequence[Any], bound: ErrorBounds, factor: float) -> NDArray[np.float64]:
    """error/bound where an exact value exists."""
    there = [i for i, x in enumerate(wanted) if x is not None]
    allowed = ErrorBounds(bound.values * factor)[np.array(there, dtype=int)]
    return ratios([float(theirs[i]) for i in there], [wanted[i] for i in there], allowed) if there else np.array([])


def _key(block: Block) -> Any:
    return block.t, tuple(block.hyper.items()), tuple(block.g), *(tuple(x) for x in (*block.before.values(), *block.inputs.values()))


def _runs(r: Rule, f: Format, seeds: Sequence[int], p: Program, refused: Counter[str]) -> Iterator[tuple[str, int, Block, Values]]:
    """(program, seed, update as a block, what came out)."""
    if isinstance(p, Foreign):
        with Spoken(p) as spoken:
            for seed in seeds:
                c = configuration(r, f, seed)
                yield from _blocks(r, f, p.name, seed, c, _spoken(spoken, r, f, c))
        return
    for seed in seeds:
        c = configuration(r, f, seed)
        yield from _blocks(r, f, p.name, seed, c, _stepped(p, r, c, refused))


def _blocks(r: Rule, f: Format, name: str, seed: int, c: Configuration, pairs: Iterable[tuple[Values, Values]]) -> Iterator[tuple[str, int, Block, Values]]:
    for i, (before, after) in enumerate(pairs):
        if not all(np.isfinite(x.astype(float)).all() for x in before.values()):
            return
        hyper = exact({**c.hyper, **r.at_rate(c.rates[i])})
        held, further = ({n: x.astype(float).tolist() for n, x in values.items()} for values in (before, _beside(c, i)))
        yield name, seed, Block(f, hyper, c.t0 + i, held, c.grads[i].astype(float).tolist(), inputs=further), after


def _beside(c: Configuration, i: int) -> Values:
    """What update i is given beside the gradient, by name."""
    return {n: rows[i] for n, rows in c.inputs.items()}


def _stepped(p: Correct, r: Rule, c: Configuration, refused: Counter[str]) -> Iterator[tuple[Values, Values]]:
    """What a Python program holds before and after each update."""
    made = p.make()
    state: Any = made.init(c.theta) if c.state is None else {**made.init(c.theta), **c.state}
    theta: Any = c.theta
    for i in range(STEPS):
        if i and any(n not in state for n in r.state_names):
            return
        before = {"theta": theta, **{n: np.broadcast_to(state.get(n, 0), theta.shape).astype(theta.dtype) for n in r.state_names}}
        try:
            with np.errstate(all="ignore"):
                theta, state = made.step(theta, c.grads[i], state, c.t0 + i, **{**c.hyper, **r.at_rate(c.rates[i]), **_beside(c, i)})
        except ZeroDivisionError:  # a program that divides by a scalar that is zero here refuses the configuration
            refused[p.name] += 1
            return
        yield before, {"theta": theta, **{n: np.broadcast_to(state[n], theta.shape) for n in r.state_names if n in state}}


def _spoken(spoken: Spoken, r: Rule, f: Format, c: Configuration) -> Iterator[tuple[Values, Values]]:
    """The same of a program that is spoken to."""
    from refopt.conformance.protocol.implementation import Ran, Request

    state = None if c.state is None else (dict(c.state),)
    grads, *further = (tuple((x,) for x in rows) for rows in (c.grads, *c.inputs.values()))
    inputs = dict(zip(c.inputs, further, strict=True))
    answer = spoken.run(Request(r.name, r.state_names, f, c.hyper, c.rates, (c.theta,), state, c.t0, grads, inputs=inputs))  # type: ignore[arg-type]
    if not isinstance(answer, Ran):
        raise AssertionError(f"{spoken.name} did not answer: {answer}")
    for before, after in zip((answer.before, *answer.after), answer.after, strict=False):
        yield {"theta": before.theta[0], **before.state[0]}, {"theta": after.theta[0], **after.state[0]}


def _exact_values(r: Rule, block: Block) -> dict[str, list[Any]]:
    """The exact update; None where it does not exist (0/0, the root of a negative number)."""
    numbers = mpmath_numbers()
    with numbers.precision(40):
        updater = Updater(r, block.hyper, numbers)
        count = len(block.g)
        try:
            return _updated(updater, block, range(count))
        except (ZeroDivisionError, TypeError, ValueError):
            found = [_updated_or_none(updater, block, i) for i in range(count)]
            return {n: [values[n][0] for values in found] for n in found[0]}


def _updated(updater: Updater, block: Block, elements: Sequence[int]) -> dict[str, list[Any]]:
    before = {n: [MP.mpf(x[i]) for i in elements] for n, x in block.before.items()}
    g, *further = ([MP.mpf(x[i]) for i in elements] for x in (block.g, *block.inputs.values()))
    step = updater.update(block.t, before["theta"], before, g, inputs=dict(zip(block.inputs, further, strict=True)))
    values = {"theta": step.theta, **step.state}
    return {n: [x if x is not None and hasattr(x, "_mpf_") else None for x in row] for n, row in values.items()}


def _updated_or_none(updater: Updater, block: Block, element: int) -> dict[str, list[Any]]:
    try:
        return _updated(updater, block, [element])
    except (ZeroDivisionError, TypeError, ValueError):
        return {n: [None] for n in ("theta", *updater.rule.state_names)}


def schedule_verdict(program: Program) -> tuple[str, float]:
    """The verdict on a correct schedule over its golden cases, and the worst error/bound."""
    from refopt.conformance.verdict.judgement import judge
    from refopt.frameworks.own.python_object import from_factory

    if isinstance(program, Foreign):
        with Spoken(program) as spoken:
            finding = judge(spoken).worst
    else:
        finding = judge(from_factory(program.make, program.name, program.rule)).worst
    return finding.verdict, finding.diagnosis.ratio or 0.0


# The table


def counted(family: str) -> list[int]:
    """How many correct programs there are of a family, variants with it: in Python, JavaScript and C."""
    mine = [p for p in (*programs(), *programs(schedules=True)) if p.rule.partition("/")[0] == family or (family == "schedules" and p.rule in SCHEDULE_NAMES)]
    return [sum(language(p) == x for p in mine) for x in ("python", *LANGUAGES)]


SCHEDULE_NAMES = frozenset(p.rule for p in SCHEDULES)
FAMILIES = (*(r.name for r in rules()), "schedules")


def lines(results: Mapping[str, tuple[int, float]]) -> list[str]:
    """The table as Markdown. `results`: alarms and the worst error/bound by family."""
    page = ["| rule, variants with it | Python | JavaScript | C | all | false alarms | worst error/bound |", "|---|---|---|---|---|---|---|"]
    for name in FAMILIES:
        counts = counted(name)
        alarms, worst = results[name]
        page.append(f"| {name} | {' | '.join(map(str, counts))} | {sum(counts)} | {alarms} | {worst:.3f} |")
    return [
        *page,
        "",
        f"Each optimizer in {CONFIGURATIONS} seeded configurations in every format that it computes in ({', '.join(FORMATS)} in Python, as far as its form",
        "allows; float64 and float32 in JavaScript and C); each schedule over its golden cases.",
    ]


def main() -> None:
    """Judge everything, print the table and write it into tests/quality/README.md."""
    results = {}
    for name in FAMILIES[:-1]:
        asked = [p for p in programs() if p.rule.partition("/")[0] == name]
        alarms, worst = [], 0.0
        for rule_name in sorted({p.rule for p in asked}):
            for f in FORMATS.values():
                found = judged(rule(rule_name), f, range(CONFIGURATIONS), asked)
                told = f"{rule_name} {f.name}: {len(found.alarms)} alarms, worst error/bound {found.worst:.3f}, {found.claims} claims"
                print(told, *found.alarms[:3], flush=True)
                alarms += found.alarms
                worst = max(worst, found.worst)
        results[name] = (len(alarms), worst)
    verdicts = [(p.name, *schedule_verdict(p)) for p in programs(schedules=True)]
    for name, verdict, ratio in verdicts:
        print(f"{name}: {verdict}, worst error/bound {ratio:.3f}")
    results["schedules"] = (sum(v != "conforms" for _, v, _ in verdicts), max(r for _, _, r in verdicts))
    print("\n".join(lines(results)))
    keep(QUALITY, "false alarms", lines(results))


if __name__ == "__main__":
    assert store.packed_root().exists()
    main()

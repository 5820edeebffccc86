"""Pictures of what each hyperparameter does: one run a value, everything else the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from refopt.catalogue import objective as objective_named
from refopt.derivation.picture import Curve, Picture, curve
from refopt.exact.run import Diverges, closed_loop, rates
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.lists import text as list_text
from refopt.language.objective import Objective
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report.runs.level_lines import level_lines
from refopt.report.runs.shown_run import loss_function

KAPPA, RATE, UPDATES = "10", "0.05", 80
"""The ravine, the rate and the length of the runs: a rule in it neither stands still nor leaves."""
EPSILONS = ("0.01", "1")
DECAYS = ("0.1", "1")
COUNTS = (1, 3)
"""Values beside the usual one, where those near it would not be seen; of a count, beside 0."""
LOWEST = 1e-12
"""Losses below this are at the floor of a picture."""


def effects(concept: Rule | Schedule) -> tuple[Picture, ...]:
    """A picture a hyperparameter."""
    return _all(concept, _usual(concept)) if isinstance(concept, Schedule) else tuple(_of_rule(concept, h) for h in concept.hyper)


def around(hyper: Hyper, middle: str) -> tuple[str, ...]:
    """Values that show what it does: the middle one, and others that its domain allows, in order."""
    if hyper.is_list:
        values = [int(x) for x in hyper.values(middle).values()]
        return tuple(list_text(x * n // 2 for x in values) for n in (1, 2, 4))
    x = Fraction(middle)
    if hyper.role is Role.EPSILON:
        found = [x, *map(Fraction, EPSILONS)]
    elif hyper.role is Role.WEIGHT_DECAY:
        found = [x, *map(Fraction, DECAYS)]
    elif hyper.symbol.kind is Kind.INTEGER:
        found = [Fraction(x // 2), x, x * 2] if x else [x, *map(Fraction, COUNTS)]
    elif hyper.role is Role.RATE_END:
        found = [x, *(Fraction(RATE) / n for n in (4, 1))]
    elif x == 0:
        found = [x, Fraction(1, 4), Fraction(3, 4)]
    elif (x < 1 and not hyper.allows("1")) or hyper.role in (Role.DECAY, Role.MOMENTUM, Role.SHARE):
        found = [1 - (1 - x) * 5, x, 1 - (1 - x) / 5]
    else:
        found = [x / 4, x, x * 4]
    allowed = _allowed(found, hyper)
    return allowed if len(allowed) > 1 else _allowed([x / 4, x / 2, x], hyper)  # in a narrow domain: less of it


def _allowed(found: Sequence[Fraction], hyper: Hyper) -> tuple[str, ...]:
    """Those of the values that the domain allows, each once."""
    told = dict.fromkeys(_decimal(max(v, Fraction(0)), hyper) for v in found)
    return tuple(text for text in told if hyper.allows(text))


def _decimal(x: Fraction, hyper: Hyper) -> str:
    return str(int(x)) if hyper.symbol.kind is Kind.INTEGER else f"{float(x):.6g}"


def _of_schedule(schedule: Schedule, hyper: Hyper, usual: Mapping[str, str]) -> Picture:
    """The rates in twice the longest of its lengths, or in all of them together; of one that waits, after each metric."""
    lengths = [int(x) for n, x in schedule.values().items() if schedule.kind_of(n) is Kind.INTEGER]
    known = schedule.last_known(schedule.values(usual))
    count = max(2 * max(lengths, default=50), sum(lengths)) if known is None else known
    curves = []
    for text in around(hyper, usual.get(hyper.name, hyper.default)):
        values = schedule.values({**usual, hyper.name: text})
        curves.append(curve(f"{hyper.name} = {text}", [float(x) for x in rates(schedule, values, range(count + 1), digits=20)]))
    return Picture(_title(hyper), "step", "rate", tuple(curves))


def _usual(schedule: Schedule) -> Mapping[str, str]:
    """Values that the pictures of a schedule share: its defaults; of one that waits, those of its samples and metrics that show most of its hyperparameters."""
    sets = zip(*(h.samples.schedules for h in schedule.hyper), strict=False) if schedule.waits else ()

    def shown(usual: Mapping[str, str]) -> tuple[int, int]:
        seen = [len({c.points for c in p.curves}) for p in _all(schedule, usual)]
        return min(seen), sum(seen)

    return max((dict(zip(schedule.hyper_names, row, strict=True)) for row in sets), key=shown, default={})


def _all(schedule: Schedule, usual: Mapping[str, str]) -> tuple[Picture, ...]:
    return tuple(_of_schedule(schedule, h, usual) for h in schedule.hyper if h.role is not Role.METRIC)


def _of_rule(rule: Rule, hyper: Hyper) -> Picture:
    ravine = objective_named("ravine")
    constants = ravine.values(dict.fromkeys(ravine.hyper_names, KAPPA))
    loss = loss_function(ravine, constants)
    start = tuple(float(x) for x in ravine.start)
    middle = RATE if hyper.role is Role.RATE else hyper.default
    curves = []
    for text in around(hyper, middle):
        values = rule.values({**rule.at_rate(RATE), hyper.name: text})
        path = [start, *_path(rule, ravine, values, constants)]
        heights = [loss(p) for p in path]
        seen = [(float(t), max(h, LOWEST)) for t, h in enumerate(heights) if math.isfinite(h) and h <= 1e3 * heights[0]]
        curves.append(Curve(f"{hyper.name} = {text}", tuple(seen)))
    return Picture(_title(hyper), "update", "loss", tuple(curves), log_y=True)


def _path(rule: Rule, ravine: Objective, hyper: Mapping[str, Fraction], constants: Mapping[str, Fraction]) -> Sequence[tuple[float, ...]]:
    """The parameters after each update; of a run that leaves the range of numbers, as far as it goes."""
    steps = UPDATES
    while True:
        try:
            made = closed_loop(rule, ravine, hyper=hyper, objective_hyper=constants, steps=steps, digits=30)
        except Diverges as error:
            steps = error.step - 1
            continue
        return [tuple(float(x) for x in s.theta) for s in made]


def _title(hyper: Hyper) -> str:
    return f"{hyper.name}: {hyper.meaning}"


def surface(objective: Objective) -> Picture:
    """The level lines of a loss of two parameters around its start."""
    names = [str(p.name) for p in objective.parameters]
    x, y = (float(s) for s in objective.start)
    room = max(2.0, 1.5 * abs(x), 1.5 * abs(y))
    box = (-room, room)
    return Picture(f"{objective.name}: level lines, and where a run starts", names[0], names[1], (Curve("start", ((x, y), (x, y)), dots=True),),
                   x_range=box, y_range=box, pieces=level_lines(loss_function(objective, objective.values()), box, box))  # fmt: skip


def common(concept: Rule | Schedule) -> str:
    """The common part of the pictures of a concept, in words; nothing where its defaults say all."""
    if isinstance(concept, Rule):
        return f"Each picture is the shipped rule in the ravine (x^2 + {KAPPA} y^2)/2 from (1, 1), exact, with a rate of {RATE} where nothing else is said."
    told = ", ".join(f"{name} = {text.replace(',', ', ')}" for name, text in _usual(concept).items())
    return f"Each picture is the shipped schedule with {told} where nothing else is said." if told else ""

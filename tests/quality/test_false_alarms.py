"""No false alarm on correct implementations that the bound's own forms did not make; and a halved bound is noticed.

Every program of tests/implementations/correct runs 200 seeded configurations in every format it declares, each update
judged from its own state (E = 0 before it). eps = 0, beta1 = 0, beta2 = 1 - 2^-26, subnormal and zero gradients,
resumed states and a changed rate are among them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.exact.mpmath_numbers import MP
from refopt.exact.numbers import mpmath_numbers
from refopt.exact.run import Updater
from refopt.language.rule import Rule
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS, Format
from refopt.rounding.radius import Radii, ratios
from tests.implementations.correct import CORRECT
from tests.quality.configurations import STEPS, configuration, exact

CONFIGURATIONS = 200
RULES = sorted({c.rule for c in CORRECT})
REFUSED: Counter[str] = Counter()
CLAIMS: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)


def _runs(r: Rule, f: Format, seeds: range) -> Iterator[tuple[str, int, Block, dict[str, Any]]]:
    """(program, seed, update as a block, what came out) for every program of a rule."""
    for program in CORRECT:
        if program.rule != r.name or f.name not in program.dtypes:
            continue
        for seed in seeds:
            c = configuration(r, f, seed)
            made = program.make()
            with np.errstate(all="ignore"):
                state = made.init(c.theta) if c.state is None else {**made.init(c.theta), **c.state}
                theta = c.theta
                for i in range(STEPS):
                    hyper = {**c.hyper, "lr": c.rates[i]}
                    if any(n not in state for n in r.state_names) and i:
                        break
                    before = {"theta": theta, **{n: state.get(n, np.zeros_like(theta)) for n in r.state_names}}
                    try:
                        theta, state = made.step(theta, c.grads[i], state, c.t0 + i, **hyper)
                    except ZeroDivisionError:  # a program that divides by a scalar that is zero here refuses the configuration
                        REFUSED[program.name] += 1
                        break
                    after = {"theta": theta, **{n: state[n] for n in r.state_names if n in state}}
                    if not all(np.isfinite(x.astype(float)).all() for x in before.values()):
                        break
                    block = Block(f, exact(hyper), c.t0 + i, {n: x.astype(float).tolist() for n, x in before.items()}, c.grads[i].astype(float).tolist())
                    yield program.name, seed, block, {n: x.astype(float).tolist() for n, x in after.items()}


def _exact_values(r: Rule, block: Block) -> dict[str, list[Any]]:
    """The exact update, element by element; None where it does not exist (0/0, the root of a negative number)."""
    numbers = mpmath_numbers()
    found: dict[str, list[Any]] = {n: [] for n in ("theta", *r.state_names)}
    with numbers.precision(40):
        updater = Updater(r, block.hyper, numbers)
        for i, g in enumerate(block.g):
            try:
                step = updater.update(
                    block.t, [MP.mpf(block.before["theta"][i])], {n: [MP.mpf(block.before[n][i])] for n in r.state_names}, [MP.mpf(g)]
                )
                values = {"theta": step.theta[0], **{n: v[0] for n, v in step.state.items()}}
            except (ZeroDivisionError, TypeError, ValueError):
                values = dict.fromkeys(found)
            for n, x in values.items():
                found[n].append(x if x is not None and hasattr(x, "_mpf_") else None)
    return found


def _judged(r: Rule, f: Format, seeds: range, factor: float = 1.0) -> tuple[list[str], float]:
    runs = list(_runs(r, f, seeds))
    bounds = radii(r, [block for _, _, block, _ in runs])
    known: dict[Any, dict[str, list[Any]]] = {}
    alarms, worst = [], 0.0
    for (name, seed, block, after), bound in zip(runs, bounds, strict=True):
        key = (seed, block.t, *(tuple(v) for v in block.before.values()))
        if key not in known:
            known[key] = _exact_values(r, block)
        for variable, theirs in after.items():
            values = known[key][variable]
            radius = Radii(bound[variable].values * factor)
            there = [i for i, x in enumerate(values) if x is not None]
            found = ratios([theirs[i] for i in there], [values[i] for i in there], radius[np.array(there, dtype=int)]) if there else np.array([])
            claimed = found[~np.isnan(found)]
            if variable == "theta":
                CLAIMS[r.name, f.name]["claims"] += len(claimed)
                CLAIMS[r.name, f.name]["values"] += len(found)
            if len(claimed) and claimed.max() > 1:
                alarms.append(f"{name} {f.name} seed {seed} t={block.t} {variable}: {claimed.max():.4g} hyper {dict(map(_shown, block.hyper.items()))}")
            worst = max(worst, float(claimed.max()) if len(claimed) and math.isfinite(claimed.max()) else worst)
    return alarms, worst


def _shown(item: tuple[str, Any]) -> tuple[str, float]:
    return item[0], float(item[1])


@pytest.mark.parametrize("f", FORMATS.values(), ids=list(FORMATS))
@pytest.mark.parametrize("name", RULES)
def test_no_correct_program_is_accused(name: str, f: Format) -> None:
    alarms, worst = _judged(rule(name), f, range(CONFIGURATIONS))
    share = CLAIMS[name, f.name]["claims"] / max(CLAIMS[name, f.name]["values"], 1)
    print(f"{name} {f.name}: worst error/bound {worst:.3f}, claims about {share:.0%} of theta")
    assert not alarms, f"{len(alarms)} alarms, first: " + "; ".join(alarms[:5])
    assert share >= 0.5, (name, f.name, share)
    assert all(n < CONFIGURATIONS / 4 for n in REFUSED.values()), REFUSED


def test_at_least_forty_programs_are_judged() -> None:
    assert len(CORRECT) >= 40


@pytest.mark.parametrize("name", ["sgd", "momentum", "rmsprop", "adam"])
def test_a_halved_bound_is_noticed(name: str) -> None:
    alarms, _ = _judged(rule(name), FORMATS["float32"], range(40), factor=0.5)
    assert alarms

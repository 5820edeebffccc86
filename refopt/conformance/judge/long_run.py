"""The rest of a long run in open loop: every update after the last one that the golden file keeps.

Where an implementation's state is hidden its updates cannot be judged one by one; but the exact run goes on from the
start, and so does its bound (rounding/run_bound), as far as that can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.open_loop import compared, seen
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.trajectory import Trajectory
from refopt.conformance.protocol.implementation import Ran, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import followed
from refopt.rounding.formats import Format
from refopt.rounding.run_bound import run_radii


def is_long(o: Observation) -> bool:
    """True where a run goes on after the last update that its case keeps values of."""
    return isinstance(o.answer, Ran) and followed(o.case) < len(o.case.grads)


def rest_of_long_runs(
    model: Model, observations: Sequence[tuple[int, Observation]], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format
) -> list[Judged]:
    """Compare the rest of every long run with the exact run of a model; nothing where its bound is of another kind."""
    if model.bounds is not None:
        return []
    judged: list[Judged] = []
    for number, o in observations:
        if is_long(o):
            for p in range(len(o.case.params)):
                judged += _rest(model, number, o, p, hypers[number], views, f)
    return judged


def _rest(model: Model, number: int, o: Observation, p: int, hyper: Hyper, views: Mapping[str, View], f: Format) -> list[Judged]:
    whole = replace(o.case, keep=(o.case.t0 + len(o.case.grads) - 1,))
    run = Trajectory.start(model, whole, p, hyper, o.counting, f)
    blocks, values = [], []
    for step in range(len(o.case.grads)):
        if not run.moves(step):
            break
        block = run.block(step, f)
        blocks.append(block)
        run.advance(block)
        if run.dead:  # no value from here on
            blocks.pop()
            break
        values.append(run.alive())
    first = followed(o.case)
    bounds = run_radii(model.rule, blocks, profile=model.profile)
    return [compared(model.rule, seen(number, o, step, p), o.case.params[p], values[step], bounds[step], views, hyper) for step in range(first, len(bounds))]

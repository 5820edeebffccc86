"""State that several tensors share: filed under their shape or their size, or one for all of them. Wrong for every model with two equal layers.

Runs of one tensor do not show it. In the others each tensor goes on from the state that the one before it has left, and from its own theta.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.gradient_edits import LARGEST, in_full
from refopt.conformance.diagnose.run_change import OfTheRun
from refopt.conformance.diagnose.stale_elements import fails
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.open_loop import compared, distinct_elements, seen
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.trajectory import Trajectory
from refopt.conformance.protocol.implementation import Ran, View
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import followed
from refopt.language.rule import Rule
from refopt.rounding.bound import radii
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import Format

Shape = tuple[int, ...]


class FiledUnder(Enum):
    """Property by which tensors share their state; with NOTHING it starts anew where the shape is another."""

    SHAPE = auto()
    SIZE = auto()
    NOTHING = auto()

    def of(self, shape: Shape, size: int) -> object:
        """Key under which the state of a tensor is found."""
        return {FiledUnder.SHAPE: shape, FiledUnder.SIZE: size, FiledUnder.NOTHING: None}[self]


class Turn(Enum):
    """The state that a tensor goes on from: what the one before it has left, or what the last one has left in the update before."""

    IN_ORDER = auto()
    LAST_OF_ALL = auto()


@dataclass(frozen=True)
class Sharing:
    """Sharing of state between tensors; `counts`, whether the count of updates is a part of it, so that it goes up with each of them."""

    under: FiledUnder
    turn: Turn = Turn.IN_ORDER
    counts: bool = False


@dataclass(frozen=True)
class Shared(OfTheRun):
    """State of these names, shared in some way."""

    way: Sharing
    names: tuple[str, ...]


def ways(rule: Rule) -> Iterator[Sharing]:
    """Every way in which the state of a rule may be shared."""
    for under in FiledUnder:
        for turn in Turn:
            yield Sharing(under, turn)
        if rule.uses_step:
            yield Sharing(under, counts=True)


@dataclass
class Shelf:
    """The state that lies under one key: its values and bounds, the tensor's shape, and how often it was updated."""

    shape: Shape
    values: dict[str, list[Any]]
    radii: Mapping[str, ErrorBounds] | None = None
    dead: set[int] = field(default_factory=set)
    updates: int = 0


def with_shared_state(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[tuple[Model, Attempt]]:
    """Models of shared state that explain everything that fails, each as an attempt at the whole."""
    rule = evidence.reference
    failing = {j.update.case for j in judged if fails(j).any()}
    if not failing or not any(not s.constant for s in rule.state) or evidence.mode == Mode.CLOSED_LOOP:
        return
    for way in ways(rule):
        about = {i for i, o in enumerate(evidence.observations) if _shares(o, way)}
        if not failing <= about or any(_is_before_sharing(evidence, j, way) for j in judged if fails(j).any()):
            continue
        names = (*(s.name for s in rule.state if not s.constant), *(("t",) if way.counts else ()))
        shared = Shared(way, names)
        model = Model(shared, rule)
        others = [j for j in judged if j.update.case not in about]
        ordered = sorted(about, key=lambda i: (i not in failing, _length(evidence.observations[i])))
        found: list[Judged] = []
        for i in ordered:
            evidence.budget.check()
            told = followed_together(evidence, way, i)
            if told is None or any(fails(j).any() for j in told):
                break
            found += told
        else:
            yield model, Attempt(model, fit.summary(evidence, [*others, *found]), True, None, shared, rule.name)
            return


def _is_before_sharing(evidence: Evidence, j: Judged, way: Sharing) -> bool:
    """True where an update is made from a state that no other tensor has touched: sharing cannot be why it fails.

    That is the first update of a run, of every tensor where the last one's state is kept, else of the first tensor of a key.
    """
    if j.update.step > 0:
        return False
    request = evidence.observations[j.update.case].request
    if request is None or way.turn is Turn.LAST_OF_ALL:
        return True
    keys = [way.under.of(x.shape, x.size) for x in request.theta0]
    return keys.index(keys[j.update.parameter]) == j.update.parameter


def _length(o: Observation) -> int:
    return len(o.case.grads) * sum(distinct_elements(p) for p in o.case.params)


def _shares(o: Observation, way: Sharing) -> bool:
    """True where two tensors that are updated in a run have one key."""
    if o.request is None or not isinstance(o.answer, Ran):
        return False
    moving = [p for p in range(len(o.request.theta0)) if any(row[p] is not None for row in o.request.grads)]
    keys = [way.under.of(o.request.theta0[p].shape, o.request.theta0[p].size) for p in moving]
    return len(set(keys)) < len(keys)


def followed_together(evidence: Evidence, way: Sharing, number: int) -> list[Judged] | None:
    """A run beside the exact run in which tensors share their state; None where their elements do not correspond."""
    rule, o = evidence.reference, _corresponding(evidence.observations[number], way)
    if o is None:
        return None
    assert o.request is not None and isinstance(o.answer, Ran)
    hyper, views = evidence.hypers(rule)[number], {} if _shows_one_state(o, way) else evidence.views(rule)
    model, shapes = Model(rule.name, rule), [x.shape for x in o.request.theta0]
    keys = [way.under.of(x.shape, x.size) for x in o.request.theta0]
    runs = [Trajectory.start(model, o.case, p, hyper, o.counting) for p in range(len(shapes))]
    shelves = {key: Shelf(shapes[p], _state(runs[p].values), runs[p].errors(evidence.format)) for p, key in enumerate(keys)}
    judged: list[Judged] = []
    for step in range(followed(o.case)):
        evidence.budget.check()
        left = dict(shelves)
        for p, run in enumerate(runs):
            if run.moves(step):
                shelf = (shelves if way.turn is Turn.LAST_OF_ALL else left)[keys[p]]
                left[keys[p]] = _moved(run, step, shelf, shapes[p], way, evidence.format)
            judged.append(_beside(run, number, o, step, views, hyper))
        shelves = left
    return judged


def _moved(run: Trajectory, step: int, shelf: Shelf, shape: Shape, way: Sharing, f: Format) -> Shelf:
    """Make one update of a tensor from the state on a shelf; the state that it leaves."""
    if shelf.shape != shape and way.under is FiledUnder.NOTHING:
        fresh = Trajectory.start(run.model, run.case, run.p, run.hyper, run.counting)
        shelf = Shelf(shape, _state(fresh.values), fresh.errors(f))
    run.values |= shelf.values
    run.dead |= shelf.dead
    if run.radii is not None or shelf.radii is not None:
        none = ErrorBounds.zero(len(run.values["theta"]))
        theta = none if run.radii is None else run.radii["theta"]
        run.radii = {n: theta if n == "theta" else none if shelf.radii is None else shelf.radii[n] for n in run.values}
    block = run.block(step, f)
    if way.counts:
        block = replace(block, t=run.case.t0 + shelf.updates)
    (bound,) = radii(run.model.rule, [block])
    run.advance(block, bound)
    return Shelf(shape, _state(run.values), run.radii, set(run.dead), shelf.updates + 1)


def _state(values: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {n: list(x) for n, x in values.items() if n != "theta"}


def _beside(run: Trajectory, number: int, o: Observation, step: int, views: Mapping[str, View], hyper: Hyper) -> Judged:
    allowed = run.radii or {n: ErrorBounds.zero(len(v)) for n, v in run.values.items()}
    return compared(run.model.rule, seen(number, o, step, run.p), o.case.params[run.p], run.alive(), allowed, views, hyper)


def _corresponding(o: Observation, way: Sharing) -> Observation | None:
    """The run with tensors of one key told by elements that correspond."""
    assert o.request is not None
    tiles: dict[object, set[int]] = {}
    for p, x in zip(o.case.params, o.request.theta0, strict=True):
        tiles.setdefault(x.shape if way.under is FiledUnder.NOTHING else way.under.of(x.shape, x.size), set()).add(distinct_elements(p))
    if all(len(found) == 1 for found in tiles.values()):
        return o
    if any(x.size > LARGEST for x in o.request.theta0):
        return None
    return replace(o, case=in_full(o.case, o.request))


def _shows_one_state(o: Observation, way: Sharing) -> bool:
    """True where tensors of one key show the same state after every update: then it is the last one's, and says nothing of each."""
    assert o.request is not None and isinstance(o.answer, Ran)
    keys = [way.under.of(x.shape, x.size) for x in o.request.theta0]
    first = {key: keys.index(key) for key in keys}
    return all(
        s.state[p].keys() == s.state[first[key]].keys() and all(x.tobytes() == s.state[first[key]][n].tobytes() for n, x in s.state[p].items())
        for s in o.answer.after for p, key in enumerate(keys) if s.state[p]
    )  # fmt: skip

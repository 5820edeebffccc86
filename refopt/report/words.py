"""Words of descriptions: an edit, a cause or a place as one line of text. The one way from data to words, for screens and for JSON alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from refopt.conformance.diagnose.count_edits import GoesUpEach, KeptIn, Stops, Wraps
from refopt.conformance.diagnose.held import Held
from refopt.conformance.diagnose.late_edits import Late, Lateness
from refopt.conformance.diagnose.run_change import FixedAt, NotOfItsGroup, OtherDefault, RunChange, StaysFinite, TakenFrom
from refopt.conformance.diagnose.sent import Cut, Taken
from refopt.conformance.diagnose.shared_state import FiledUnder, Shared, Turn
from refopt.conformance.protocol.reason import Reason, Why
from refopt.golden.change import Change, Kind
from refopt.golden.course_edits import Taking
from refopt.golden.description import Description, Edited, Name, Several, Within
from refopt.golden.notation import fill
from refopt.lifting.assumption import Assumed
from refopt.lifting.look import Look
from refopt.lifting.obstacle import Hindrance
from refopt.report import cause_words, place_words
from refopt.report.assumption_phrases import ASSUMPTIONS, LOOKS
from refopt.report.obstacle_phrases import OBSTACLES
from refopt.report.phrases import CHANGES, PHRASES, REASONS, RUNS, SCOPES, phrase

BETWEEN = {Why.VALUES_OF: " or ", Why.HAS_FORMATS: " and ", Why.TRAINS_IN: " and "}
"""Separators of the names of a reason, where it is no comma."""
LATE = {Lateness.UNCORRECTED: "uncorrected after", Lateness.STATE_ANEW: "state anew after every", Lateness.ALL_ANEW: "all anew after every"}

TAKEN = {Taking.FIRST: "taken once", Taking.BEFORE: "taken late"}


def told(x: Name | Hindrance | Assumed) -> str:
    """A name or a description in words."""
    return x if isinstance(x, str) else _told(x)


def told_or_none(x: Name | Hindrance | None) -> str | None:
    """The same; None where there is nothing to tell."""
    return None if x is None else told(x)


@singledispatch
def _told(x: Description | Hindrance | Assumed) -> str:
    assert isinstance(x, Description)
    return cause_words.told(x) or place_words.told(x)


@_told.register
def _(x: Reason) -> str:
    listed = BETWEEN.get(x.why, ", ").join(x.names)
    return REASONS[x.why].format(*x.names, names=listed, of=told_or_none(x.of))


@_told.register
def _(x: Hindrance) -> str:
    names = [LOOKS[n] if isinstance(n, Look) else n for n in x.names]
    return OBSTACLES[x.obstacle].format(*names, names=", ".join(names), of=told_or_none(x.of))


@_told.register
def _(x: Assumed) -> str:
    look = None if x.look is None else LOOKS[x.look]
    names, others = ", ".join(x.names), " or a ".join(x.names[1:])
    return ASSUMPTIONS[x.assumption].format(*x.names, names=names, others=others, look=look, of=told_or_none(x.of))


@_told.register
def _(x: Edited) -> str:
    return phrase("edited", nearest=told(x.nearest), edit=told(x.edit))


@_told.register
def _(x: Several) -> str:
    """The first in full; that an edit is one of the run is said once."""
    first, *rest = x.parts
    return PHRASES["between"].join([told(first), *(_of_a_run(p) if first.of_the_run and p.of_the_run else told(p) for p in rest)])


@_told.register
def _(x: Within) -> str:
    return phrase("within", area=told(x.area), edit=told(x.edit))


@_told.register
def _(x: Change) -> str:
    template = CHANGES[x.kind] if x.form is None else PHRASES["in another form"]
    if x.kind is Kind.STARTS_ANEW and len(x.names) > 1:
        template = PHRASES["several anew"]
    each, every = ", ".join(f"{n} -> 1 - {n}" for n in x.names), " and ".join(x.names)
    number = None if x.number is None else place_words.update(x.number)
    text = fill(template, x, SCOPES, each=each, every=every, number=number)
    return text if x.also is None else phrase("besides", first=text, second=told(x.also))


def fixed(values: Iterable[Held]) -> str:
    """`eps fixed at 1e-8, lr_min fixed at 0`."""
    return ", ".join(phrase("fixed", name=x.name, value=x.value) for x in values)


def _of_a_run(x: Description) -> str:
    """A change of a run, without saying that it is one."""
    if isinstance(x, RunChange):
        return RUNS[x]
    if isinstance(x, TakenFrom):
        return phrase(TAKEN[x.taking], names=", ".join(x.names))
    if isinstance(x, NotOfItsGroup):
        return phrase("from constructor" if x.kept else "not of its group", names=", ".join(x.names))
    if isinstance(x, OtherDefault):
        return phrase("other default", name=x.name, value=x.value, default=x.default)
    if isinstance(x, StaysFinite):
        return phrase("stays finite", comments=" and ".join(x.comments))
    if isinstance(x, FixedAt):
        return phrase("cannot be set", what=fixed(x.values))
    if isinstance(x, KeptIn):
        return phrase("count kept in", format=x.format.name, number=place_words.update(x.stops_at))
    if isinstance(x, Wraps):
        return phrase("count wraps, at least" if x.least else "count wraps", to=x.to, least=x.least, after=place_words.update(x.after))
    if isinstance(x, Stops):
        return phrase("count stops", number=place_words.update(x.at))
    if isinstance(x, GoesUpEach):
        return phrase("count goes up each", every=x.every)
    if isinstance(x, Late):
        return phrase(LATE[x.kind], names=" and ".join(x.states), number=place_words.update(x.n))
    assert isinstance(x, Shared)
    key = {FiledUnder.SHAPE: "shared by shape", FiledUnder.SIZE: "shared by size", FiledUnder.NOTHING: "shared by all"}[x.way.under]
    what = phrase(key, names=", ".join(x.names))
    return phrase("last of all", what=what) if x.way.turn is Turn.LAST_OF_ALL else what


@_told.register(RunChange)
@_told.register(TakenFrom)
@_told.register(NotOfItsGroup)
@_told.register(OtherDefault)
@_told.register(StaysFinite)
@_told.register(FixedAt)
@_told.register(KeptIn)
@_told.register(Wraps)
@_told.register(Stops)
@_told.register(GoesUpEach)
@_told.register(Late)
@_told.register(Shared)
def _(x: Description) -> str:
    return phrase("of the run", what=_of_a_run(x))


@_told.register
def _(x: Taken) -> str:
    if x.cut is Cut.ZERO:
        return phrase("zero taken as default" if x.is_default else "zero taken as", name=x.hyper, value=x.value)
    return phrase("cut above" if x.cut is Cut.ABOVE else "cut below", name=x.hyper, value=x.value)

"""Anybody's subclass of keras.optimizers.Optimizer, an instance of one, or a function that makes one.

Its constructor's arguments are matched to hyperparameters by their names. Of its variables none is believed to be a state: theta is compared;
saving and loading is judged by its own variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import Lacking, drive, quiet
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.argument_names import Place, arguments_for, pair_of
from refopt.frameworks.confirmed_arguments import Arguments, Measured
from refopt.frameworks.installed import package_version
from refopt.frameworks.keras.backend import keras_here
from refopt.frameworks.keras.optimizers import Live
from refopt.frameworks.own.calling.schedules import CalledSchedule
from refopt.frameworks.own_arguments import configured, named_parameters, places_of, shown_as_found, takes_any
from refopt.frameworks.subject import SCHEDULE_APART, Subject
from refopt.language.rule import Rule

OF_KERAS = frozenset(
    ("name", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor",
     "gradient_accumulation_steps", "kwargs")
)  # fmt: skip
"""Arguments that every optimizer of keras has; they are off by default."""


def adopt(subject: Subject) -> KerasClass | CalledSchedule | None:
    """The implementation, where the subject is an optimizer of keras' kind; None for anything else. Raises RefoptError where it cannot be made."""
    kind = keras_here().optimizers.Optimizer
    made = subject.made
    given: dict[str, Any] = dict(subject.arguments)
    if isinstance(made, kind):
        cls, given = type(made), {n: x for n, x in _config(made).items() if n in named_parameters(type(made)) or takes_any(type(made))}
    elif isinstance(made, type) and issubclass(made, kind):
        cls = made
    else:
        return None
    inside = _schedule_in(made)
    scheduled = inside is not None
    if subject.means_a_schedule:
        return CalledSchedule(subject.name, "", subject.rule, None, inside, "", {}, {}, spelled=subject.spelled) if scheduled else None
    known = {n: p.default for n, p in named_parameters(cls).items() if p.default is not p.empty} | given
    try:
        with quiet():
            cls(**given)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise subject.cannot_be_made(error, f"say its other arguments: {subject.name.partition('(')[0]}(name=value)") from None
    rule = subject.meant or subject.of_class(cls)
    rule = rule if subject.rule is not None else configured(rule, known)
    places = places_of(known, rule, subject.maps)
    values = {n: known[p.argument] if p.index is None else known[p.argument][p.index] for n, p in places.items()}
    settings = {n: float(x) for n, x in values.items() if isinstance(x, int | float) and not isinstance(x, bool)}
    left = {n: x for n, x in known.items() if n not in OF_KERAS and n not in subject.arguments}
    kept = (*([SCHEDULE_APART] if scheduled else []), *shown_as_found(left, places))
    return KerasClass(subject.name, cls, rule, places, settings, given, kept, left if isinstance(made, type) else {}, subject.spelled)


RATE = "_learning_rate"
"""The attribute that an optimizer of keras holds its rate, or its schedule, by."""


def _schedule_in(made: Any) -> Any:
    """The schedule that an optimizer has for its rate; None for anything else."""
    inside = None if isinstance(made, type) else vars(made).get(RATE)
    return inside if isinstance(inside, keras_here().optimizers.schedules.LearningRateSchedule) else None


def _config(made: Any) -> dict[str, Any]:
    """The arguments of an optimizer without its schedule, which need not say how it is written down."""
    inside = _schedule_in(made)
    if inside is None:
        return dict(made.get_config())
    vars(made)[RATE] = 0.0
    try:
        return {n: x for n, x in made.get_config().items() if n != "learning_rate"}
    finally:
        vars(made)[RATE] = inside


@dataclass(frozen=True)
class KerasClass(Measured):
    """An optimizer of a person's own class, as an implementation.

    places     where each hyperparameter stands among its arguments
    settings   its own defaults
    arguments  those that it is always made with
    kept       what of it keeps its value, in words
    free       the values of arguments that stand for no hyperparameter and that nobody has set
    """

    read_by: ClassVar[str] = "refopt.frameworks.keras.lift_optimizers"
    constants_are_chosen: ClassVar[bool] = True
    follows_courses: ClassVar[bool] = True
    name: str
    factory: Callable[..., Any]
    rule: str | None
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    free: Mapping[str, Any] = field(default_factory=dict)
    spelled: str | None = None
    version: str = field(default_factory=lambda: f"on keras {package_version('keras')}")
    resumes: bool = True

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters among its arguments."""
        return frozenset(self.places)

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of the others."""
        return {**self.free, **self.arguments}

    @property
    def told(self) -> tuple[str, ...]:
        """Remarks on what was measured of its arguments, and on what of it keeps its value, in words."""
        return (*self.looked, *self.kept)

    @cached_property
    def measured_arguments(self) -> Arguments:
        """Its arguments, and how it runs with each switch turned on."""

        def at(values: Mapping[str, Any]) -> Callable[[Request], Answer]:
            return replace(self, arguments={**self.arguments, **values}).run

        return Arguments(at, self.rule, self.places, self.settings, self.free)

    @property
    def attributes(self) -> Mapping[str, str]:
        """By hyperparameter, the attribute of the same name as its argument."""
        return {n: str(place) for n, place in self.places.items()}

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: which of its variables is which state is not known."""
        return {}

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: Live(self, r), self.faced(request))

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The constructor's arguments for these values."""
        if lacking := [h for h in hyper if h not in self.places]:
            raise Lacking(Reason(Why.SUBJECT_TAKES_NO, tuple(lacking), self.name))
        return {**self.arguments, **arguments_for(self.places, hyper, pair_of(self.settings))}

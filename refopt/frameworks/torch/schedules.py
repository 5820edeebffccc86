"""torch.optim.lr_scheduler, driven step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from refopt.catalogue import schedule
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import Known, NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.lengths_written import outside
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.spelling import parse, written
from refopt.conformance.protocol.stepped import Stepped
from refopt.errors import RefoptError
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.misnamed import NoRuleYet
from refopt.frameworks.torch.not_judged import NOT_JUDGED
from refopt.language.lists import spread

if TYPE_CHECKING:
    from refopt.frameworks.torch.compositions import TorchComposition


@dataclass(frozen=True)
class Reading:
    """A class as a schedule of the catalogue, with some of its arguments as people write them.

    rule   the schedule
    names  torch's name of each hyperparameter; the rate is the optimizer's where it is none of the class
    asked  the arguments that a person writes for this to be meant: as they stand here, a hyperparameter whatever it is
    only   the values of arguments for which it is that; with others it is another one, or nothing that the catalogue has yet
    held   hyperparameters that the class has not, and the value at which it computes
    fed    the list of which each call of `step` gets one, where it gets any
    momentum  from hyperparameters, the ends of a momentum that then moves as the rate does; None where it moves none
    ends      hyperparameters that have other values for the momentum than for the rate
    shares    shares of the rate that the class has rates for: torch's name of each; none of the first, which the optimizer has
    """

    rule: str
    names: Mapping[str, str]
    asked: Mapping[str, Any] = field(default_factory=dict)
    held: Mapping[str, float] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    fed: str | None = None
    momentum: Callable[[Mapping[str, Any]], dict[str, float]] | None = None
    ends: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, str | None] = field(default_factory=dict)

    def is_asked(self, written: Mapping[str, Any]) -> bool:
        """True where a person wrote the arguments for this to be meant."""
        return all(n in written and (written[n] == x or n in self.names.values()) for n, x in self.asked.items())

    def fits(self, written: Mapping[str, Any]) -> tuple[bool, int]:
        """True where no other value is written than those for which it is that; and the number of arguments that say so."""
        said = {n: x for n, x in self.only.items() if n in written}
        return all(written[n] == x for n, x in said.items()), len(self.asked) + len(said)


def _of_one_cycle(hyper: Mapping[str, Any]) -> dict[str, float]:
    """The momentum is the highest where the rate is the first, in the end too."""
    return {"base_momentum": hyper["lr"], "max_momentum": hyper["lr"] / hyper["div_factor"]}


def _of_cyclic(hyper: Mapping[str, Any]) -> dict[str, float]:
    return {"base_momentum": hyper["lr_max"], "max_momentum": hyper["lr"]}


TO_THE_FIRST = {"final_div_factor": 1.0}

ONE_CYCLE = {
    "lr": "max_lr", "total_steps": "total_steps", "pct_start": "pct_start", "div_factor": "div_factor", "final_div_factor": "final_div_factor",
}  # fmt: skip
PLATEAU = {"factor": "factor", "patience": "patience", "threshold": "threshold", "cooldown": "cooldown", "lr_min": "min_lr", "eps": "eps"}
RESTARTS = {"lr_min": "eta_min", "period": "T_0"}
CYCLIC = {"lr": "base_lr", "lr_max": "max_lr", "half_cycle": "step_size_up"}
READINGS = {
    "StepLR": (Reading("step_decay", {"factor": "gamma", "every": "step_size"}),),
    "ExponentialLR": (Reading("exponential", {"factor": "gamma"}),),
    "MultiStepLR": (Reading("multi_step", {"factor": "gamma", "milestones": "milestones"}),),
    "CosineAnnealingLR": (Reading("cosine_annealing", {"lr_min": "eta_min", "period": "T_max"}),),
    "ConstantLR": (Reading("constant_factor", {"factor": "factor", "span": "total_iters"}),),
    "LinearLR": (Reading("linear", {"start_factor": "start_factor", "end_factor": "end_factor", "span": "total_iters"}),),
    "PolynomialLR": (Reading("polynomial", {"degree": "power", "span": "total_iters"}, held={"lr_min": 0.0}),),
    "CosineAnnealingWarmRestarts": (
        Reading("cosine_warm_restarts", RESTARTS, only={"T_mult": 1}),
        Reading("cosine_warm_restarts/growing", {**RESTARTS, "period_mult": "T_mult"}, {"T_mult": 2}),
    ),
    "OneCycleLR": (
        Reading("one_cycle", ONE_CYCLE, momentum=_of_one_cycle, ends=TO_THE_FIRST),
        Reading("one_cycle", ONE_CYCLE, {"anneal_strategy": "linear"}, momentum=_of_one_cycle, ends=TO_THE_FIRST),
        Reading("one_cycle", ONE_CYCLE, {"three_phase": True}, momentum=_of_one_cycle, ends=TO_THE_FIRST),
        Reading("one_cycle", ONE_CYCLE, {"three_phase": True, "anneal_strategy": "linear"}, momentum=_of_one_cycle, ends=TO_THE_FIRST),
    ),
    "CyclicLR": (
        Reading("cyclic", CYCLIC, momentum=_of_cyclic),
        Reading("cyclic/triangular2", CYCLIC, {"mode": "triangular2"}, momentum=_of_cyclic),
        Reading("cyclic/exp_range", {**CYCLIC, "factor": "gamma"}, {"mode": "exp_range"}, momentum=_of_cyclic),
    ),
    "SWALR": (
        Reading("cosine_annealing", {"lr_min": "swa_lr", "period": "anneal_epochs"}),
        Reading("linear", {"span": "anneal_epochs"}, {"anneal_strategy": "linear"}, shares={"start_factor": None, "end_factor": "swa_lr"}),
    ),
    "ReduceLROnPlateau": tuple(
        Reading(f"reduce_on_plateau{variant}", PLATEAU, asked, fed="metrics")
        for variant, asked in (
            ("", {}), ("/abs", {"threshold_mode": "abs"}), ("/max", {"mode": "max"}), ("/max_abs", {"mode": "max", "threshold_mode": "abs"}),
        )
    ),
}
"""By class: what it is, the reading that asks for the most arguments last. The rate at step 0 is the optimizer's `lr` where none is named."""
WHOLE = ("step_size", "T_max", "T_0", "T_mult", "total_iters", "total_steps", "step_size_up", "patience", "cooldown", "anneal_epochs")
HOME, SWA = "torch.optim.lr_scheduler", "torch.optim.swa_utils"
COMPOSITIONS, PARTS = {"SequentialLR": "sequential", "ChainedScheduler": "chained"}, "schedulers"
"""Classes that are made of schedulers, by the word of the catalogue for what they are; and the argument in which these stand."""


def whole_name(kind: str) -> str:
    """The name of a class with its module."""
    return f"{SWA if kind == 'SWALR' else HOME}.{kind}"


def known() -> list[Known]:
    """The schedules of a survey."""
    version = package_version("torch")
    return [Known(f"{whole_name(name)}{written(reading.asked)}", reading.rule, "torch", version) for name, readings in READINGS.items()
            for reading in readings]


def load(text: str, rule: str | None = None) -> TorchSchedule | TorchComposition:
    """The schedule spelled `text`; arguments that cases send need not be given. Raises RefoptError for an unknown class."""
    spelling = parse(text, nested=True)
    if spelling.path.removeprefix(f"{HOME}.") in COMPOSITIONS and PARTS in spelling.arguments:
        from refopt.frameworks.torch.compositions import composition

        return composition(spelling, rule)
    factory = member(spelling.path, tuple(map(whole_name, READINGS)))
    kind = spelling.path.rpartition(".")[2]
    if kind not in READINGS:
        raise NoRuleYet(spelling.path, "schedule", tuple(READINGS), HOME, NOT_JUDGED.get(spelling.path))
    reading = max((r for r in READINGS[kind] if r.is_asked(spelling.arguments)), key=lambda r: r.fits(spelling.arguments))
    if other := [f"{n} = {spelling.arguments[n]!r}" for n, x in reading.only.items() if spelling.arguments.get(n, x) != x]:
        raise RefoptError(f"refopt has no schedule yet for {kind} with {', '.join(other)}", help=f"refopt check {whole_name(kind)}")
    back = {theirs: ours for ours, theirs in reading.names.items()}
    given = {back[a]: x for a, x in spelling.arguments.items() if a in back}
    concept = schedule(reading.rule)
    for name, x in given.items():  # outside its domain a scheduler is none, whatever its cases show
        if name in concept.hyper_names and (error := outside(concept, name, x)) is not None:
            raise error
    settings = {n: float(y) for name, x in given.items() for n, y in (spread(name, x) if isinstance(x, list | tuple) else {name: x}).items()}
    return TorchSchedule(text, kind, factory, dict(spelling.arguments), rule or reading.rule, settings, reading)


@dataclass(frozen=True)
class TorchSchedule:
    """A class of torch.optim.lr_scheduler with keyword arguments.

    whole  arguments that are whole numbers
    clock  when it is read, for who moves to it; it finds the first rate in its optimizer
    """

    read_by: ClassVar[str] = "refopt.frameworks.torch.lift_schedules"
    whole: ClassVar[tuple[str, ...]] = WHOLE
    clock: ClassVar[str] = "Call scheduler.step() once after each optimizer.step(): the schedule counts updates."
    rate_in_optimizer: ClassVar[str] = "lr"
    name: str
    kind: str
    factory: Any
    arguments: Mapping[str, Any]
    rule: str | None
    settings: Mapping[str, float]
    reading: Reading
    version: str = field(default_factory=lambda: package_version("torch"))

    @property
    def argument_names(self) -> Mapping[str, str]:
        """The constructor's name of each hyperparameter but the rate."""
        return self.reading.names

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The optimizer's rate after so many calls of `scheduler.step()`."""
        return self.lacking(hyper) or self._stepped(hyper).rates(steps)

    def lacking(self, hyper: Mapping[str, Sent]) -> Skipped | None:
        """The reason why it has not all hyperparameters; None where it has."""
        names, held = self.reading.names, self.reading.held
        lacking = [h for h, x in hyper.items() if h not in ("lr", self.reading.fed, *names, *self.reading.shares) and held.get(h) != x]
        return Skipped(Reason(Why.HAS_NO, tuple(lacking), f"torch's {self.kind}")) if lacking else None

    @property
    def doors(self) -> tuple[Door, ...]:
        """Every door of a scheduler; one that is fed begins from the start, or from its state."""
        if self.reading.fed is not None:
            return (Door.FROM_STATE, Door.SECOND_GROUP)
        moves = self.reading.momentum is not None and self.arguments.get("cycle_momentum", True)
        return (Door.FROM_STATE, Door.LAST_EPOCH, Door.BY_EPOCH, Door.SECOND_GROUP, *((Door.MOMENTUM,) if moves else ()))

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind one of them."""
        if door is Door.MOMENTUM and self.reading.momentum is not None:
            kept = replace(self, arguments={**self.arguments, **self.reading.momentum(hyper)})
            found = kept._stepped(hyper, "momentum").rates(steps)
            return (replace(found, others=self.reading.ends) if isinstance(found, Rates) else found,)
        return self._stepped(hyper).through(door, steps)

    def _stepped(self, hyper: Mapping[str, Sent], key: str = rate_in_optimizer) -> Stepped:
        fed = hyper.get(self.reading.fed or "")

        def made(rates: tuple[float, ...], saved: Mapping[str, Any] | None, more: Mapping[str, Any]) -> tuple[Any, Any]:
            optimizer = optimizer_with(rates, saved)
            return optimizer, self.made(optimizer, hyper, rates, more)

        return Stepped(made, self._rates(hyper).get(None, first_rate(hyper)), key, [(x,) for x in fed] if isinstance(fed, tuple) else None)

    def _rates(self, hyper: Mapping[str, Sent]) -> dict[str | None, float]:
        """Rates in the place of shares of the rate, by torch's name; the optimizer's under None."""
        rate = first_rate(hyper)
        return {theirs: rate * x for ours, theirs in self.reading.shares.items() if isinstance(x := hyper.get(ours), float | int)}

    def made(self, optimizer: Any, hyper: Mapping[str, Sent], rates: tuple[float, ...], more: Mapping[str, Any]) -> Any:
        """The scheduler of an optimizer whose groups have these first rates."""
        names = self.reading.names
        sent = {names[h]: list(x) if isinstance(x, tuple) else int(x) if names[h] in WHOLE else x for h, x in hyper.items() if h in names}
        sent |= {n: x for n, x in self._rates(hyper).items() if n is not None}
        own = {names["lr"]: list(rates)} if "lr" in names and len(rates) > 1 else {}
        return self.factory(optimizer, **{**self.arguments, **sent, **own, **more})


def optimizer_with(rates: tuple[float, ...], saved: Mapping[str, Any] | None) -> Any:
    """An optimizer with a group for each rate, and the state that another one has saved."""
    import torch

    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    optimizer = torch.optim.SGD(groups, lr=rates[0])
    if saved is not None:
        optimizer.load_state_dict(dict(saved))
    return optimizer


def first_rate(hyper: Mapping[str, Sent]) -> float:
    """The optimizer's rate at step 0: torch's own where none is sent."""
    sent = hyper.get("lr", 0.1)
    assert not isinstance(sent, tuple)
    return sent

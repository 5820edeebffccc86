"""torch.optim.lr_scheduler: StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, driven step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Known, NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.in_process import one_line, quiet
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.spelling import parse
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.misnamed import NoRuleYet
from refopt.language.lists import spread

JUDGED_BY = {
    "StepLR": ("step_decay", {"factor": "gamma", "every": "step_size"}),
    "ExponentialLR": ("exponential", {"factor": "gamma"}),
    "MultiStepLR": ("multi_step", {"factor": "gamma", "milestones": "milestones"}),
    "CosineAnnealingLR": ("cosine_annealing", {"lr_min": "eta_min", "period": "T_max"}),
}
"""By class: the schedule it is judged by, and torch's names of its hyperparameters. The rate at step 0 is the optimizer's `lr`."""
WHOLE = ("step_size", "T_max")
FARTHEST = 1_000_000
"""The last step that a schedule is driven to: torch can get there only one step at a time."""


def known() -> list[Known]:
    """The schedules of a survey."""
    version = package_version("torch")
    return [Known(f"torch.optim.lr_scheduler.{name}", rule, "torch", version) for name, (rule, _) in JUDGED_BY.items()]


def load(text: str, rule: str | None = None) -> TorchSchedule:
    """The schedule spelled `text`; arguments that cases send need not be given. Raises RefoptError for an unknown class."""
    spelling = parse(text)
    factory = member(spelling.path, tuple(f"torch.optim.lr_scheduler.{n}" for n in JUDGED_BY))
    kind = spelling.path.rpartition(".")[2]
    if kind not in JUDGED_BY:
        raise NoRuleYet(spelling.path, "schedule", tuple(JUDGED_BY), "torch.optim.lr_scheduler")
    back = {theirs: ours for ours, theirs in JUDGED_BY[kind][1].items()}
    given = {back[a]: x for a, x in spelling.arguments.items() if a in back}
    settings = {n: float(y) for name, x in given.items() for n, y in (spread(name, x) if isinstance(x, list | tuple) else {name: x}).items()}
    return TorchSchedule(text, kind, factory, dict(spelling.arguments), rule or JUDGED_BY[kind][0], settings)


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
    version: str = field(default_factory=lambda: package_version("torch"))

    @property
    def argument_names(self) -> Mapping[str, str]:
        """The constructor's name of each hyperparameter but the rate."""
        return JUDGED_BY[self.kind][1]

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The optimizer's rate after so many calls of `scheduler.step()`."""
        names = JUDGED_BY[self.kind][1]
        if lacking := [h for h in hyper if h != "lr" and h not in names]:
            return Skipped(Reason(Why.HAS_NO, tuple(lacking), f"torch's {self.kind}"))
        if max(steps) > FARTHEST:
            return Skipped(Reason(Why.STEP_TOO_FAR, (str(max(steps)),)))
        sent = {names[h]: list(x) if isinstance(x, tuple) else int(x) if names[h] in WHOLE else x for h, x in hyper.items() if h != "lr"}
        try:
            with quiet():
                return Rates(self._drive(_rate(hyper), {**self.arguments, **sent}, steps))
        except Exception as error:
            return NoAnswer(f"raised {one_line(error)}")

    def _drive(self, lr: float, arguments: Mapping[str, Any], steps: Sequence[int]) -> tuple[float, ...]:
        import torch

        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
        scheduler = self.factory(optimizer, **arguments)
        wanted, seen = set(steps), {}
        optimizer.step()
        for k in range(max(steps) + 1):
            if k in wanted:
                seen[k] = float(optimizer.param_groups[0]["lr"])
            scheduler.step()
        return tuple(seen[k] for k in steps)


def _rate(hyper: Mapping[str, Sent]) -> float:
    """The optimizer's rate at step 0: torch's own where none is sent."""
    sent = hyper.get("lr", 0.1)
    assert not isinstance(sent, tuple)
    return sent

"""A scheduler that moves the rates of an optimizer's groups when it is stepped, driven through each of its doors.

It is used as torch's are: `step()` after each update, `state_dict()` and `load_state_dict(...)` of both, `last_epoch` when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Skipped
from refopt.conformance.protocol.in_process import one_line, quiet
from refopt.conformance.protocol.reason import Reason, Why

Pair: TypeAlias = tuple[Any, Any]
"""An optimizer and its scheduler."""
Seen: TypeAlias = dict[int, float]
"""The rates that were seen, by step."""
FARTHEST = 1_000_000
"""The last step that a scheduler is driven to: it gets there one step at a time."""
BEFORE = 2
"""The steps before one that is asked for, from where a run goes on: the first after it began, and one that is reached from that."""


@dataclass(frozen=True)
class Stepped:
    """A way to make a scheduler as often as it is needed.

    made   from the first rates of the optimizer's groups, the state of an optimizer to go on from, and further arguments of the scheduler
    rate   the first rate
    key    the name under which a group holds its rate
    calls  the arguments of each call of `step`; none where it gets any
    """

    made: Callable[[tuple[float, ...], Mapping[str, Any] | None, Mapping[str, Any]], Pair]
    rate: float
    key: str
    calls: Sequence[tuple[float, ...]] | None = None
    _reached: set[int] = field(default_factory=set, init=False, repr=False, compare=False)
    """The steps to which the run came that is being made, for who tells where it raised."""

    def rates(self, steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates after so many calls of `step()`."""
        return self._asked(steps, lambda: (self._stepped(steps),))[0]

    def through(self, door: Door, steps: Sequence[int]) -> Answers:
        """The rates behind a door; behind that of `last_epoch` in each way in which it may be meant."""
        ways: Mapping[Door, Callable[[], tuple[Seen, ...]]] = {
            Door.FROM_STATE: lambda: (self._from_state(steps),),
            Door.LAST_EPOCH: lambda: self._with_last_epoch(steps),
            Door.BY_EPOCH: lambda: (self._by_epoch(steps),),
            Door.SECOND_GROUP: lambda: (self._stepped(steps, (2 * self.rate, self.rate)),),
        }
        return self._asked(steps, ways[door])

    def _asked(self, steps: Sequence[int], rates: Callable[[], tuple[Seen, ...]]) -> Answers:
        if max(steps) > FARTHEST:
            return (Skipped(Reason(Why.STEP_TOO_FAR, (str(max(steps)),))),)
        self._reached.clear()
        try:
            with quiet():
                return tuple(Rates(tuple(seen[k] for k in steps)) for seen in rates())
        except KeyboardInterrupt:
            raise
        except Exception as error:
            k = max(self._reached, default=None)
            at = "" if k is None else f" at step {k}"
            return (NoAnswer(f"raised {one_line(error)}{at}", t=k, refuses=isinstance(error, ValueError) and k is None, raised=True),)

    def _run(self, pair: Pair, last: int) -> Iterator[int]:
        """The steps up to the last, the scheduler being stepped between two of them."""
        for k in range(last + 1):
            self._reached.add(k)
            if k > 0:
                self._step(pair, k)
            yield k

    def _step(self, pair: Pair, k: int) -> None:
        pair[1].step(*(() if self.calls is None else self.calls[k - 1]))

    def _stepped(self, steps: Sequence[int], rates: tuple[float, ...] = ()) -> Seen:
        """The rates of the last group."""
        rates = rates or (self.rate,)
        pair = self._begun(rates)
        return {k: self._rate(pair, len(rates) - 1) for k in self._run(pair, max(steps)) if k in set(steps)}

    def _begun(self, rates: tuple[float, ...] = (), more: Mapping[str, Any] | None = None, saved: Mapping[str, Any] | None = None) -> Pair:
        pair = self.made(rates or (self.rate,), saved, more or {})
        pair[0].step()
        return pair

    def _from_state(self, steps: Sequence[int]) -> Seen:
        """At each step that is asked for, both are saved, and loaded into others that were just made, which go on."""
        pair, wanted = self._begun(), set(steps)
        seen: Seen = {}
        for k in range(max(steps) + 1):
            self._reached.add(k)
            if k > 0:
                self._step(pair, k)
            if k in wanted:
                seen[k] = self._rate(pair)
            if k in wanted or k + 1 in wanted:
                fresh = self._begun()
                fresh[0].load_state_dict(pair[0].state_dict())
                fresh[1].load_state_dict(pair[1].state_dict())
                pair = fresh
        return seen

    def _with_last_epoch(self, steps: Sequence[int]) -> tuple[Seen, ...]:
        """The rates in each meaning of `last_epoch`: making the scheduler is the step after that one; the step comes after it is made; or it was
        made before the groups' rates were saved, as where `step()` is the last thing that is done before a checkpoint: they stay, and the count moves on."""
        pair = self._begun()
        wanted: dict[int, list[int]] = {}
        for k in set(steps):
            wanted.setdefault(max(k - BEFORE, 0), []).append(k)
        seen: tuple[Seen, ...] = ({}, {}, {})
        for k in self._run(pair, max(wanted)):
            for target in wanted.get(k, ()):
                for (last, calls), rates in zip(((k, target - k - 1), (k, target - k), (k - 1, target - k)), seen, strict=True):
                    if target == 0:
                        rates[target] = self._rate(pair)
                        continue
                    other = self._begun(more={"last_epoch": last}, saved=pair[0].state_dict()) if last >= 0 else self._begun()
                    for _ in range(calls):
                        other[1].step()
                    rates[target] = self._rate(other)
        return seen

    def _by_epoch(self, steps: Sequence[int]) -> Seen:
        """One scheduler, told the step before each that is asked for, and stepped."""
        pair = self._begun()
        seen: Seen = {}
        for k in sorted(set(steps)):
            self._reached.add(k)
            pair[1].step(max(k - 1, 0))
            if k > 0:
                pair[1].step()
            seen[k] = self._rate(pair)
        return seen

    def _rate(self, pair: Pair, group: int = 0) -> float:
        return float(pair[0].param_groups[group][self.key])

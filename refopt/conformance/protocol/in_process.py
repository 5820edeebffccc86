"""Driving an optimizer that lives in this process: whatever it does, the answer is one line, never a traceback."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from refopt.conformance.protocol.implementation import Answer, Array, NoAnswer, Ran, Request, Skipped, Snapshot
from refopt.conformance.protocol.numpy_kept import functions, put_back
from refopt.conformance.protocol.one_value import everywhere, gathered
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved, Saved
from refopt.conformance.protocol.watch import call
from refopt.errors import RefoptError
from refopt.golden.description import Name


class Misbehaved(Exception):
    """The implementation returned something that is no answer; the text says what."""


class ReplacesNumPy(Misbehaved):
    """Functions of NumPy were replaced: in which update is not known."""


class Lacking(Exception):
    """The implementation lacks something that a case needs."""

    def __init__(self, reason: Name) -> None:
        """A known reason, or the words of the implementation."""
        super().__init__(reason)
        self.reason = reason


class KnownBug(Lacking):
    """It cannot be asked, for want of what it should have: told among its known bugs."""


INT32_ENDS = 2**31 - 1


def refuse_past_int32(request: Request, bits: int = 32) -> None:
    """Raises KnownBug where a counter of 32 bits does not hold the numbers of all updates of a run."""
    if bits == 32 and request.t0 + len(request.grads) - 1 > INT32_ENDS:
        raise KnownBug(Reason(Why.COUNTER_ENDS))


class Live(Protocol):
    """An optimizer in the middle of a run."""

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """Update number `t`, with this rate where it is given."""

    def snapshot(self) -> Snapshot:
        """The visible state now; its arrays are copies."""


@runtime_checkable
class Changing(Protocol):
    """One whose hyperparameters can be changed between two updates."""

    def change(self, values: Mapping[str, float]) -> None:
        """Put these values in force from the next update on. Raises Lacking for what cannot be changed."""


@runtime_checkable
class Given(Protocol):
    """One whose updates can be given more than gradients."""

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these, by name one array a parameter, into the next update."""


@runtime_checkable
class Constructed(Protocol):
    """One whose constructor may have been given other values than its parameters' group has."""

    @property
    def constructed(self) -> Mapping[str, float]:
        """The other values, by hyperparameter."""


@runtime_checkable
class Saving(Protocol):
    """One that can save itself."""

    def save(self) -> Saved | NotSaved:
        """Its saved state; none of it is shared with the run."""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Context that sends what the implementation prints to stderr, since stdout carries the report, and ignores its warnings.

    Raises Misbehaved where NumPy's functions were replaced in it; they are put back.
    """
    import warnings

    before = functions()
    try:
        with call(), contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except BaseException as error:
        if (changed := put_back(before)) is not None and not isinstance(error, KeyboardInterrupt):
            raise ReplacesNumPy(f"it {changed}") from error
        raise
    if (changed := put_back(before)) is not None:
        raise ReplacesNumPy(f"it {changed}")


def one_line(error: BaseException) -> str:
    """An exception as one line of at most 160 characters."""
    text = " ".join((error.message if isinstance(error, RefoptError) else str(error)).split())
    name = type(error).__name__
    line = f"{name}: {text}" if text else name
    return line if len(line) <= 160 else line[:157] + "..."


def drive(start: Callable[[Request], Live], request: Request) -> Answer:
    """Start an optimizer, take every step of the request and look after each.

    Everything it raises, SystemExit included, becomes NoAnswer; only a person's interrupt passes.
    """
    return everywhere(_driven(start, gathered(request)), request)


def _driven(start: Callable[[Request], Live], request: Request) -> Answer:
    t: int | None = None
    try:
        with quiet():
            live = start(request)
            before = live.snapshot()
            seen: list[Snapshot] = []
            saved: Saved | NotSaved | None = None
            if request.courses and not isinstance(live, Changing):
                raise Lacking(Reason(Why.HELD_IN_A_RUN, tuple(request.courses)))
            if request.inputs and not isinstance(live, Given):
                raise Lacking(Reason(Why.TAKES_NO, tuple(request.inputs)))
            for i, grads in enumerate(request.grads):
                t = request.t0 + i
                if request.inputs and isinstance(live, Given):
                    live.give(request.given(i))
                if request.courses and isinstance(live, Changing):
                    live.change(request.values(i))
                live.step(t, grads, request.rate(i))
                seen.append(live.snapshot())
                if i + 1 == request.save:
                    saved = _saved(live)
            return Ran(before, tuple(seen), saved, live.constructed if isinstance(live, Constructed) else {})
    except Lacking as error:
        return Skipped(error.reason, bug=isinstance(error, KnownBug))
    except Misbehaved as error:
        return NoAnswer(str(error), None if isinstance(error, ReplacesNumPy) else t)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return NoAnswer(f"raised {one_line(error)}", t, refuses=isinstance(error, ValueError | RefoptError), raised=True)


def _saved(live: Live) -> Saved | NotSaved:
    """Its saved state; one that fails at saving offers nothing."""
    if not isinstance(live, Saving):
        return NotSaved(Reason(Why.NO_SAVE))
    try:
        return live.save()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return NotSaved(Reason(Why.SAVING_RAISED, of=one_line(error)))

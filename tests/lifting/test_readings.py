"""Code is run with several shapes and formats; every element is looked at, what is asked is followed or said, what is kept is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.lifting.assumption import Assumed, Assumption
from refopt.proving.answer import Differs, Equal, Unreadable
from refopt.report.words import told
from tests.proving.objects import Descent, State


class Counter:
    """A count on the class."""

    calls = 0


class LastStands(Descent):
    """The last element is not updated."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        new = theta - lr * grad
        new[-1:] = theta[-1:]
        return new


class BySize(Descent):
    """Twice the step from 6 elements on."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if theta.size >= 6 else lr) * grad


class ByManyElements(Descent):
    """Twice the step for sizes that nobody looks at."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if theta.size == 1237 else lr) * grad


class ByBytes(Descent):
    """Twice the step for arrays of more than so many bytes."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if grad.nbytes > 4096 else lr) * grad


class ByStrides(Descent):
    """Twice the step for long rows."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if grad.strides and grad.strides[0] > 4096 else lr) * grad


class ByContiguity(Descent):
    """Twice the step for an array that lies in memory with gaps."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (lr if grad.flags.c_contiguous else 2 * lr) * grad


class ByFlagsUnnamed(Descent):
    """The same, by a name that is made when it runs."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (lr if getattr(grad, "".join(("fl", "ags")))["C_CONTIGUOUS"] else 2 * lr) * grad


class ByOwner(Descent):
    """Twice the step for a part of another array."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if grad.base is None else lr) * grad


class ByWholeRate(Descent):
    """Twice the step at rates that are whole numbers."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if float(lr).is_integer() else lr) * grad


class _Asking(type):
    def __getattr__(cls, name: str) -> float:
        import time

        return 1.0 if time.time() < 9e9 else 2.0


class Asked(metaclass=_Asking):
    """A class whose attributes are made when they are asked for."""


class ByMetaclass(Descent):
    """Twice the step from some day on, which a class of the class looks up."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * Asked.factor * grad


@dataclass(frozen=True)
class Rates:
    """A rate in a class that can be written and hashed."""

    lr: float


class ByDataclass(Descent):
    """Plain descent at a rate that a dataclass holds."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - Rates(lr).lr * grad


class ByHash(Descent):
    """Twice the step where the hash of a dataclass says so."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if hash(Rates(lr)) == 12345 else lr) * grad


class ByEvenSize(Descent):
    """Half the step, taken twice, for even sizes."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (lr * (grad / 2) + lr * (grad / 2) if theta.size % 2 else lr * grad)


class BySizeNamed(Descent):
    """Twice the step for multiples of a number that the code names."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if theta.size % 137 == 0 else lr) * grad


class ByLength(Descent):
    """What stands after a named place is not updated; the size is not asked for."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        new = np.array(theta - lr * grad)
        new.reshape(-1)[6:] = theta.reshape(-1)[6:]
        return new


class ByAxes(Descent):
    """Twice the step in arrays of five axes."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if theta.ndim == 5 else lr) * grad


class ByText(Descent):
    """Twice the step where the gradient is written in some way."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if "7" in str(grad) else lr) * grad


class Guards(Descent):
    """An exception where the rate is 0 leads to what the rule says."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        try:
            inverse = 1 / lr
        except ZeroDivisionError:
            return theta
        return theta - grad / inverse


class ByFormat(Descent):
    """Twice the step in float16."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if theta.dtype == np.float16 else lr) * grad


class ByType(Descent):
    """Twice the step where the rate is an int."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - (2 * lr if isinstance(lr, int) else lr) * grad


class Counts(Descent):
    """It counts its calls in a global thing."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        Counter.calls += 1
        return theta - lr * grad


class Begins(Descent):
    """init() keeps something on the object, which is a constant."""

    def init(self, theta: Any) -> State:
        self.factor = 1
        return {}

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return theta - lr * self.factor * grad


class Inherits(Begins):
    """The parent's step, by super()."""

    def changed(self, theta: Any, grad: Any, t: int, lr: float) -> Any:
        return super().changed(theta, grad, t, float(lr))


@pytest.mark.parametrize(
    ("made", "place"),
    [(LastStands, "at element 2 of arrays of shape (3,)"), (BySize, "in arrays of shape (8,)"), (BySizeNamed, "shape (137,)"), (ByLength, "at element 6 of"),
     (ByAxes, "shape (1, 1, 1, 1, 2)"), (ByFormat, "in float16"), (ByType, "type int")],
)
def test_another_formula_elsewhere_is_refuted_there(made: type, place: str) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Differs) and place in answer.asked.place, answer


@pytest.mark.parametrize("made", [ByManyElements, ByBytes])
def test_code_that_asks_for_sizes_and_mentions_one_that_is_not_looked_at_is_not_read(made: type) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Unreadable) and "arrays that large" in told(answer.reason) and answer.where == "", answer


@pytest.mark.parametrize("made", [ByStrides, ByContiguity, ByFlagsUnnamed, ByOwner])
def test_code_that_asks_how_arrays_lie_in_memory_is_not_read(made: type) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Unreadable) and ("lie there another way" in told(answer.reason) or "getattr" in told(answer.reason)), answer


@pytest.mark.parametrize(("made", "why"), [(ByWholeRate, "a whole number"), (ByMetaclass, "its code uses time"), (ByHash, "its code uses hash")])
def test_code_that_asks_what_no_formula_says_is_not_read(made: type, why: str) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Unreadable) and why in told(answer.reason), answer


def test_a_dataclass_is_read_though_its_methods_could_write_and_hash_it() -> None:
    assert isinstance(answer := refopt.prove(ByDataclass, "sgd"), Equal) and answer.asked.assumed == ()


def test_other_sizes_than_those_looked_at_are_said_to_be_not_covered() -> None:
    answer = refopt.prove(ByEvenSize, "sgd")
    assert isinstance(answer, Equal) and any("the size of arrays" in told(x) for x in answer.asked.assumed)


def test_how_numbers_are_written_is_not_read() -> None:
    assert isinstance(answer := refopt.prove(ByText, "sgd"), Unreadable) and "how a number is written" in told(answer.reason)


def test_code_that_catches_what_has_no_value_is_not_refuted_there() -> None:
    assert isinstance(answer := refopt.prove(Guards, "sgd"), Unreadable) and "catches exceptions" in told(answer.reason) and "lr = 0" in told(answer.reason)


def test_what_is_kept_between_updates_is_refused_by_name() -> None:
    answer = refopt.prove(Counts, "sgd")
    assert isinstance(answer, Unreadable) and "calls, which the next update sees" in told(answer.reason)


@pytest.mark.parametrize("made", [Begins, Inherits])
def test_what_init_keeps_is_assumed_to_be_of_one_array(made: type) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Equal) and Assumed(Assumption.KEPT_OF_ONE_ARRAY, ("init()",)) in answer.asked.assumed, answer


def test_shapes_and_formats_stand_in_the_answer() -> None:
    answer = refopt.prove(Descent, "sgd")
    assert {f.shape for f in answer.asked.frames} == {(), (3,), (2, 2)} and {f.dtype for f in answer.asked.frames} == {"float64"}
    assert [(d.name, d.own, d.rule) for d in answer.asked.defaults] == [] and answer.asked.assumed == ()

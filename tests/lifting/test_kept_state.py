"""What code could keep between calls is looked at, wherever it stands."""

from __future__ import annotations

import functools
import hashlib
import importlib
import io
import itertools
import random
from collections import UserDict, deque
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from refopt.language.expression import g
from refopt.lifting.kept_state import MOST, functions_of, kept, refuse_changes
from refopt.lifting.scalar import Scalar
from tests.lifting.refused import refused


class _Parent:
    __slots__ = ("count",)


class _Child(_Parent):
    __slots__ = ()


class _Counted:
    count = 0


def _slot() -> tuple[Any, Callable[[], object]]:
    child: Any = _Child()
    child.count = 0
    return child, lambda: setattr(child, "count", 1)


def _default() -> tuple[Any, Callable[[], object]]:
    def function(box: list[int] = [0]) -> None:  # noqa: B006  that it is kept is the point
        box[0] += 1

    return function, function


def _closure() -> tuple[Any, Callable[[], object]]:
    count = 0

    def function() -> None:
        nonlocal count
        count += 1

    return function, function


def _attribute() -> tuple[Any, Callable[[], object]]:
    def function() -> None: ...

    return function, lambda: setattr(function, "count", 1)


def _class() -> tuple[Any, Callable[[], object]]:
    kind = type("Kind", (_Counted,), {})
    return kind(), lambda: setattr(kind, "count", 1)


def _generator() -> tuple[Any, Callable[[], object]]:
    made = (i for i in range(9))
    return [made], lambda: next(made)


def _counter() -> tuple[Any, Callable[[], object]]:
    made = itertools.count()
    return [made], lambda: next(made)


def _formulas() -> tuple[Any, Callable[[], object]]:
    past: deque[Any] = deque([Scalar(g)], maxlen=1)
    return [past], lambda: past.append(Scalar(g + 1))


def _context() -> tuple[Any, Callable[[], object]]:
    variable = ContextVar("variable", default=0)
    return [variable], lambda: variable.set(1)


def _mapping() -> tuple[Any, Callable[[], object]]:
    made: UserDict[str, int] = UserDict(n=0)
    return [made], lambda: made.update(n=1)


def _cache() -> tuple[Any, Callable[[], object]]:
    made = functools.lru_cache(lambda x: x)
    return [made], lambda: made(1)


class _Count(itertools.count):  # type: ignore[type-arg]
    """A class of one's own made of a counter."""


def _own_counter() -> tuple[Any, Callable[[], object]]:
    made = _Count()
    return [made], lambda: next(made)


def _in_a_generator() -> tuple[Any, Callable[[], object]]:
    def run(held: _Counted) -> Iterator[int]:
        while True:
            held.count += 1
            yield 1

    made = run(_Counted())
    next(made)
    return [made], lambda: next(made)


PLACES = (_own_counter, _in_a_generator, _slot, _default, _closure, _attribute, _class, _generator, _counter, _formulas, _context, _mapping, _cache)


@pytest.mark.parametrize("made", [io.BytesIO(b"10"), random.Random(3), memoryview(b"10"), hashlib.sha256()], ids=lambda x: type(x).__name__)
def test_what_does_not_show_where_it_stands_is_refused(made: Any) -> None:
    with refused("it keeps"):
        kept([made])


@pytest.mark.parametrize("place", PLACES, ids=lambda f: f.__name__.strip("_"))
def test_a_change_of_what_is_kept_is_refused(place: Callable[[], tuple[Any, Callable[[], object]]]) -> None:
    holder, change = place()
    before = kept(holder)
    refuse_changes(before, kept(holder), "step()")
    change()
    with refused(r"step\(\) changes"):
        refuse_changes(before, kept(holder), "step()")


def test_the_type_of_caches_is_not_taken_for_a_cache() -> None:
    holder = {"kind": type(functools.lru_cache(lambda x: x))}
    assert kept(holder) == kept(holder)


def test_what_a_tool_puts_beside_the_code_is_not_what_the_code_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "beside_a_tool.py").write_text("COUNT = [0]\n\n\ndef rate(k):\n    assert k >= 0\n    return COUNT[0]\n")
    monkeypatch.syspath_prepend(tmp_path)
    pytest.register_assert_rewrite("beside_a_tool")
    module = importlib.import_module("beside_a_tool")
    assert "@pytest_ar" in vars(module), "pytest no longer puts its own module beside the code that it rewrites"
    before = kept(module)
    module.COUNT[0] += 1
    assert kept(module) != before, "the code's own count is not looked at"
    followed = [name for name in kept(module) if name.partition("@py")[2].count(".") > 1]
    assert not followed, f"what pytest keeps of its own run was taken for what the code keeps: {followed[:3]}"


def test_a_count_under_a_name_that_only_setattr_can_write_is_kept_too() -> None:
    module = ModuleType("counting")
    setattr(module, "n-th", 0)
    before = kept(module)
    setattr(module, "n-th", 1)
    with refused(r"step\(\) changes n-th"):
        refuse_changes(before, kept(module), "step()")


def test_more_things_than_are_looked_at_are_refused() -> None:
    with refused("could keep a count"):
        kept([[i] for i in range(MOST)])


def test_the_code_of_frameworks_is_not_the_code_that_is_read() -> None:
    np = pytest.importorskip("numpy")
    assert functions_of({"sort": np.sort, "own": _default}) == (_default,)

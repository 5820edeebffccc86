"""Sharing work among threads: every task is done when it returns, errors come back, and a fork starts its own threads."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from refopt.optim import threads
from refopt.optim.threads import together


def test_every_task_is_done_when_it_returns_the_first_one_here() -> None:
    found: dict[int, threading.Thread] = {}

    def task(i: int) -> None:
        time.sleep(0.01 * (3 - i))
        found[i] = threading.current_thread()

    for _ in range(3):
        found.clear()
        together([lambda i=i: task(i) for i in range(4)])  # type: ignore[misc]
        assert found.keys() == {0, 1, 2, 3} and found[0] is threading.current_thread()
        assert len(set(found.values())) == 4


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_an_error_comes_back_after_every_task_is_done(bad: int) -> None:
    done = []

    def task(i: int) -> None:
        if i == bad:
            raise ValueError(f"task {i}")
        time.sleep(0.02)
        done.append(i)

    with pytest.raises(ValueError, match=f"task {bad}"):
        together([lambda i=i: task(i) for i in range(3)])  # type: ignore[misc]
    assert sorted(done) == [i for i in range(3) if i != bad]
    together([lambda: done.append(10), lambda: done.append(11)])
    assert done[-2:] in ([10, 11], [11, 10])


@pytest.mark.parametrize("count", [1, 2])
def test_an_interrupt_comes_back_after_every_task_is_done(count: int) -> None:
    """A thread must not write on to what its caller has gone on with, however often a person presses the keys."""
    together([lambda: None] * 3)
    done = []

    def slow() -> None:
        for _ in range(count):
            time.sleep(0.15)
            signal.raise_signal(signal.SIGINT)  # for the first thread, which waits
        time.sleep(0.15)
        done.append(1)

    with pytest.raises(KeyboardInterrupt):
        together([lambda: None, slow, lambda: done.append(2)])
    assert sorted(done) == [1, 2]
    together([lambda: done.append(3), lambda: done.append(4), lambda: done.append(5)])
    assert sorted(done) == [1, 2, 3, 4, 5]


def test_where_the_system_gives_no_thread_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)
    threads._waiting.cache_clear()
    done: list[int] = []
    together([lambda i=i: done.append(i) for i in range(4)])  # type: ignore[misc]
    assert done == [0, 1, 2, 3]


def test_two_callers_at_once_each_wait_for_their_own() -> None:
    counts = [0, 0]

    def caller(which: int) -> None:
        for _ in range(200):
            seen: list[int] = []
            together([lambda: seen.append(0), lambda: seen.append(1), lambda: seen.append(2)])  # noqa: B023
            counts[which] += len(seen) == 3

    callers = [threading.Thread(target=caller, args=(i,)) for i in range(2)]
    for c in callers:
        c.start()
    for c in callers:
        c.join(30)
    assert counts == [200, 200]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")  # from JAX, where another test has loaded it
def test_a_fork_starts_threads_of_its_own() -> None:
    together([lambda: None, lambda: None])
    child = os.fork()
    if child == 0:
        seen: list[int] = []
        together([lambda: seen.append(1), lambda: seen.append(2)])
        os._exit(0 if sorted(seen) == [1, 2] else 1)
    limit = time.monotonic() + 20
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < limit:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert ended == (child, 0)


def test_small_updates_are_not_shared() -> None:
    assert threads.share(2 * threads.WORTH - 1, 8) == 1
    assert threads.share(2 * threads.WORTH, 8) == 2
    assert threads.share(100 * threads.WORTH, 8) == 8
    assert threads.share(0, 8) == 1

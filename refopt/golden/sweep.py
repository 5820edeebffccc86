"""Exact runs over a grid of hyperparameters: here, in several processes, or on a Dask cluster; the same bytes wherever.

One line of JSON a point of the grid, in the grid's order. A point whose run diverges says so and stops nothing. On a cluster a
worker that dies loses nothing: its points are run again by another.
"""

from __future__ import annotations

import itertools
import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refopt.catalogue import objective as objective_named
from refopt.catalogue import rule as rule_named
from refopt.errors import RefoptError, unknown_name
from refopt.exact.trajectory import run
from refopt.golden.document import refuse_unwritable, write_whole
from refopt.golden.processes import pool

Progress = Callable[[str, int, int], None]
BATCH = 16
"""Points that go to a worker together: a task costs a scheduler about as much as a short run."""
ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?([^\s:/]+|\[[\da-fA-F:.%]+\]):\d{1,5}/?")
"""Pattern of the address of a scheduler."""
CONNECT = 10.0
"""Seconds that a scheduler has to answer."""
WAIT = 30.0
"""Seconds that a cluster has to bring forth a worker, at the start and where all are gone."""
POLL = 0.02
"""Seconds between two looks for results."""
RETRIES = 10
"""Number of workers that may die over a batch before it is given up."""


@dataclass(frozen=True)
class Sweep:
    """A sweep: a rule on an objective, that many steps and digits, at every point of the grid."""

    rule: str
    objective: str
    steps: int
    digits: int
    grid: Mapping[str, tuple[str, ...]]

    def points(self) -> list[dict[str, str]]:
        """Every combination, the last hyperparameter changing fastest."""
        return [dict(zip(self.grid, values, strict=True)) for values in itertools.product(*self.grid.values())]

    def refuse(self) -> None:
        """Raises RefoptError for a name that does not exist, a value outside its domain, or nothing to do."""
        rule = rule_named(self.rule)
        objective_named(self.objective)
        for name, values in self.grid.items():
            if name not in rule.hyper_names:
                raise unknown_name("hyperparameter", name, rule.hyper_names)
            for value in values:
                rule.values({name: value})
        if self.steps < 1 or self.digits < 1:
            raise RefoptError(f"steps = {self.steps} and digits = {self.digits} must be at least 1")


def line(sweep: Sweep, point: Mapping[str, str]) -> str:
    """The line of one point."""
    try:
        made = run(sweep.rule, sweep.objective, steps=sweep.steps, hyper=point, digits=sweep.digits)
    except RefoptError as error:
        return json.dumps({"hyper": dict(point), "refused": error.message})
    found = made.texts()
    return json.dumps({"hyper": dict(point), "t": made.steps[-1].t, "theta": found.pop("theta"), "state": found})


def lines(sweep: Sweep, points: Sequence[Mapping[str, str]]) -> list[str]:
    """The lines of some points."""
    return [line(sweep, point) for point in points]


def write_sweep(sweep: Sweep, out: Path, *, processes: int = 1, scheduler: str | None = None, tell: Progress = lambda *_: None) -> int:
    """Run every point and write the lines, whole or not at all; how many there are.

    scheduler  the address of a Dask scheduler; None for processes of this machine

    Raises RefoptError, also where the cluster cannot be reached or goes away.
    """
    sweep.refuse()
    refuse_unwritable(out, make_folder=True)
    points = sweep.points()
    batches = [points[i : i + BATCH] for i in range(0, len(points), BATCH)]
    found: list[list[str] | None] = [None] * len(batches)
    done = 0
    for i, made in _on_cluster(sweep, batches, scheduler) if scheduler is not None else _here(sweep, batches, processes):
        found[i] = made
        done += len(made)
        tell(sweep.rule, done, len(points))
    head = {"format": "refopt.sweep/1", "rule": sweep.rule, "fingerprint": rule_named(sweep.rule).fingerprint, "objective": sweep.objective,
            "steps": sweep.steps, "digits": sweep.digits, "points": len(points)}  # fmt: skip
    rows = [row for made in found if made is not None for row in made]
    assert len(rows) == len(points)
    write_whole(out, "\n".join([json.dumps(head), *rows, ""]))
    return len(points)


def _here(sweep: Sweep, batches: Sequence[Sequence[Mapping[str, str]]], processes: int) -> Iterator[tuple[int, list[str]]]:
    if processes <= 1 or len(batches) == 1:
        yield from ((i, lines(sweep, batch)) for i, batch in enumerate(batches))
        return
    with pool(processes) as workers:
        waiting = {workers.submit(lines, sweep, batch): i for i, batch in enumerate(batches)}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _silence() -> None:
    """Silence the client's loggers: what they would say in many lines is said in one."""
    for name in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _on_cluster(sweep: Sweep, batches: Sequence[Sequence[Mapping[str, str]]], address: str) -> Iterator[tuple[int, list[str]]]:
    try:
        import distributed as untyped
    except ImportError:
        raise RefoptError("--scheduler needs dask.distributed, which is not installed here", help="pip install 'refopt[sweep]'") from None
    distributed: Any = untyped
    if not ADDRESS.fullmatch(address):  # the client would say so too, and hang
        raise RefoptError(f"--scheduler {address!r} is no address", help="write --scheduler tcp://host:8786; dask scheduler starts one")
    _silence()
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise RefoptError(f"no Dask scheduler answers at {address}: {' '.join(str(error).split())[:100]}", help="dask scheduler starts one") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise RefoptError(f"the Dask scheduler at {address} has no worker", help=f"dask worker {address} starts one") from None
        waiting = {client.submit(lines, sweep, batch, retries=RETRIES, pure=False): i for i, batch in enumerate(batches)}
        arriving = distributed.as_completed(waiting, loop=client.loop)
        since = time.monotonic()
        try:
            while not arriving.is_empty():
                if arriving.has_ready():
                    for future in arriving.next_batch(block=False):
                        yield waiting[future], future.result()
                    since = time.monotonic()
                elif time.monotonic() - since > WAIT and not client.scheduler_info()["workers"]:
                    raise RefoptError(f"the Dask scheduler at {address} has lost every worker", note="nothing was written")
                else:
                    time.sleep(POLL)
        except (OSError, distributed.scheduler.KilledWorker, distributed.client.FutureCancelledError) as error:
            raise RefoptError(f"the sweep on {address} was lost: {' '.join(str(error).split())[:100]}", note="nothing was written") from None

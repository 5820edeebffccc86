"""What is handed in from Python: golden documents, saved states, hyperparameters."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from refopt.errors import RefoptError
from refopt.golden import store
from refopt.golden.document import hash_of, parse, read
from refopt.golden.model import GoldenFile
from refopt.optim import SGD, Adam, AdamW, AMSGrad, Momentum, Optimizer, RMSprop
from tests.quality.hostile.mutate import ODD_VALUES, dumped, nested, odd, spoiled_bytes, spoiled_value
from tests.quality.hostile.trial import Wrong, call

OPTIMIZERS: tuple[type[Optimizer], ...] = (SGD, Momentum, RMSprop, Adam, AdamW, AMSGrad)
NAMES = ("lr", "beta1", "beta2", "eps", "momentum", "rho", "weight_decay", "variant", "engine", "threads", "schedule", "betas", "nesterov", "t")


@cache
def _documents() -> tuple[tuple[str, dict[str, Any]], ...]:
    base = store.packed_root()
    smallest = sorted(store.paths(base), key=lambda p: p.stat().st_size)[:12]
    return tuple((str(p.relative_to(base)), json.loads(p.read_text())) for p in smallest)


def golden(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A golden file whose bytes are spoiled, or whose content is, with a hash that fits again: read in one piece or refused in one line."""
    name, document = draw.choice(_documents())
    path = folder / "golden.json"
    how = draw.randrange(4)
    if how == 0:
        path.write_bytes(spoiled_bytes(draw, dumped(document).encode()))
    elif how == 1 and draw.random() < 0.1:
        path.write_text(nested(100_000))
    else:
        spoiled = spoiled_value(draw, document)
        if isinstance(spoiled, dict) and draw.random() < 0.9:
            spoiled["hash"] = hash_of(spoiled)
        path.write_text(dumped(spoiled))

    def attempt() -> None:
        found = parse(read(path), str(path))
        assert isinstance(found, GoldenFile)

    wrong = call(attempt)
    return None if wrong is None else (wrong[0], f"{name}: {wrong[1]}")


def state(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A saved state that is spoiled: loaded, or refused with nothing changed; a step goes on either way."""
    made = draw.choice(OPTIMIZERS)
    theta = [np.arange(1.0, 4.0), np.ones((2, 2), np.float32)]
    optimizer = made(theta, engine="numpy")
    optimizer.step([np.ones(3), np.ones((2, 2), np.float32)])
    saved = optimizer.state_dict()
    spoiled = _spoiled_state(draw, copy.deepcopy(saved))
    wrong = call(lambda: optimizer.load_state_dict(spoiled))
    if wrong is not None:
        return wrong[0], f"{made.__name__}.load_state_dict({spoiled!r:.300}): {wrong[1]}"
    if _is_refused(made, spoiled) and not _same(optimizer.state_dict(), saved):
        return Wrong.HALF, f"{made.__name__}: a refused state changed something: {spoiled!r:.300}"
    return call(lambda: optimizer.step([np.ones(3), np.ones((2, 2), np.float32)]))


def _is_refused(made: type[Optimizer], saved: Any) -> bool:
    fresh = made([np.arange(1.0, 4.0), np.ones((2, 2), np.float32)], engine="numpy")
    try:
        fresh.load_state_dict(saved)
    except RefoptError:
        return True
    return False


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and (a == b or a != a)


def _spoiled_state(draw: Random, saved: Any) -> Any:
    """The state with one to three of its places replaced, at any depth."""
    if draw.random() < 0.02:
        return odd(draw)
    for _ in range(draw.randint(1, 3)):
        inside = saved
        while True:
            if not isinstance(inside, dict) or not inside:
                break
            key = draw.choice(list(inside))
            if not isinstance(inside[key], dict) or not inside[key] or draw.random() < 0.3:
                how = draw.randrange(4)
                if how == 0:
                    del inside[key]
                elif how == 1:
                    inside[draw.choice((*ODD_VALUES[:10], "x", 7))] = inside.pop(key)
                else:
                    inside[key] = _odd_array(draw, inside[key])
                break
            inside = inside[key]
    return saved


def _odd_array(draw: Random, value: Any) -> Any:
    ready = (np.zeros(3), np.zeros(3, np.float32), np.zeros((2, 2)), np.array(["a"]), np.array([None, 1], object), np.zeros(0), np.zeros(3, complex),
             np.ma.ones(3), np.full(3, np.nan), value.tolist() if isinstance(value, np.ndarray) else [value], range(3), object(), lambda: 1)  # fmt: skip
    return draw.choice((*ready, odd(draw)))


def hyperparameters(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """An optimizer made and set with odd hyperparameters: taken, or refused in one line and as it was."""
    made = draw.choice(OPTIMIZERS)
    own = tuple(made([np.ones(1)], engine="numpy").hyper)
    given, later = ({draw.choice(own if draw.random() < 0.8 else NAMES): _odd_hyper(draw) for _ in range(draw.randint(1, 3))} for _ in range(2))

    def attempt() -> None:
        optimizer = made([np.ones(3)], **{"engine": "numpy", **given})
        before = dict(optimizer.hyper)
        try:
            optimizer.set(**later)
        except RefoptError:
            assert dict(optimizer.hyper) == before
        if optimizer.schedule is None:
            optimizer.step([np.ones(3)])

    wrong = call(attempt)
    return None if wrong is None else (wrong[0], f"{made.__name__}(**{given!r:.200}), set(**{later!r:.200}): {wrong[1]}")


def _odd_hyper(draw: Random) -> Any:
    ready = (0.0, 1.0, -0.0, 1e-300, 0.5, "0.1", "1e-3", np.float32(0.1), np.array(0.1), np.array([0.1, 0.2]), 1 + 2j, (0.9, 0.999), object())
    return draw.choice((*ready, odd(draw), odd(draw)))

"""Reduce on plateau.

He et al. 2016, section 3.4: "The learning rate starts from 0.1 and is divided by 10 when the error plateaus". The closed form is
`torch.optim.lr_scheduler.ReduceLROnPlateau.step` metric by metric, in its order: better or bad, cooldown, fall. The recursion does not
count: it keeps the place of the last metric that was better, of the last fall, and of the end of its cooldown. optax and keras the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from .model import Hyper, Schedule, whole

Better = Callable[[Decimal, Decimal, Decimal], bool]
"""(metric, best, threshold)."""


def _metrics(hyper: Hyper) -> Iterator[Decimal]:
    place = 0
    while f"metrics[{place}]" in hyper:
        yield hyper[f"metrics[{place}]"]
        place += 1


def _less_share(a: Decimal, best: Decimal, threshold: Decimal) -> bool:
    return a < best * (1 - threshold)


def _less(a: Decimal, best: Decimal, threshold: Decimal) -> bool:
    return a < best - threshold


def _more_share(a: Decimal, best: Decimal, threshold: Decimal) -> bool:
    return a > best * (threshold + 1)


def _more(a: Decimal, best: Decimal, threshold: Decimal) -> bool:
    return a > best + threshold


def _torch(better: Better) -> Callable[[int, Hyper], Decimal]:
    def rate(k: int, hyper: Hyper) -> Decimal:
        """`step` for each of the first k metrics."""
        lr, patience, cooldown = hyper["lr"], whole(hyper["patience"]), whole(hyper["cooldown"])
        best: Decimal | None = None
        num_bad_epochs = cooldown_counter = 0
        for current in list(_metrics(hyper))[:k]:
            if best is None or better(current, best, hyper["threshold"]):
                best, num_bad_epochs = current, 0
            else:
                num_bad_epochs += 1
            if cooldown_counter > 0:
                cooldown_counter -= 1
                num_bad_epochs = 0
            if num_bad_epochs > patience:
                new_lr = max(lr * hyper["factor"], hyper["lr_min"])
                if lr - new_lr > hyper["eps"]:
                    lr = new_lr
                cooldown_counter, num_bad_epochs = cooldown, 0
        return lr

    return rate


def _placed(better: Better, borne: int, last_counts: bool, has_eps: bool) -> Callable[[int, Hyper], tuple[Decimal, ...]]:
    """By places: a fall is due at a bad metric that is `patience + borne` after the last one that was better, fell, or was of a cooldown."""

    def recursion(steps: int, hyper: Hyper) -> tuple[Decimal, ...]:
        lr, rates = hyper["lr"], []
        best: Decimal | None = None
        since = end = -1
        metrics = list(_metrics(hyper))
        for place in range(steps):
            rates.append(lr)
            if place >= len(metrics):
                continue
            if best is None or better(metrics[place], best, hyper["threshold"]):
                best, since = metrics[place], place
            if place <= end - (1 if last_counts else 0):
                since = place
            if place - since >= whole(hyper["patience"]) + borne:
                lower = max(lr * hyper["factor"], hyper["lr_min"])
                lr = lower if not has_eps or lr - lower > hyper["eps"] else lr
                since, end = place, place + whole(hyper["cooldown"])
        return tuple(rates)

    return recursion


def _optax(k: int, hyper: Hyper) -> Decimal:
    """`_update_scale` for each of the first k values, the scale times the rate."""
    scale, best, plateau_count, cooldown_count = Decimal(1), None, 0, 0
    for value in list(_metrics(hyper))[:k]:
        if best is None or value < (1 - hyper["threshold"]) * best:
            best, count = value, 0
        else:
            count = plateau_count + 1
        if cooldown_count > 0:
            plateau_count, cooldown_count = 0, cooldown_count - 1
        elif count == whole(hyper["patience"]):
            least = hyper["lr_min"] / hyper["lr"] if hyper["lr"] else Decimal(0)
            scale, plateau_count, cooldown_count = max(scale * hyper["factor"], least), 0, whole(hyper["cooldown"])
        else:
            plateau_count = count
    return hyper["lr"] * scale


def _keras(k: int, hyper: Hyper) -> Decimal:
    """`on_epoch_end` for each of the first k epochs."""
    lr, best, wait, cooldown_counter = hyper["lr"], None, 0, 0
    for current in list(_metrics(hyper))[:k]:
        if cooldown_counter > 0:
            cooldown_counter -= 1
            wait = 0
        if best is None or current + hyper["threshold"] < best:
            best, wait = current, 0
        elif not cooldown_counter > 0:
            wait += 1
            if wait >= whole(hyper["patience"]) and lr > hyper["lr_min"]:
                lr, cooldown_counter, wait = max(lr * hyper["factor"], hyper["lr_min"]), whole(hyper["cooldown"]), 0
    return lr


METRICS = tuple(f"metrics[{i}]" for i in range(40))
HYPER = ("lr", "factor", "patience", "threshold", "cooldown", "lr_min", "eps", *METRICS)
WITHOUT_EPS = tuple(n for n in HYPER if n != "eps")

REDUCE_ON_PLATEAU = Schedule("reduce_on_plateau", "torch ReduceLROnPlateau", HYPER, _torch(_less_share), _placed(_less_share, 1, False, True))
ABSOLUTE = Schedule("reduce_on_plateau/abs", "torch ReduceLROnPlateau", HYPER, _torch(_less), _placed(_less, 1, False, True))
LARGEST = Schedule("reduce_on_plateau/max", "torch ReduceLROnPlateau", HYPER, _torch(_more_share), _placed(_more_share, 1, False, True))
LARGEST_ABSOLUTE = Schedule("reduce_on_plateau/max_abs", "torch ReduceLROnPlateau", HYPER, _torch(_more), _placed(_more, 1, False, True))
AT_PATIENCE = Schedule("reduce_on_plateau/at_patience", "optax contrib", WITHOUT_EPS, _optax, _placed(_less_share, 0, False, False))
LAST_COUNTS = Schedule("reduce_on_plateau/last_counts", "keras ReduceLROnPlateau", WITHOUT_EPS, _keras, _placed(_less, 0, True, False))

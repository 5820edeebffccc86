"""Runs to which something happened are told so: where it broke, what was lost, what the rows mean. Noise is told nothing of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.identify.breaks import Break
from refopt.identify.log import logs
from refopt.identify.rows import Accumulated, Reduction, Skipped
from refopt.identify.table import read
from refopt.identify.verdict import Identification, Outcome, RateKind, identify
from refopt.report.run_story import headline, sentences
from tests.identify.altered_logs import Happening, content, readings, run

BOTH = ("m", "v")


def _identified(h: Happening, folder: Path, only: str | None = None) -> Identification:
    """`only`: a rule alone, where all of them would take long and are tried elsewhere."""
    return identify(readings(h, folder), None if only is None else rule(only))


def _hyper(found: Identification) -> dict[str, str]:
    assert found.formula is not None
    return {o.name: o.shortest for o in found.formula.hyper if o.recovered}


LOST = {
    "adam without its moments": (Happening("adam", lost={13: BOTH}), (Break(13, frozenset(BOTH)),)),
    "adam without v, whose gradients led to the theta of their row": (Happening("adam", lost={9: ("v",)}, reading="to"), (Break(9, frozenset("v")),)),
    "adam without its count, early": (Happening("adam", anew=(6,)), (Break(6, anew=True),)),
    "rmsprop from nothing but theta": (Happening("rmsprop", lost={10: ("v",)}), (Break(10, frozenset("v")),)),
    "momentum, float32, 9 digits": (Happening("momentum", lost={15: ("v",)}, dtype=np.float32, digits=9, logged=True), (Break(15, frozenset("v")),)),
    "adamw twice": (
        Happening("adamw", {"weight_decay": 0.1}, lost={9: BOTH, 17: BOTH}, anew=(9, 17)), (Break(9, frozenset(BOTH), True), Break(17, frozenset(BOTH), True)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(LOST))
def test_what_a_resumed_run_has_lost_is_told(tmp_path: Path, name: str) -> None:
    h, breaks = LOST[name]
    found = _identified(h, tmp_path)
    assert found.outcome is Outcome.ALTERED
    assert found.story is not None
    assert (found.story.found.name, found.story.breaks) == (h.rule, breaks)
    assert found.rates is not None
    assert abs(found.rates.first - h.lr) <= 0.01 * h.lr
    assert f"for updates 1 to {breaks[0].update - 1}; then it breaks" in sentences(found.story)[0]


def test_a_run_that_had_also_forgotten_its_rate_shows_both(tmp_path: Path) -> None:
    found = _identified(Happening("adam", lr=0.003, rates={13: 0.001}, lost={13: BOTH}, anew=(13,)), tmp_path, "adam")
    assert found.story is not None
    assert found.story.breaks == (Break(13, frozenset(BOTH), True),)
    assert found.rates is not None
    assert found.rates.kind is RateKind.FREE
    assert [(at, round(rate, 6)) for at, rate in found.rates.changes] == [(1, 0.003), (13, 0.001)]


SKIPPED = {
    "not counted": Happening("adam", skipped=(3,)),
    "counted, several": Happening("adam", skipped=(1, 9, 16), counted=True),
    "counted, the state takes it": Happening("adam", skipped=(5,), counted=True, remembered=True),
}


@pytest.mark.parametrize("name", list(SKIPPED))
def test_skipped_updates_are_told_and_whether_they_count(tmp_path: Path, name: str) -> None:
    h = SKIPPED[name]
    found = _identified(h, tmp_path)
    assert found.story is not None
    assert found.story.rows == Skipped(h.skipped, h.counted, h.remembered)
    assert (found.story.found.name, found.outcome) == ("adam", Outcome.ALTERED)
    assert _hyper(found) == {"lr": "0.01", "beta1": "0.9", "beta2": "0.999", "eps": "1e-08"}


ACCUMULATED = {
    "2 rows, their mean": (Happening("momentum", every=2), Reduction.MEAN, ()),
    "4 rows, their sum": (Happening("adam", every=4, rows=40, reduced=lambda g: g.sum(axis=0)), Reduction.SUM, ()),
    "4 rows, the last": (Happening("rmsprop", every=4, rows=40, reduced=lambda g: g[-1]), Reduction.LAST, ()),
    "2 rows, the first update too early": (Happening("adam", every=2, first=1, rows=33), Reduction.MEAN, (1,)),
    "3 rows, t counts them": (Happening("adam", every=3, rows=36, by_rows=True, reading="to"), Reduction.MEAN, ()),
}


@pytest.mark.parametrize("name", list(ACCUMULATED))
def test_accumulated_gradients_are_told(tmp_path: Path, name: str) -> None:
    h, reduction, uneven = ACCUMULATED[name]
    found = _identified(h, tmp_path)
    assert found.story is not None
    rows = found.story.rows
    assert isinstance(rows, Accumulated)
    assert (found.story.found.name, rows.size, rows.reduction, rows.by_rows, rows.uneven) == (h.rule, h.every, reduction, h.by_rows, uneven)


@pytest.mark.parametrize(
    ("h", "scale"),
    [
        (Happening("momentum", clip=1.0, scale=65536.0, logged=True), "loss scale of 65536"),
        (Happening("sgd", clip=1.0, scale=1024.0, logged=True, seed=3), "loss scale of 1024"),
        (Happening("momentum", clip=2.0), "clipped to norm 2 first."),
    ],
)
def test_gradients_clipped_by_norm_are_told_with_the_loss_scale(tmp_path: Path, h: Happening, scale: str) -> None:
    found = _identified(h, tmp_path, h.rule)
    assert found.story is not None
    assert found.story.clipped
    assert headline(found.story) == f"{h.rule}, gradients clipped by norm"
    assert scale in sentences(found.story)[-1]


@pytest.mark.parametrize(("digits", "elements", "only"), [(17, 4, None), (17, 1, "adam"), (7, 3, "rmsprop"), (3, 2, "adamw")])
def test_noise_is_told_nothing_of(tmp_path: Path, digits: int, elements: int, only: str | None) -> None:
    draw = np.random.default_rng(digits)
    theta, g = np.cumsum(0.01 * draw.normal(size=(17, elements)), axis=0), draw.normal(size=(17, elements))
    head = [*(f"theta_{i}" for i in range(elements)), *(f"g_{i}" for i in range(elements))]
    lines = [",".join(f"{x:.{digits}g}" for x in [*a, *b]) for a, b in zip(theta, g, strict=True)]
    path = tmp_path / "noise.csv"
    path.write_text("\n".join([",".join(head), *lines]) + "\n")
    found = identify(logs(read(str(path)), str(path)), None if only is None else rule(only))
    assert found.outcome is Outcome.NONE, found.story and sentences(found.story)


def test_a_run_of_which_theta_was_set_by_hand_once_is_told_where(tmp_path: Path) -> None:
    h = Happening("adam", rows=20)
    head, *rows = (line.split(",") for line in content(h).splitlines())
    shifted = [",".join(head), *(",".join([str(i), *(repr(float(x) + (i > 9)) for x in row[1:5]), *row[5:]]) for i, row in enumerate(rows, 1))]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(shifted) + "\n")
    found = identify(logs(read(str(path)), str(path)))
    assert found.story is not None
    assert found.story.breaks == (Break(9, moved=True),)


def test_another_formula_after_a_break_is_told_as_a_run_that_starts_there(tmp_path: Path) -> None:
    first, second = (content(replace(h, elements=4)).splitlines() for h in (Happening("adam", rows=13, seed=1), Happening("sgd", rows=13, seed=1)))
    split = [float(x) for x in first[13].split(",")[1:5]]
    start = [float(x) for x in second[1].split(",")[1:5]]
    moved = [",".join([str(12 + i), *(repr(float(x) - a + b) for x, a, b in zip(row.split(",")[1:5], start, split, strict=True)), *row.split(",")[5:]])
             for i, row in enumerate(second[1:], 1)]  # fmt: skip
    path = tmp_path / "log.csv"
    path.write_text("\n".join([*first[:13], *moved]) + "\n")
    found = identify(logs(read(str(path)), str(path)))
    assert found.outcome is Outcome.PART
    assert found.story is not None
    assert found.story.then is not None
    assert (found.story.found.name, found.story.until, found.story.then.name) == ("adam", 12, "sgd")


FALLING = {i: 0.01 * (1 - i / 50) for i in range(1, 41)}
"""A rate that changes at each update."""


@pytest.mark.parametrize(("clip", "told"), [(0.5, False), (2.0, True)], ids=["clips every gradient", "clips most"])
def test_a_clip_by_norm_is_told_at_a_rate_for_each_step_and_its_norm_where_some_gradient_is_shorter(tmp_path: Path, clip: float, told: bool) -> None:
    h = Happening("adam", rows=40, elements=8, clip=clip, rates=FALLING)
    assert bool(np.linalg.norm(run(h)[1][:-1], axis=1).min() < clip) is told
    found = _identified(h, tmp_path, "adam")
    assert found.story is not None and found.story.clipped and found.outcome is Outcome.ALTERED
    assert found.rates is not None and found.rates.kind is RateKind.FREE
    assert ("clip_norm" in _hyper(found)) is told  # to twice the norm with twice the eps is the same
    assert not told or abs(float(_hyper(found)["clip_norm"]) - clip) <= 0.01 * clip


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_norm_below_which_gradients_come_late_is_told(tmp_path: Path, dtype: type) -> None:
    h = Happening("adam", rows=80, elements=8, clip=2.0, dtype=dtype, digits=17, reading="", shrinking=0.97)
    assert np.argmax(np.linalg.norm(run(h)[1], axis=1) < h.clip) > 12
    found = _identified(h, tmp_path, "adam")
    assert found.story is not None and found.story.clipped
    assert abs(float(_hyper(found)["clip_norm"]) - 2) <= 0.02


def test_a_rate_that_changes_is_found_where_the_start_is_not_in_the_log(tmp_path: Path) -> None:
    found = _identified(Happening("adamw", {"weight_decay": 0.1}, rows=40, elements=8, rates=FALLING, reading="to"), tmp_path, "adamw")
    assert found.outcome is Outcome.IDENTIFIED and found.log.reading == "to"
    assert found.rates is not None and abs(found.rates.last - FALLING[40]) <= 0.01 * FALLING[40]


def test_where_every_gradient_is_cut_the_clip_and_the_rate_are_left_open(tmp_path: Path) -> None:
    """Steps of 0.01*sign(g): any clip below the smallest gradient explains them, with the rate to it, and no clip above it does."""
    draw = np.random.default_rng(20261129)
    theta, rows = np.array([3.0, -2.0, 0.5, 1.5]), []
    for k in range(41):
        g = draw.standard_normal(4) if k else None
        theta = theta if g is None else theta - 0.01 * np.sign(g)
        rows.append([str(k), *map(repr, theta.tolist()), *([""] * 4 if g is None else map(repr, g.tolist()))])
    file = tmp_path / "signs.csv"
    file.write_text("\n".join(["step,theta_0,theta_1,theta_2,theta_3,g_0,g_1,g_2,g_3", *(",".join(row) for row in rows)]) + "\n")
    found = identify(logs(read(str(file)), str(file)), rule("sgd"))
    assert found.formula is not None and found.formula.name == "sgd+clip"
    assert all((o.low, o.high) == (0, np.inf) for o in found.formula.hyper), found.formula.hyper

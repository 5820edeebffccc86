"""An implementation whose state is hidden is judged to the end of its long run, and what cannot be judged is said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from refopt import check

Array = npt.NDArray[np.float64]
LONG = {"dtypes": ["float32"], "cases": ["momentum-open-every-001", "momentum-open-basic-001"], "search": 0}


class Momentum:
    """Its velocity is kept under a name of its own; it is forgotten at every update that is a multiple of `anew`."""

    anew = 2**40

    def init(self, theta: Array) -> dict[str, Array]:
        return {"kept": np.zeros_like(theta)}

    def step(self, theta: Array, grad: Array, state: dict[str, Array], t: int, lr: float = 0.01, momentum: float = 0.9) -> tuple[Array, dict[str, Array]]:
        velocity = momentum * (0 if t % self.anew == 0 else 1) * state["kept"] + lr * grad
        return (theta - velocity).astype(grad.dtype), {"kept": velocity.astype(grad.dtype)}


class Forgets(Momentum):
    """At t = 900 only."""

    anew = 900


def test_a_right_one_is_looked_at_to_its_end() -> None:
    report = check(Momentum, "momentum", **LONG)  # type: ignore[arg-type]
    seen = report.footer["looked_at"]
    assert report.verdict == "conforms", str(report)
    assert (seen["updates"], seen["updates_not_judged"]) == ([[1, 1030]], [])


def test_a_fault_that_begins_at_update_900_deviates_and_the_updates_after_it_are_not_called_judged() -> None:
    report = check(Forgets, "momentum", **LONG)  # type: ignore[arg-type]
    assert (report.verdict, report.exit) == ("deviates", 1)
    first = next(r.first for r in report.found.worst.diagnosis.explanation.reference.results if r.first is not None)  # type: ignore[union-attr]
    assert first.place.t == 900
    assert report.footer["matches"] is None and report.found.worst.diagnosis.cause is None, "no precision is blamed for it"


def test_where_the_bound_ends_the_rest_is_said_not_to_be_judged() -> None:
    report = check(Momentum, "momentum", **{**LONG, "dtypes": ["bfloat16"]})  # type: ignore[arg-type]
    assert report.verdict == "conforms"
    assert report.footer["looked_at"]["updates_not_judged"][-1][1] == 1030
    assert "not judged" in "\n".join(_verbose(report)) and "bfloat16" in "\n".join(_verbose(report))


def _verbose(report: object) -> list[str]:
    from refopt.report.terminal import screen

    return screen(report.found, verbose=True)  # type: ignore[attr-defined]

"""Runs as a table of numbers: a row an update, in the digits of the run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from refopt.exact.digits import digits as printed
from refopt.exact.mpmath_numbers import to_fraction
from refopt.report.runs.shown_run import ShownRun


def table(runs: Sequence[ShownRun]) -> str:
    """CSV: rule, step, loss, rate, then theta, gradient and states, one column an element; a state that a rule has not is empty."""
    count = len(runs[0].trajectory.objective.parameters)
    states = list(dict.fromkeys(s.name for r in runs for s in r.trajectory.rule.state))
    columns = [f"{name}_{i}" for name in ("theta", "g", *states) for i in range(count)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["rule", "step", "loss", "rate", *columns])
    for r in runs:
        digits = r.trajectory.digits
        writer.writerow([r.label, 0, repr(r.losses[0]), "", *r.trajectory.objective.start, *[""] * (len(columns) - count)])
        for s, loss in zip(r.trajectory.steps, r.losses[1:], strict=True):
            values = [s.theta, s.g, *(s.state.get(name, ("",) * count) for name in states)]
            texts = ["" if isinstance(x, str) else printed(to_fraction(x), digits) for row in values for x in row]
            writer.writerow([r.label, s.t, repr(loss), "" if s.lr is None else printed(to_fraction(s.lr), digits), *texts])
    return out.getvalue()

"""`refopt translate`: from one framework's optimizer or schedule to another's: the call to write, exact or nearest."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from refopt.cli.output import emit, emit_json, table
from refopt.report.coverage import ROUNDING, left_out
from refopt.report.wrap import folded

if TYPE_CHECKING:
    from refopt.report.schedule_translation import SchedulePort
    from refopt.report.translation import Port, Translation

EXAMPLES = """\
examples:
  refopt translate torch.optim.RMSprop keras.optimizers.RMSprop
  refopt translate 'optax.adam(learning_rate=0.001)' torch.optim.Adam
  refopt translate 'torch.optim.SGD(momentum=0.9)' sklearn.SGDOptimizer
  refopt translate torch.optim.lr_scheduler.StepLR optax.exponential_decay
  refopt translate 'torch.optim.Adam + torch.optim.lr_scheduler.StepLR' \\
                   'optax.adam + optax.exponential_decay'"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("first", metavar="FROM", help="the optimizer or schedule that the training code uses, or OPTIMIZER + SCHEDULE")
    parser.add_argument("second", metavar="TO", help="what it is moved to")


def run(options: argparse.Namespace) -> int:
    """Read both, and print the call to write."""
    from refopt.report.schedule_translation import SchedulePort, is_schedule, schedule_translation
    from refopt.report.translation import translation

    found: list[Translation | SchedulePort] = []
    for a, b in _paired(options.first, options.second):
        rate = found[0].port.rate if found and not isinstance(found[0], SchedulePort) else None
        found.append(schedule_translation(a, b, rate) if is_schedule(a) and is_schedule(b) else translation(a, b))
    exit = max(x.exit for x in found)
    if options.json:
        for x in found:
            emit_json(_as_json(x))
        return exit
    lines: list[str] = []
    for x in found:
        lines += [*([""] if lines else []), *_screen(x)]
    lines += _together(found) if len(found) == 2 else []
    emit([*lines, *_covers(), *([f"exit {exit}: {_why(found)}"] if exit else [])])
    return exit


def _paired(first: str, second: str) -> list[tuple[str, str]]:
    """The optimizers and the schedules that belong together. Raises RefoptError where only one side has a schedule."""
    from refopt.errors import RefoptError

    parts = [[p.strip() for p in text.split(" + ")] for text in (first, second)]
    if len(parts[0]) != len(parts[1]) or len(parts[0]) > 2:
        example = "refopt translate 'torch.optim.Adam + torch.optim.lr_scheduler.StepLR' 'optax.adam + optax.exponential_decay'"
        raise RefoptError("OPTIMIZER + SCHEDULE is moved to OPTIMIZER + SCHEDULE", help=example)
    return list(zip(*parts, strict=True))


def _screen(x: Translation | SchedulePort) -> list[str]:
    from refopt.report.schedule_translation import SchedulePort

    if isinstance(x, SchedulePort):
        return _schedule_screen(x)
    lines = [f"{x.first} {x.version}".rstrip(), f"-> {x.port.call.path} {x.port.version}".rstrip(), ""]
    if x.other is not None:
        lines += [*_port(x.other), "", f"{x.port.call.path} itself:"]
    return [*lines, *_port(x.port)]


def _port(p: Port) -> list[str]:
    from refopt.report.translation import Fit

    proved = "" if p.fit is Fit.NEAREST else "   (proved, for all inputs)" if p.fit is Fit.EXACT else "   (proved)"
    lines = [f"{p.fit.value}{proved}", *folded(f"  {p.call.text}")]
    if p.worst is not None:
        lines += folded(f"worst relative error of a step: {float(p.worst.size):.2g}, at update {p.worst.t}, gradient {p.worst.gradient}", 2)
    for name, tree in p.replaced.items():
        lines += folded(f"{name} is {tree}   (proved)")
    rows = [("setting", "value", "", "setting", "value")]
    rows += [(s.first or "-", s.first_value or "-", "->", s.second or "-", s.second_value or "-") for s in p.settings]
    lines += ["", *table(rows, indent=2)]
    for name, part in zip(("its formula", "the call's"), p.lines if p.fit is not Fit.EXACT else (), strict=False):
        lines += [name, *(row for line in part for row in folded(f"  {line.name} <- {line.value}", 6))]
    return [*lines, *(row for a in p.assumed for row in folded(f"Assumed: {a}."))]


def _schedule_screen(x: SchedulePort) -> list[str]:
    lines = [f"{x.first} {x.versions[0]}".rstrip(), f"-> {x.call.path} {x.versions[1]}".rstrip(), ""]
    fit = "exact   (proved)" if x.worst is None else f"exact for the steps 0 to {x.until}, not after" if x.until else "nearest"
    lines += [fit, *folded(f"  {x.call.text}")]
    if x.optimizer:
        lines.append(f"  with {x.optimizer} in the optimizer")
    if x.worst is not None:
        lines += folded(f"worst relative error of a rate: {x.worst.size:.2g}, at step {x.worst.k} (steps 0 to {x.worst.last})", 2)
    return [*lines, *(row for a in x.notes for row in folded(a))]


def _together(found: list[Translation | SchedulePort]) -> list[str]:
    """Both calls as they are written in one program."""
    from refopt.report.call import Call
    from refopt.report.schedule_translation import SchedulePort
    from refopt.report.translation import Fit

    lines = ["", "Together:"]
    optimizer, schedule = found
    assert not isinstance(optimizer, SchedulePort) and isinstance(schedule, SchedulePort)
    first = optimizer.port.call
    if schedule.optimizer:
        lines += [*folded(f"  optimizer = {first.text}"), *folded(f"  scheduler = {schedule.call.text}")]
    else:
        lines += folded(f"  {Call(first.path, {**first.arguments, optimizer.port.rate_name: schedule.call.text}, first.first).text}")
    if optimizer.port.fit is Fit.AT_CONSTANT_RATE:
        lines += folded("The schedule changes the rate, so the two optimizers part: their velocities hold the rate in different places.", 2)
    return lines


def _covers() -> list[str]:
    """The lines on what the answer says nothing about."""
    return [*left_out(), ROUNDING]


def _why(found: list[Translation | SchedulePort]) -> str:
    from refopt.report.schedule_translation import SchedulePort
    from refopt.report.translation import Fit

    constant = [x for x in found if not isinstance(x, SchedulePort) and x.port.fit is Fit.AT_CONSTANT_RATE]
    ends = [x.until for x in found if isinstance(x, SchedulePort) and x.until]
    if ends:
        return f"the rates are not the same after step {ends[0]}"
    return "exact only while the learning rate does not change" if constant else "no fixed settings match"


def _as_json(x: Translation | SchedulePort) -> dict[str, Any]:
    from refopt.report.schedule_translation import SchedulePort

    if isinstance(x, SchedulePort):
        worst = None if x.worst is None else {"error": f"{x.worst.size:.3g}", "k": x.worst.k, "last": x.worst.last}
        return {"kind": "translation", "complete": True, "first": x.first, "second": x.call.path, "versions": list(x.versions),
                "answer": "exact" if x.worst is None else "nearest", "call": x.call.text, "optimizer": x.optimizer, "worst": worst, "exit": x.exit}  # fmt: skip
    return {
        "kind": "translation", "complete": True, "first": x.first, "second": x.port.call.path, "versions": [x.version, x.port.version], **_json_port(x.port),
        "other": None if x.other is None else _json_port(x.other), "exit": x.exit,
    }  # fmt: skip


def _json_port(p: Port) -> dict[str, Any]:
    settings = [{"first": s.first, "second": s.second, "first_value": s.first_value, "second_value": s.second_value} for s in p.settings]
    worst = None if p.worst is None else {"error": f"{float(p.worst.size):.3g}", "t": p.worst.t, "gradient": p.worst.gradient}
    return {
        "answer": p.fit.name.lower(), "call": p.call.text, "spelling": p.call.spelling, "settings": settings, "replaced": dict(p.replaced), "worst": worst,
        "assumed": list(p.assumed),
    }  # fmt: skip

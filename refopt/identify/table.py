"""A log file as numbers: CSV, wide or long, or .npz.

wide   one row a step: `step, theta_0, theta_1, ..., g_0, g_1, ..., lr`; one element may go without a number
long   one row a step and element: `step, index, theta, g, lr`
.npz   arrays `theta` (T or T + 1 rows), `g` (T rows), and `lr`, one in all or one a row

`step` and `lr` may be left out. Other spellings: param, w, x for theta; grad, gradient for g; rate, learning_rate, eta
for lr; param, element, i for index; t, k, iteration for step. Lines that start with # and columns with other names are
passed over; what was passed over is said.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.errors import RefoptError
from refopt.identify.log import FEWEST, Measured, Recorded
from refopt.identify.printed import Floats, Style, half_spacing, number_format, style
from refopt.rounding.formats import FORMATS

SHAPE = "wide: step,theta_0,...,g_0,...,lr   long: step,index,theta,g,lr   .npz: theta, g, lr"
_THETA = r"theta|params?|parameters?|weights?|w|x|p"
_GRADIENT = r"g|grads?|gradients?|dtheta"
_NAMED = r"(?:[_.\[ ]?(\d[^\]]*)\]?)?"
_ROLES = {"theta": re.compile(f"(?:{_THETA}){_NAMED}"), "g": re.compile(f"(?:{_GRADIENT}){_NAMED}")}
_STEP = frozenset({"step", "steps", "t", "k", "iteration", "iter", "update"})
_RATE = frozenset({"lr", "rate", "learning_rate", "eta"})
_INDEX = frozenset({"index", "param", "parameter", "element", "i", "name"})


@dataclass(frozen=True)
class _Cells:
    """Texts by row: theta and g of every element, the rate, the number of the step; with the line each row stands in."""

    names: tuple[str, ...]
    theta: list[list[str]]
    grad: list[list[str]]
    lr: list[str] | None
    step: list[str] | None
    lines: list[int]
    ignored: tuple[str, ...]


def read(path: str) -> Recorded:
    """The numbers of a log file. Raises RefoptError in one line for whatever cannot be understood."""
    file = Path(path)
    if file.is_dir():
        raise RefoptError(f"{path} is a folder, not a log", help=SHAPE)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise RefoptError(f"no file {path}", help="refopt identify FILE, a .csv or .npz log") from None
    if not data.strip():
        raise RefoptError(f"{path} is empty", help=SHAPE)
    return _arrays(path, data) if data[:4] == b"PK\x03\x04" or file.suffix == ".npz" else _texts(path, data)


# ---- CSV ---------------------------------------------------------------------------------------------------------
def _texts(path: str, data: bytes) -> Recorded:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefoptError(f"{path} is neither text nor .npz", help=SHAPE) from None
    numbered = [(i, line) for i, line in enumerate(text.splitlines(), start=1) if line.strip() and not line.lstrip().startswith("#")]
    if not numbered:
        raise RefoptError(f"{path} holds comments only", help=SHAPE)
    separator = next((s for s in (",", ";", "\t") if s in numbered[0][1]), ",")
    try:
        rows = [[cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=separator))] for _, line in numbered]
    except csv.Error as error:
        raise RefoptError(f"{path} is no CSV: {error}", help=SHAPE) from None
    head, lines = [x.lower() for x in rows[0]], [i for i, _ in numbered]
    if _is_number(head[0]):
        raise RefoptError(f"{path} line {lines[0]}: the first line must name the columns", help=SHAPE)
    if len(set(head)) < len(head):
        twice = next(x for x in head if head.count(x) > 1)
        raise RefoptError(f"{path} line {lines[0]}: two columns are called {twice!r}", help=SHAPE)
    for line, row in zip(lines[1:], rows[1:], strict=True):
        if len(row) != len(head):
            raise RefoptError(f"{path} line {line} has {len(row)} cells, the first line has {len(head)}", help="every row needs every column")
    return _recorded(path, _cells(path, head, rows[1:], lines[1:]))


def _cells(path: str, head: list[str], rows: list[list[str]], lines: list[int]) -> _Cells:
    index = next((i for i, name in enumerate(head) if name in _INDEX), None) if any(x in ("theta", "w", "x", "weight") for x in head) else None
    roles: dict[str, dict[str, int]] = {"theta": {}, "g": {}}
    for i, name in enumerate(head):
        for role, pattern in _ROLES.items():
            match = pattern.fullmatch(name)
            if match and i != index:
                roles[role][match.group(1) or ""] = i
    theta, g = roles["theta"], roles["g"]
    if not theta or not g:
        lacking = " or ".join(n for n, r in (("theta", theta), ("g", g)) if not r)
        raise RefoptError(f"{path} has no column for {lacking} among {_listed(head)}", help=SHAPE)
    if set(theta) != set(g):
        odd = sorted(set(theta) ^ set(g))[0]
        has, lacks = ("theta", "g") if odd in theta else ("g", "theta")
        raise RefoptError(f"{path} has {has}{f'_{odd}' if odd else ''} but no {lacks}{f'_{odd}' if odd else ''}", help=SHAPE)
    step = next((i for i, name in enumerate(head) if name in _STEP), None)
    rate = next((i for i, name in enumerate(head) if name in _RATE), None)
    used = {*theta.values(), *g.values(), step, rate, index}
    ignored = tuple(name for i, name in enumerate(head) if i not in used)
    if index is not None and len(theta) == 1:
        return _long(path, rows, lines, (index, theta[""], g[""], rate, step), ignored)
    names = tuple(theta)
    return _Cells(
        tuple(f"theta_{n}" if n else "theta" for n in names), [[r[theta[n]] for n in names] for r in rows], [[r[g[n]] for n in names] for r in rows],
        None if rate is None else [r[rate] for r in rows], None if step is None else [r[step] for r in rows], lines, ignored,
    )  # fmt: skip


def _long(path: str, rows: list[list[str]], lines: list[int], at: tuple[int, int, int, int | None, int | None], ignored: tuple[str, ...]) -> _Cells:
    """Rows of one step gathered; without a column for the step, a step ends where the first element comes again."""
    index, theta, g, rate, step = at
    names = tuple(dict.fromkeys(r[index] for r in rows))
    cells = _Cells(tuple(f"theta_{n}" for n in names), [], [], None if rate is None else [], None if step is None else [], [], ignored)
    for first in range(0, len(rows), max(len(names), 1)):
        block = {r[index]: r for r in rows[first : first + len(names)]}
        same = step is None or len({r[step] for r in block.values()}) == 1
        if set(block) != set(names) or not same:
            last = lines[min(first + len(names), len(rows)) - 1]
            raise RefoptError(f"{path} lines {lines[first]} to {last} are not one step of all {len(names)} elements", help="every step needs every element")
        cells.theta.append([block[n][theta] for n in names])
        cells.grad.append([block[n][g] for n in names])
        cells.lines.append(lines[first])
        for kept, column in ((cells.lr, rate), (cells.step, step)):
            if kept is not None and column is not None:
                kept.append(rows[first][column])
    return cells


def _recorded(path: str, cells: _Cells) -> Recorded:
    _refuse_gaps(path, cells)
    missing = [i for i, row in enumerate(cells.grad) if all(x == "" or x.lower() == "nan" for x in row)]
    last = len(cells.grad) - 1
    if any(i not in (0, last) for i in missing) or len(missing) > 1:
        raise RefoptError(f"{path} line {cells.lines[missing[0] or missing[-1]]} has no gradient", help="only the first or the last row may lack it")
    kept = [i for i in range(len(cells.grad)) if i not in missing]
    theta_texts, grad_texts = [x for row in cells.theta for x in row], [x for i in kept for x in cells.grad[i]]
    theta = _numbers(path, cells.theta, cells.lines, cells.names)
    grad = _numbers(path, [cells.grad[i] for i in kept], [cells.lines[i] for i in kept], tuple(n.replace("theta", "g") for n in cells.names))
    theta_style, grad_style = style(theta_texts), style(grad_texts)
    f = number_format(theta, theta_style.half_unit(theta))

    def measured(x: Floats, s: Style) -> Measured:
        return Measured(x, np.maximum(s.half_unit(x), half_spacing(x, f)))

    lr = None
    if cells.lr is not None and all(cells.lr[i] for i in kept):
        rates = [cells.lr[i] for i in kept]
        values = _numbers(path, [[x] for x in rates], [cells.lines[i] for i in kept], ("lr",))[:, 0]
        own = style(rates, proof=True)
        lr = measured(values, own if own.decimals is not None else Style(max(own.digits, theta_style.digits, grad_style.digits)))
    elif cells.lr is not None and any(cells.lr):
        raise RefoptError(f"{path}: lr is empty in some rows", help="log the rate of every update, or leave the column out")
    where = "" if not missing else "first" if missing[0] == 0 else "last"
    printed = f"{f.name} printed with {theta_style}" + ("" if str(grad_style) == str(theta_style) else f" (gradients {grad_style})")
    return Recorded(measured(theta, theta_style), measured(grad, grad_style), lr, where, cells.names, f, printed, cells.ignored)


def _refuse_gaps(path: str, cells: _Cells) -> None:
    """The run must be there from its first update, every step of it."""
    if cells.step is None or not cells.step:
        return
    steps = _numbers(path, [[x] for x in cells.step], cells.lines, ("step",))[:, 0]
    if steps[0] not in (0, 1):
        raise RefoptError(f"{path} begins at step {cells.step[0]}: what the rule remembers by then is unknown", help="log the run from its first update")
    odd = np.flatnonzero(np.diff(steps) != 1)
    if odd.size:
        i = int(odd[0])
        raise RefoptError(f"{path} line {cells.lines[i + 1]}: step {cells.step[i + 1]} comes after {cells.step[i]}", help="every step is needed, in order")


def _numbers(path: str, rows: Sequence[Sequence[str]], lines: Sequence[int], names: Sequence[str]) -> Floats:
    values = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if not _is_number(text):
                raise RefoptError(f"{path} line {lines[i]}: {names[j]} is {text[:40]!r}, not a number", help="write numbers such as 0.5 or 1e-3")
            values[i, j] = float(text)
            if not np.isfinite(values[i, j]):
                raise RefoptError(f"{path} line {lines[i]}: {names[j]} is {text[:40]}", help="cut the log before the run breaks down")
    return values


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


# ---- .npz --------------------------------------------------------------------------------------------------------
def _arrays(path: str, data: bytes) -> Recorded:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            found = {name.lower(): np.asarray(archive[name]) for name in archive.files}
    except Exception as error:
        why = "" if "pickle" in str(error) else f": {' '.join(str(error).split())[:80]}"  # what NumPy says of pickles is beside the point
        raise RefoptError(f"{path} is no .npz file of numbers{why}", help=SHAPE) from None
    theta = _one(path, found, "theta", re.compile(_THETA))
    g = _one(path, found, "g", re.compile(_GRADIENT))
    lr = next((found[n] for n in found if n in _RATE), None)
    for name, x in (("theta", theta), ("g", g), *((("lr", lr),) if lr is not None else ())):
        if x.dtype.kind not in "fiu":
            raise RefoptError(f"{path}: {name} has dtype {x.dtype}, not numbers", help="save float16, float32 or float64 arrays")
    for name, x in (("theta", theta), ("g", g)):
        if x.ndim == 0:
            raise RefoptError(f"{path}: {name} is one number, not a row for each update", help=SHAPE)
        if x.size == 0:
            message = f"{path} shows 0 updates: {name} has shape {x.shape}; at least {FEWEST} are needed"
            raise RefoptError(message, help="log more steps from the start of the run")
    f = FORMATS.get(theta.dtype.name) if theta.dtype.kind == "f" else None
    theta_values, g_values = (np.asarray(x, np.float64).reshape(x.shape[0] if x.ndim else 1, -1) for x in (theta, g))
    if theta_values.shape[1] != g_values.shape[1] or theta_values.shape[0] - g_values.shape[0] not in (0, 1):
        raise RefoptError(f"{path}: theta has shape {theta.shape}, g {g.shape}", help="theta needs as many rows as g, or one more")
    if f is None or f.name == "float64":
        f = number_format(theta_values, np.zeros_like(theta_values))
    rates = None if lr is None else np.asarray(lr, np.float64).ravel()
    if rates is not None and rates.size not in (1, g_values.shape[0], theta_values.shape[0]):
        raise RefoptError(f"{path}: lr has {rates.size} values for {g_values.shape[0]} gradients", help="one rate in all, or one for each gradient")
    for name, x in (("theta", theta_values), ("g", g_values), *((("lr", rates),) if rates is not None else ())):
        if not np.all(np.isfinite(x)):
            row = int(np.argwhere(~np.isfinite(x))[0][0])
            raise RefoptError(f"{path}: {name} is not finite in row {row}", help="cut the log before the run breaks down")
    theta_read, g_read = (Measured(x, half_spacing(x, f)) for x in (theta_values, g_values))
    rate = None
    if rates is not None:
        every = np.broadcast_to(rates, g_values.shape[0]) if rates.size == 1 else rates[: g_values.shape[0]]
        rate = Measured(np.asarray(every), half_spacing(every, f))
    missing = "last" if theta_values.shape[0] > g_values.shape[0] else ""
    names = tuple(f"theta_{i}" for i in range(theta_values.shape[1])) if theta_values.shape[1] > 1 else ("theta",)
    known = {n for n, x in found.items() if x is theta or x is g or x is lr}
    return Recorded(theta_read, g_read, rate, missing, names, f, f"{f.name} arrays", tuple(n for n in found if n not in known))


def _one(path: str, found: dict[str, NDArray[Any]], role: str, pattern: re.Pattern[str]) -> NDArray[Any]:
    for name, array in found.items():
        if pattern.fullmatch(name):
            return array
    raise RefoptError(f"{path} has no array for {role} among {_listed(tuple(found))}", help=SHAPE)

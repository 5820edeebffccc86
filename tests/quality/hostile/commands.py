"""What goes through the command line: logs, known verdicts, old reports, golden folders, programs' whole dialogues, random words."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from refopt.cli.main import main
from refopt.golden import store
from refopt.golden.document import hash_of
from refopt.report.checksum import sealed
from tests.quality.hostile.mutate import ODD_WORDS, dumped, nested, spoiled_bytes, spoiled_value
from tests.quality.hostile.trial import Wrong, command

JUDGED = ("check", "numpy.sgd", "--case", "sgd-open-basic-001", "--dtype", "float64")
"""The cheapest judgement."""
EXPECTED = """\
[[expect]]
implementation = "numpy.sgd"
dtype = "float64"
verdict = "conforms"
reason = "it is ours"

[[expect]]
implementation = "keras.optimizers.Adam"
verdict = "variant"
matches = "adam/eps_hat"
precision = "reduced"
reason = "keras-team/keras#17391"
"""
REPORTS = {"--markdown": "out.md", "--junit": "out.xml", "--html": "out.html"}


def log(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A log whose bytes, cells or arrays are spoiled."""
    if draw.random() < 0.3:
        path = folder / "log.npz"
        _spoiled_arrays(draw, path)
    else:
        path = folder / "log.csv"
        path.write_bytes(spoiled_bytes(draw, draw.choice(_logs())))
    return command(["identify", path.name, "--rule", "sgd", *(["--json"] if draw.random() < 0.3 else [])], folder)


def expect(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """Known verdicts that are spoiled."""
    (folder / "known.toml").write_bytes(spoiled_bytes(draw, EXPECTED.encode()))
    return _judged(draw, folder, "--expect", "known.toml")


def against(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """An old report that is spoiled, sealed again where its content is."""
    if draw.random() < 0.5:
        (folder / "old.jsonl").write_bytes(spoiled_bytes(draw, _report().encode()))
    elif draw.random() < 0.05:
        (folder / "old.jsonl").write_text(nested(100_000))
    else:
        lines = [json.loads(line) for line in _report().splitlines()]
        at = draw.randrange(len(lines))
        lines[at] = spoiled_value(draw, lines[at])
        with contextlib.suppress(Exception):  # what cannot be sealed stays as it is
            lines = sealed(lines)
        (folder / "old.jsonl").write_text("\n".join(map(dumped, lines)))
    return _judged(draw, folder, "--against", "old.jsonl")


def folder_of_golden(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A golden folder of which a file is spoiled, exported: the file that is written is whole, or there is none."""
    golden = folder / "golden"
    if not golden.is_dir():
        golden.mkdir()
        shutil.copytree(store.packed_root() / "sgd", golden / "sgd")
        shutil.copy(store.packed_root() / store.MANIFEST, golden)
    path = draw.choice((*store.paths(golden, "sgd"), golden / store.MANIFEST))
    kept = path.read_bytes()
    if draw.random() < 0.4:
        path.write_bytes(spoiled_bytes(draw, kept))
    else:
        spoiled = spoiled_value(draw, json.loads(kept))
        if isinstance(spoiled, dict) and draw.random() < 0.9:
            spoiled["hash"] = hash_of(spoiled)
        path.write_text(dumped(spoiled))
    form, whole = draw.choice((("json", _is_json), ("csv", bool), ("npz", _is_npz)))
    wrong = command(["golden", "export", "sgd", "--to", form, "--out", f"out.{form}"], folder, {f"out.{form}": whole})
    (folder / f"out.{form}").unlink(missing_ok=True)
    path.write_bytes(kept)
    return None if wrong is None else (wrong[0], f"{path.name}: {wrong[1]}")


def words(draw: Random, folder: Path) -> tuple[Wrong, str] | None:
    """A command line of words that exist and words that do not. What would take long has one that does not exist."""
    if draw.random() < 0.1:
        return command([_word(draw) for _ in range(draw.randint(0, 4))], folder)
    name = draw.choice(tuple(_QUICK) + tuple(_LONG))
    given = [draw.choice((*_QUICK.get(name, ()), *_LONG.get(name, ()), *_COMMON, _word(draw))) for _ in range(draw.randint(0, 4))]
    if name in _LONG:
        given.insert(draw.randint(0, len(given)), draw.choice(("--no-such-option", "--colour", "--json=3")))
    draw.shuffle(given)
    if "--help" in given:
        given.remove("--help")
    return command([name, *given], folder)


_COMMON = ("--json", "--color", "never", "always", "--rule", "adam", "--dtype", "float32", "float99", "-v", "--", "--as")
_QUICK: dict[str, tuple[str, ...]] = {
    "show": ("adam", "sgd", "adam/eps_hat", "warmup", "momentum+l2", "adam+decay", "nothing", "--as", "latex", "text", "--tree"),
    "list": ("rules", "variants", "schedules", "cases", "objectives", "implementations", "sgd", "derivations"),
    "identify": ("nothing.csv", ".", "/dev/null", "--rule"),
    "harness": ("new", "schema", "check", "c", "python", "rust", "javascript", "--lang", "--to"),
}
_LONG: dict[str, tuple[str, ...]] = {
    "check": ("numpy.adam", "torch.optim.Adam", "python:nothing:X", "--strict", "--case", "adam-open-basic-001", "--timeout", "--html", "out.html"),
    "golden": ("build", "verify", "export", "sweep", "adam", "--to", "npz", "--out", "--quick", "--grid"),
    "generate": ("adam", "--to", "c", "--check", "rust"),
    "bench": ("optim", "--quick"),
    "derive": ("--all", "adam", "nothing", "--as", "html"),
    "prove": ("numpy.adam", "--certificate", "python:nothing:X"),
    "translate": ("torch.optim.Adam", "optax.adam", "nothing"),
    "diff": ("adam", "adam/eps_hat", "nothing"),
}


def _word(draw: Random) -> str:
    return draw.choice((*ODD_WORDS, "--rule", "--dtype=float32", "--case=", "-1", "--json", "adam", "torch.optim.Adam", "a" * 300)).replace("\x00", "?")


def _judged(draw: Random, folder: Path, *more: str) -> tuple[Wrong, str] | None:
    outputs = {}
    given = [*JUDGED, *more, *(["--json"] if draw.random() < 0.3 else [])]
    if draw.random() < 0.2:
        option, name = draw.choice(tuple(REPORTS.items()))
        given += [option, name]
        outputs[name] = (lambda data: data.rstrip().endswith(b">")) if name != "out.md" else bool
    wrong = command(given, folder, outputs)
    for name in outputs:
        (folder / name).unlink(missing_ok=True)
    return wrong


def _is_json(data: bytes) -> bool:
    json.loads(data)
    return True


def _is_npz(data: bytes) -> bool:
    with np.load(io.BytesIO(data)) as archive:
        return all(archive[name].size >= 0 for name in archive.files)


@cache
def _report() -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*JUDGED, "--json"])
    return out.getvalue()


@cache
def _logs() -> tuple[bytes, ...]:
    draw = np.random.default_rng(0)
    theta, g = np.cumsum(draw.normal(size=(9, 2)), axis=0), draw.normal(size=(9, 2))
    wide = ["step,theta_0,theta_1,g_0,g_1,lr", *(f"{i},{a[0]:.7g},{a[1]:.7g},{b[0]:.7g},{b[1]:.7g},0.1" for i, (a, b) in enumerate(zip(theta, g, strict=True)))]
    long = ["t;element;w;grad", *(f"{i};{j};{a[j]:.7g};{b[j]:.7g}" for i, (a, b) in enumerate(zip(theta, g, strict=True)) for j in (0, 1))]
    return "\n".join(wide).encode(), "\n".join(long).encode()


def _spoiled_arrays(draw: Random, path: Path) -> None:
    shapes: tuple[tuple[int, ...], ...] = ((9, 2), (8, 2), (9,), (0, 2), (9, 0), (), (1, 2), (2, 2), (9, 2, 1), (3, 3, 3))
    kinds: tuple[Any, ...] = (np.float64, np.float32, np.float16, np.int64, np.uint8, np.complex64, np.bool_, "U3", "datetime64[s]", object)
    names = draw.sample(("theta", "g", "lr", "grads", "w", "step", "loss", "THETA", "g.npy"), draw.randint(0, 4))
    arrays = {}
    for name in [*names, *(["theta", "g"] if draw.random() < 0.7 else [])]:
        size = draw.choice(shapes) if draw.random() < 0.5 else (9, 2)
        made: Any = np.asarray(100 * np.random.default_rng(draw.randrange(1000)).normal(size=size))
        kind = draw.choice(kinds) if draw.random() < 0.3 else np.float64
        if draw.random() < 0.1 and made.size:
            made.flat[0] = draw.choice((np.nan, np.inf, 1e308))
        with np.errstate(all="ignore"):
            whole = made.astype(np.int64) if kind == "datetime64[s]" else made
            arrays[name] = whole.astype(kind)
            if kind is object and made.size:
                arrays[name].flat[0] = draw.choice((None, "x", 10**400, True))
    np.savez(path, **arrays)
    if draw.random() < 0.4:
        path.write_bytes(spoiled_bytes(draw, path.read_bytes()))

"""Golden files as JSON: strict reading, canonical writing, the hash.

Reading refuses whatever the writer would not write: an unknown or missing key, a wrong type, a number outside the
grammar, a wrong hash, a file that was cut. Each refusal is one line that names the file and the place.
"""

from __future__ import annotations

import difflib
import errno
import hashlib
import json
import os
import tempfile
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from refopt.errors import RefoptError
from refopt.exact.digits import GRAMMAR
from refopt.golden.brief import BY_BUILD, like, made_brief, refuse_other_keys, repeated, split
from refopt.golden.model import CLASSES, FORMAT, PROBE_KINDS, Case, GoldenFile, Probe, Result, Shape

WORDS = ("inf", "-inf", "nan")
"""Numbers that may stand only where the result is `may` (or in a reject case's hyperparameters)."""
NUMERIC = {
    "hyper", "lr", "courses", "theta0", "state0", "grads", "inputs", "theta", "state", "bound", "objective_hyper", "schedule_hyper", "rates", "rate_bound",
    "hyper_expected",
}  # fmt: skip
"""Keys below which every string is a number."""
BOUNDS = {"bound", "rate_bound"}
"""Keys below which `inf` means that no claim is made."""


def canonical(document: Mapping[str, Any]) -> str:
    """The JSON text that the hash is taken of."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(document: Mapping[str, Any]) -> str:
    """sha256 of the canonical text of everything but the hash itself."""
    return hashlib.sha256(canonical({k: v for k, v in document.items() if k != "hash"}).encode()).hexdigest()


def dumps(file: GoldenFile) -> str:
    """The text of a golden file: readable, one list of numbers a line, the same bytes everywhere."""
    document: dict[str, Any] = {"format": FORMAT, **_plain(file)}
    document["hash"] = hash_of(document)
    return _layout(document, 0) + "\n"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        found = {}
        for f in fields(value):
            x = getattr(value, f.name)
            if f.default is not MISSING and x == f.default and f.name not in ("lr", "state0", "t0"):
                continue
            if f.default_factory is not MISSING and not x:
                continue
            found[f.name] = _plain(x)
        return made_brief(found) if isinstance(value, Case) else found
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def _layout(value: Any, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + 2 * depth <= 110 or not isinstance(value, dict | list) or not value:
        return flat
    pad, end = " " * (depth + 1), " " * depth
    if isinstance(value, dict):
        inner = [f"{pad}{json.dumps(k)}: {_layout(v, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(inner) + f"\n{end}}}"
    if all(isinstance(v, str) for v in value):
        return flat
    return "[\n" + ",\n".join(f"{pad}{_layout(v, depth + 1)}" for v in value) + f"\n{end}]"


def load(path: Path) -> GoldenFile:
    """A golden file. Raises RefoptError, one line that names file and place, for anything that is not right."""
    return parse(read(path), str(path))


def read(path: Path) -> dict[str, Any]:
    """The JSON object in a file, hash not yet compared. Raises RefoptError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefoptError(f"cannot read {path}: {error}", help="get it again: git checkout -- golden") from None
    try:
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        where = f"{path} line {error.lineno}"
        cut = "the file was cut" if error.pos >= len(text.rstrip()) - 1 else f"it is not JSON: {error.msg}"
        raise RefoptError(f"{where}: {cut}", help="get it again: git checkout -- golden") from None
    except RecursionError:
        raise RefoptError(f"{path}: it is nested too deeply for a golden file", help="get it again: git checkout -- golden") from None
    except ValueError as error:  # an integer of more digits than Python reads
        raise RefoptError(f"{path}: {error}", help="get it again: git checkout -- golden") from None
    except RefoptError as error:
        raise RefoptError(f"{path}: {error.message}", help=error.help) from None
    if not isinstance(document, dict):
        raise RefoptError(f"{path}: a golden file is one JSON object", help="get it again: git checkout -- golden")
    return document


def _refuse_constant(word: str) -> Any:
    raise RefoptError(f"{word} is no JSON number", help="numbers are strings in golden files")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(k for k, _ in pairs if sum(k == other for other, _ in pairs) > 1)
        raise RefoptError(f"the key {twice!r} stands twice in one object", help=BY_BUILD)
    return found


def parse(document: Mapping[str, Any], name: str, *, check_hash: bool = True) -> GoldenFile:
    """The golden file that a JSON object describes. Raises RefoptError."""
    if document.get("format") != FORMAT:
        raise RefoptError(f"{name}: format is {document.get('format')!r}, this refopt reads {FORMAT}", help="get a matching refopt or golden folder")
    body = {k: v for k, v in document.items() if k not in ("format", "hash")}
    body["cases"], briefs = split(body.get("cases", []))
    file = _build(GoldenFile, body, name, "")
    assert isinstance(file, GoldenFile)
    file = _with_likes(replace(file, cases=tuple(repeated(c, name) for c in file.cases)), briefs, name)
    for case in file.cases:
        _check_case(case, file, name)
    if check_hash and document.get("hash") != hash_of(document):
        raise RefoptError(f"{name}: hash differs from the content", help=f"{BY_BUILD}: git checkout -- golden")
    return file


def _with_likes(file: GoldenFile, briefs: Sequence[tuple[int, Mapping[str, Any]]], name: str) -> GoldenFile:
    """The file with the cases that are like others in their places."""
    written = {c.id: c for c in file.cases}
    cases = list(file.cases)
    for place, brief in briefs:
        refuse_other_keys(brief, name)
        id, comment, base = (_build(str, brief[key], name, key) for key in ("id", "comment", "like"))
        if base not in written:
            raise RefoptError(f"{name} {id}: there is no case {base!r} that it could be like", help=BY_BUILD)
        probes, keep = _build(tuple[str, ...], brief["probes"], name, f"{id}.probes"), _build(tuple[int, ...], brief["keep"], name, f"{id}.keep")
        shapes = _build(tuple[Shape, ...], brief["shapes"], name, f"{id}.shapes")
        try:
            cases.insert(place, like(written[base], id, comment, probes, shapes, keep))
        except RefoptError as error:
            raise RefoptError(f"{name} {error.message}", help=error.help) from None
    return replace(file, cases=tuple(cases))


def _check_case(case: Case, file: GoldenFile, name: str) -> None:
    if case.outcome is not None and (case.result != Result.MAY or len(case.outcome) != case.params[0].tile or not set(case.outcome) <= set(CLASSES)):
        raise RefoptError(f"{name} {case.id}: an outcome is one of {', '.join(CLASSES)} for each distinct element of a `may` case", help=BY_BUILD)
    for of, row in case.courses.items():
        if len(row) != len(case.grads) or of not in case.hyper:
            raise RefoptError(f"{name} {case.id}: the course of {of} needs a value for each update, and one in hyper", help=BY_BUILD)
    for given, rows in case.inputs.items():
        if [[None if x is None else len(x) for x in row] for row in rows] != [[None if x is None else len(x) for x in row] for row in case.grads]:
            raise RefoptError(f"{name} {case.id}: the input {given} needs a value wherever `grads` have one", help=BY_BUILD)
    for probe in case.probes:
        if probe not in file.probes:
            raise RefoptError(f"{name} {case.id}: probe {probe!r} is not described", help=f"described: {', '.join(file.probes)}")
    _check_numbers(_plain(case), case, name, "", False)


def _check_numbers(value: Any, case: Case, name: str, key: str, numeric: bool) -> None:
    if isinstance(value, dict):
        for k, v in value.items():
            _check_numbers(v, case, name, k if k in NUMERIC and not numeric else key, numeric or k in NUMERIC)
    elif isinstance(value, list):
        for v in value:
            _check_numbers(v, case, name, key, numeric)
    elif numeric and isinstance(value, str) and not GRAMMAR.fullmatch(value):
        allowed = key in BOUNDS or case.result == Result.MAY or (case.result == Result.REJECT and key == "hyper")
        if value not in WORDS or not allowed:
            raise RefoptError(f"{name} {case.id}: {value!r} in {key} is not a number of the grammar", help="write -?d+(.d+)?(e-?dd+)?")


def _build(wanted: Any, value: Any, name: str, place: str) -> Any:
    """`value` as the annotated type `wanted`, strictly."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    here = f"{name}{' ' + place if place else ''}"
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _build(next(a for a in args if a is not type(None)), value, name, place)
    if is_dataclass(wanted):
        return _build_dataclass(wanted, value, name, place)
    if origin is tuple:
        if not isinstance(value, list):
            raise RefoptError(f"{here}: expected a list, found {_short(value)}", help=BY_BUILD)
        return tuple(_build(args[0], v, name, f"{place}[{i}]") for i, v in enumerate(value))
    if origin is not None:
        if not isinstance(value, dict):
            raise RefoptError(f"{here}: expected an object, found {_short(value)}", help=BY_BUILD)
        return {k: _build(args[1], v, name, f"{place}.{k}" if place else k) for k, v in value.items()}
    if isinstance(wanted, type) and issubclass(wanted, StrEnum) and isinstance(value, str):
        if value not in list(wanted):
            whose, _, what = place.rpartition(".")
            raise RefoptError(f"{name} {whose}: {what} {value!r} is unknown", help=f"known: {', '.join(wanted)}")
        return wanted(value)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise RefoptError(f"{here}: expected {'an integer' if wanted is int else 'text'}, found {_short(value)}", help=BY_BUILD)
    if wanted is str and place.startswith("probes.") and place.endswith(".kind") and value not in PROBE_KINDS:
        raise RefoptError(f"{here}: probe kind {value!r} is unknown", help=f"known: {', '.join(PROBE_KINDS)}")
    return value


def _build_dataclass(wanted: Any, value: Any, name: str, place: str) -> Any:
    here = f"{name}{' ' + place if place else ''}"
    if not isinstance(value, dict):
        raise RefoptError(f"{here}: expected an object, found {_short(value)}", help=BY_BUILD)
    if wanted is Case and isinstance(value.get("id"), str):
        place, here = value["id"], f"{name} {value['id']}"
    known = {f.name: f for f in fields(wanted)}
    for key in value:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.4)
            advice = f"did you mean {near[0]!r}? " if near else ""
            raise RefoptError(f"{here}: unknown key {key!r}", help=f"{advice}{BY_BUILD}")
    hints = _hints(wanted)
    made = {}
    for key, f in known.items():
        if key in value:
            made[key] = _build(hints[key], value[key], name, f"{place}.{key}" if place else key)
        elif f.default is MISSING and f.default_factory is MISSING:
            raise RefoptError(f"{here}: the key {key!r} is missing", help=BY_BUILD)
    return wanted(**made)


@cache
def _hints(wanted: Any) -> dict[str, Any]:
    """The annotated types of a class: the same for each object of it."""
    return typing.get_type_hints(wanted)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 30 else text[:27] + "..."


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all, with the folder that it lies in. Raises RefoptError, nothing left behind."""
    write_bytes(path, text.encode("utf-8"), make_folder=True)


def write_bytes(path: Path, content: bytes, *, make_folder: bool = False) -> None:
    """The same for bytes, into a folder that is there unless it may be made."""
    temporary = ""
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".writing-", delete=False) as stream:
            temporary = stream.name
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise RefoptError(f"cannot write {path}: {error.strerror or error}", note="nothing was left behind") from None


def refuse_unwritable(path: Path, *, make_folder: bool = False) -> None:
    """Raise the RefoptError that writing a file would end in, before the work that fills it. Nothing is left behind, no folder is made."""
    folder = path.parent
    while make_folder and not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.NamedTemporaryFile("wb", dir=folder, prefix=".writing-"):
            pass
    except OSError as error:
        raise RefoptError(f"cannot write {path}: {error.strerror or error}", help=_WAY_OUT.get(error.errno or 0, "name another place")) from None


_WAY_OUT = {errno.ENOENT: "make its folder first, or name another file", errno.EISDIR: "name a file, not a folder"}

__all__ = ["Probe", "canonical", "dumps", "hash_of", "load", "parse", "read", "refuse_unwritable", "write_bytes", "write_whole"]

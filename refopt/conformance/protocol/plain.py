"""Plain values as bytes and back: arrays, numbers, strings, None, and lists, tuples and dicts of these.

What is read again has the same types and the same bits, and a list, a dict or an array that stood in two places stands in
both again. Nothing in the bytes is ever executed.
"""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import numpy as np

from refopt.errors import RefoptError

CONTAINERS = (list, dict, OrderedDict)
"""Containers: they may stand in two places at once and be changed in one."""
NUMBERS = (bool, int, float, complex)
DEEPEST = 100
"""Containers in containers; a deeper one, or one that holds itself, is not saved."""


def foreign(value: Any, place: str = "") -> Iterator[str]:
    """Parts of a value that are not plain, each with its place: `a Generator under 'rng'`."""
    yield from _foreign(value, place, 0)


def _foreign(value: Any, place: str, depth: int) -> Iterator[str]:
    kind = type(value)
    if depth > DEEPEST:
        yield f"something without end{place}"
    elif kind in (list, tuple):
        for i, x in enumerate(value):
            yield from _foreign(x, f"{place or ' under '}[{i}]", depth + 1)
    elif kind in (dict, OrderedDict):
        for k, x in value.items():
            if type(k) not in (str, bytes, int, float, bool, type(None), tuple):
                yield f"a key of type {type(k).__name__}{place}"
            yield from _foreign(x, f"{place}[{k!r}]" if place else f" under {k!r}", depth + 1)
    elif kind is np.ndarray:
        if value.dtype.hasobject or value.dtype.fields:
            yield f"an array of {value.dtype}{place}"
    elif not (value is None or kind in (*NUMBERS, str, bytes) or isinstance(value, np.number | np.bool_)):
        yield f"a {kind.__name__}{place}"


def encode(value: Any) -> bytes:
    """A plain value as bytes. Raises RefoptError for anything else."""
    if (lacking := next(foreign(value), None)) is not None:
        raise RefoptError(f"{lacking} cannot be saved", help="arrays, numbers, strings, None, and lists, tuples and dicts of these can")
    return json.dumps(_packed(value, {}), separators=(",", ":")).encode()


def _packed(value: Any, met: dict[int, int]) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        if kind is np.ndarray and id(value) in met:
            return {"again": met[id(value)]}
        met[id(value)] = len(met)
        raw = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"array" if kind is np.ndarray else "number": [value.dtype.str if value.dtype.kind != "V" else value.dtype.name, list(value.shape), raw]}
    if kind is float:
        return {"float": value.hex()}
    if kind is complex:
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if kind is bytes:
        return {"bytes": base64.b64encode(value).decode()}
    if kind is tuple:
        return {"tuple": [_packed(x, met) for x in value]}
    if id(value) in met:
        return {"again": met[id(value)]}
    met[id(value)] = len(met)
    if kind is list:
        return {"list": [_packed(x, met) for x in value]}
    return {"ordered" if kind is OrderedDict else "dict": [[_packed(k, met), _packed(x, met)] for k, x in value.items()]}


def decode(text: bytes) -> Any:
    """The value again."""
    return _unpacked(json.loads(text), [])


def _unpacked(found: Any, met: list[Any]) -> Any:
    if not isinstance(found, dict):
        return found
    ((tag, x),) = found.items()
    if tag == "float":
        return float.fromhex(x)
    if tag == "complex":
        return complex(*map(float.fromhex, x))
    if tag == "bytes":
        return base64.b64decode(x)
    if tag == "tuple":
        return tuple(_unpacked(y, met) for y in x)
    if tag == "again":
        return met[x]
    if tag in ("array", "number"):
        dtype, shape, raw = x
        array = np.frombuffer(bytearray(base64.b64decode(raw)), dtype=_dtype(dtype)).reshape(shape)
        met.append(array if tag == "array" else array[()])
        return met[-1]
    made: Any = [] if tag == "list" else OrderedDict() if tag == "ordered" else {}
    met.append(made)
    if tag == "list":
        made.extend(_unpacked(y, met) for y in x)
    else:
        made.update((_unpacked(k, met), _unpacked(y, met)) for k, y in x)
    return made


def _dtype(name: str) -> Any:
    try:
        return np.dtype(name)
    except TypeError:  # the formats of machine learning have names once this is imported
        import ml_dtypes

        return np.dtype(getattr(ml_dtypes, name))

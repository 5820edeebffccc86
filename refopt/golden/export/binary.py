"""Formats that hold binary64 numbers as they are: NumPy's .npz and safetensors."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Sequence

import numpy as np

from refopt.golden.export.arrays import Named
from refopt.golden.export.compare import PYTHON

NPZ = '''\
import numpy

golden = numpy.load("FILE")
arrays = {name: golden[name].ravel().tolist() for name in golden}
''' + PYTHON

SAFETENSORS = '''\
# safetensors.numpy.load_file("FILE") gives the same; this needs NumPy only.
import json
import numpy

with open("FILE", "rb") as stream:
    data = stream.read()
start = 8 + int.from_bytes(data[:8], "little")
arrays = {}
for name, entry in json.loads(data[8:start]).items():
    if name != "__metadata__":
        begin, end = entry["data_offsets"]
        arrays[name] = numpy.frombuffer(data[start + begin : start + end], "<f8").tolist()
''' + PYTHON


def npz(arrays: Sequence[Named]) -> bytes:
    """NumPy's own container."""
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **{a.name: np.array(a.values, "<f8").reshape(a.shape) for a in arrays})
    return stream.getvalue()


def safetensors(arrays: Sequence[Named]) -> bytes:
    """The length of the header, the header as JSON, the numbers."""
    header: dict[str, object] = {"__metadata__": {"format": "refopt golden data"}}
    begin = 0
    for a in arrays:
        end = begin + 8 * len(a.values)
        header[a.name] = {"dtype": "F64", "shape": list(a.shape), "data_offsets": [begin, end]}
        begin = end
    told = json.dumps(header, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 8)
    numbers = (struct.pack(f"<{len(a.values)}d", *a.values) for a in arrays)
    return b"".join([struct.pack("<Q", len(told)), told, *numbers])

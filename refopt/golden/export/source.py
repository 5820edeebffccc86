"""Formats that are compiled or imported: a C header, modules of Rust and JavaScript, files of Go and Julia."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from refopt.golden.export import compare
from refopt.golden.export.arrays import Named

JAVASCRIPT = '''\
import { arrays } from "./FILE";

const found = new Map(arrays.map(({ name, values }) => [name, values]));
''' + compare.JAVASCRIPT


def c_header(arrays: Sequence[Named]) -> bytes:
    """A header with a table of arrays; include it in one file."""
    lines = [
        "// Golden data of refopt, binary64. Made by: refopt golden export --to c-header", "#ifndef REFOPT_GOLDEN_H", "#define REFOPT_GOLDEN_H", "",
        "#include <math.h>", "#include <stddef.h>", "",
        "typedef struct {", "    const char *name;", "    size_t rank;", "    const size_t *shape;", "    size_t size;", "    const double *values;",
        "} golden_array;", "",
    ]  # fmt: skip
    for i, a in enumerate(arrays):
        # an array of C has one element at least
        lines.append(f"static const size_t golden_shape_{i}[] = {{{', '.join(map(str, a.shape)) or '0'}}};")
        lines += [f"static const double golden_values_{i}[] = {{", *_numbers(a.values or (0.0,), "INFINITY"), "};"]
    lines += ["", "static const golden_array golden_arrays[] = {"]
    lines += [f'    {{"{a.name}", {len(a.shape)}, golden_shape_{i}, {len(a.values)}, golden_values_{i}}},' for i, a in enumerate(arrays)]
    lines += ["};", f"static const size_t golden_count = {len(arrays)};", "", "#endif", ""]
    return "\n".join(lines).encode()


def rust(arrays: Sequence[Named]) -> bytes:
    """A module with a table of arrays."""
    lines = [
        "// Golden data of refopt, binary64. Made by: refopt golden export --to rust", "#![allow(dead_code, clippy::excessive_precision)]", "",
        "pub struct Array {", "    pub name: &'static str,", "    pub shape: &'static [usize],", "    pub values: &'static [f64],", "}", "",
        "pub static ARRAYS: &[Array] = &[",
    ]  # fmt: skip
    for a in arrays:
        lines += [f'    Array {{ name: "{a.name}", shape: &[{", ".join(map(str, a.shape))}], values: &[', *_numbers(a.values, "f64::INFINITY", 8), "    ] },"]
    return "\n".join([*lines, "];", ""]).encode()


def javascript(arrays: Sequence[Named]) -> bytes:
    """A module that exports a list of arrays."""
    lines = ["// Golden data of refopt, binary64. Made by: refopt golden export --to javascript", "export const arrays = ["]
    for a in arrays:
        lines += [f'  {{ name: "{a.name}", shape: [{", ".join(map(str, a.shape))}], values: [', *_numbers(a.values, "Infinity"), "  ] },"]
    return "\n".join([*lines, "];", ""]).encode()


def go(arrays: Sequence[Named]) -> bytes:
    """A file of the package main with a table of arrays."""
    lines = ["// Golden data of refopt, binary64. Made by: refopt golden export --to go", "package main", "", 'import "math"', "",
             "var infinity = math.Inf(1)", "", "type goldenArray struct {", "\tname   string", "\tshape  []int", "\tvalues []float64", "}", "",
             "var golden = []goldenArray{"]  # fmt: skip
    for a in arrays:
        # Go asks for a comma at the end of the last line of a list
        numbers = list(_numbers(a.values, "infinity", 8))
        lines += [f'\t{{"{a.name}", []int{{{", ".join(map(str, a.shape))}}}, []float64{{', *numbers[:-1], *[f"{x}," for x in numbers[-1:]], "\t}},"]
    return "\n".join([*lines, "}", ""]).encode()


def julia(arrays: Sequence[Named]) -> bytes:
    """A file that defines a list of arrays; include it."""
    lines = ["# Golden data of refopt, binary64. Made by: refopt golden export --to julia", "const GOLDEN = ["]
    for a in arrays:
        lines += [f'    (name = "{a.name}", shape = Int[{", ".join(map(str, a.shape))}], values = Float64[', *_numbers(a.values, "Inf", 8), "    ]),"]
    return "\n".join([*lines, "]", ""]).encode()


def _numbers(values: Sequence[float], infinity: str, indent: int = 4) -> Iterator[str]:
    text = ", ".join(infinity if math.isinf(x) else repr(x) for x in values)
    yield from textwrap.wrap(text, 120, initial_indent=" " * indent, subsequent_indent=" " * indent, break_on_hyphens=False)

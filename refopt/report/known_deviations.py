"""The page of known deviations of frameworks: a block each, with the line that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refopt.frameworks.known_deviations import Kind, KnownDeviation
from refopt.report.wrap import folded


def command(deviation: KnownDeviation) -> str:
    """The line that shows a deviation, as it is pasted into a shell; one line, however long."""
    return " ".join(x for x in (deviation.environment, f"python -c {quoted(deviation.line)}") if x)


def quoted(line: str) -> str:
    """A line of Python between quotes of the shell that the line itself does not use."""
    return f"'{line}'" if "'" not in line else f'"{line}"'


def block(deviation: KnownDeviation) -> Iterator[str]:
    """The lines of one deviation."""
    yield f"{deviation.subject} {deviation.version}   {deviation.kind.value}"
    for word, text in (
        ("source", deviation.source),
        ("expected", deviation.expected),
        ("computes", deviation.computes),
        ("where", deviation.point),
        ("is", f"{deviation.shown}   instead of {deviation.exact}"),
        ("since", deviation.since),
        ("also", ", ".join(deviation.also)),
    ):
        if text:
            yield from folded(f"  {word:<10}{text}", hanging=10)
    yield f"  {'shown by':<10}{command(deviation)}"
    for thread in deviation.threads:
        yield f"  {'thread':<10}{thread}"


def page(deviations: Sequence[KnownDeviation]) -> Iterator[str]:
    """The blocks of all, and below them how many there are."""
    for deviation in deviations:
        yield from block(deviation)
        yield ""
    defects = sum(d.kind is Kind.DEFECT for d in deviations)
    yield f"{_several(defects, 'defect')}, {_several(len(deviations) - defects, 'difference')}; each was run with the version that is named."


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

"""Random programs that are equal to a rule in exact arithmetic: none may be accused, whatever the order of its operations.

    python -m tests.quality.equivalents           64 programs on 64 elements for each rule, variant and format: prints the table
    python -m tests.quality.equivalents --long    the same on 512 elements, and verdicts on programs that amplify: writes tests/quality/README.md
    python -m tests.quality.equivalents --missing the same of the rules alone that have no row there

The programs come from `rewriting`, which knows nothing of the bound. 64 of them share the exact values and the bound of the
same elements: first updates, runs whose rate changes, states that are resumed from, hyperparameters at 0.
"""

from __future__ import annotations

import datetime
import random
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.catalogue import rule as rule_named
from refopt.catalogue import rules
from refopt.conformance.judge.exact_update import exact_update, fraction
from refopt.language.rule import Rule
from refopt.language.start import first_state
from refopt.report.words import told_or_none
from refopt.rounding.bound import Block, Profile, radii
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.formats import FORMATS, Format
from tests.quality.configurations import CHOICES
from tests.quality.evaluation import Computed
from tests.quality.pages import QUALITY, keep, rows
from tests.quality.rewriting import Program, program

SEED = 20261128
PROGRAMS = 64
KINDS = ("first", "changed rate", "resumed", "resumed")
"""Where the updates of a block stand: the first of a run; the fourth, at another rate; any, from a given state."""


@dataclass(frozen=True)
class Size:
    """How much is computed: blocks of updates, and elements in each."""

    blocks: int
    elements: int


SHARE, LONG = Size(8, 8), Size(8, 64)


@dataclass(frozen=True)
class Outside:
    """A program that is outside the bound somewhere, and where: `number` among those of its rule."""

    number: int
    format: Format
    where: str

    def __str__(self) -> str:
        return f"program {self.number} {self.format.name} {self.where}"


@dataclass
class Counted:
    """What came out for some programs. A program-element is one element of one update made by one program.

    amplifies  programs that are outside the bound somewhere, but within that of the orders that amplify rounding errors
    deviates   programs that are outside both somewhere
    refused    updates that a program does not make: it divides by a scalar that is zero there, or forms one too large for the format
    """

    programs: int = 0
    elements: int = 0
    claims: int = 0
    refused: int = 0
    worst: float = 0.0
    amplifies: list[Outside] = field(default_factory=list)
    deviates: list[Outside] = field(default_factory=list)

    def add(self, other: Counted) -> None:
        """Put the counts of other programs to these."""
        self.programs += other.programs
        self.elements += other.elements
        self.claims += other.claims
        self.refused += other.refused
        self.worst = max(self.worst, other.worst)
        self.amplifies += other.amplifies
        self.deviates += other.deviates


@dataclass(frozen=True)
class Judge:
    """The exact values and the bounds of some updates, for any number of programs."""

    rule: Rule
    format: Format
    blocks: Sequence[Block]
    exact: Sequence[Mapping[str, Sequence[Any]]]
    bounds: Sequence[Mapping[str, ErrorBounds]]

    @classmethod
    def of(cls, rule: Rule, f: Format, blocks: Sequence[Block]) -> Judge:
        """Everything that the programs share."""
        return cls(rule, f, blocks, [exact_update(rule, b) for b in blocks], radii(rule, blocks))

    @cached_property
    def amplified(self) -> Sequence[Mapping[str, ErrorBounds]]:
        """The bounds with the orders that amplify rounding errors."""
        return radii(self.rule, self.blocks, profile=Profile(amplifying=True))

    def ratios(self, number: int, after: Mapping[str, NDArray[Any]], *, amplified: bool = False) -> dict[str, NDArray[np.float64]]:
        """error/bound of a program's values after a block, by variable; NaN without a claim."""
        found = {}
        for name, theirs in after.items():
            exact, bound = self.exact[number][name], (self.amplified if amplified else self.bounds)[number][name]
            there = [i for i, x in enumerate(exact) if x is not None]
            found[name] = np.full(len(exact), np.nan)
            if there:
                found[name][there] = ratios([float(theirs[i]) for i in there], [exact[i] for i in there], bound[there])
        return found


def blocks_of(rule: Rule, f: Format, seed: int, size: Size) -> list[Block]:
    """Updates of every kind, their data in the format."""
    rng = random.Random(f"{seed} {rule.name} {f.name}")
    return [_block(rule, f, KINDS[i % len(KINDS)], rng, size.elements) for i in range(size.blocks)]


def _block(rule: Rule, f: Format, kind: str, rng: random.Random, n: int) -> Block:
    hyper = {h.name: Fraction(rng.choice(CHOICES[h.name])) for h in rule.hyper}
    scale = rng.choice((1.0, 1e-3, 8.0)) if f.name == "float16" else rng.choice((1.0, 1.0, 1e-3, 1e-6, 1e3))

    def row(size: float) -> list[Any]:
        return [_stored(rng.gauss(0, 1) * size * 2.0 ** rng.randint(-3, 3), f) for _ in range(n)]

    def further() -> dict[str, list[Any]]:
        return {name: row(1.0) for name in rule.input_names}

    theta = row(rng.choice((0.0, scale, 1.0, 100.0)))
    if kind == "resumed":
        state = {s.name: [abs(x) for x in row(scale * scale)] if s.symbol.sign else row(scale) for s in rule.tensor_state}
        state |= {s.name: [_stored(rng.random(), f)] * n for s in rule.scalar_state}
        if "centered" in rule.name:  # the mean of squares is at least the square of the mean
            state["v"] = [_stored(float(x * x) * 2 + float(v), f) for x, v in zip(state["m"], state["v"], strict=True)]
        return Block(f, hyper, rng.choice((2, 17, 250, 2500, 2**24)), {"theta": theta, **state}, row(scale), inputs=further())
    first = {name: [Fraction(_stored(float(x), f)) for x in values] for name, values in first_state(rule, hyper, list(map(Fraction, theta))).items()}
    block = Block(f, hyper, 1, {"theta": theta, **first}, row(scale), inputs=further())
    if kind == "changed rate":
        for _ in range(3):
            after = {name: [_stored(0.0 if x is None else float(fraction(x)), f) for x in values] for name, values in exact_update(rule, block).items()}
            block = Block(f, hyper, block.t + 1, after, row(scale), inputs=further())
        factor = rng.choice((Fraction(1, 2), Fraction(3)))
        block = replace(block, hyper={n: x * factor if n == "lr" else x for n, x in hyper.items()})
    return block


def _stored(x: float, f: Format) -> float:
    with np.errstate(over="ignore"):
        y = float(np.array([x]).astype(f.dtype)[0])
    return y if np.isfinite(y) else 0.0


@lru_cache(maxsize=4)
def programs_of(rule: Rule, seed: int, count: int = PROGRAMS) -> tuple[tuple[Program, Program], ...]:
    """Random programs: each for the first update and for later ones, where a rule may choose by the count."""
    found = []
    for i in range(count):
        made = [program(rule, {**rule.values(), "t": Fraction(t)}, random.Random(f"{seed} {rule.name} {i} {t}")) for t in (1, 2)]
        found.append((made[0], made[1]))
    return tuple(found)


def counted(rule: Rule, f: Format, size: Size, seed: int = SEED, count: int = PROGRAMS) -> Counted:
    """Judge random programs of a rule in a format."""
    judge = Judge.of(rule, f, blocks_of(rule, f, seed, size))
    total = Counted(count)
    for i, made in enumerate(programs_of(rule, seed, count)):
        amplifies, deviates = "", ""
        for number, block in enumerate(judge.blocks):
            try:
                after = Computed(block, f, random.Random(f"{seed} {i}")).run(made[block.t > 1])
            except (ZeroDivisionError, OverflowError):
                total.refused += len(block.g)
                continue
            total.elements += len(block.g)
            found = judge.ratios(number, after)
            for variable, ratio in found.items():
                total.claims += int((~np.isnan(ratio)).sum())
                over = ratio > 1
                if over.any():
                    wide = judge.ratios(number, after, amplified=True)[variable]
                    if (wide[over] > 1).any():
                        deviates = deviates or f"block {number} t={block.t} {variable}: {np.nanmax(ratio):.4g}, {np.nanmax(wide[over]):.4g} amplified"
                    else:
                        amplifies = amplifies or f"block {number} t={block.t} {variable}: {np.nanmax(ratio):.4g}"
                if not over.any() and not np.isnan(ratio).all():
                    total.worst = max(total.worst, float(np.nanmax(ratio)))
        total.deviates += [Outside(i, f, deviates)] if deviates else []
        total.amplifies += [Outside(i, f, amplifies)] if amplifies and not deviates else []
    return total


class Made:
    """A random program as an object that can be checked."""

    def __init__(self, rule: Rule, pair: tuple[Program, Program], f: Format, seed: str) -> None:
        self.rule, self.pair, self.format, self.seed = rule, pair, f, seed

    def init(self, theta: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """The state before the first update."""
        values = first_state(self.rule, self.rule.values(), [Fraction(float(x)) if np.isfinite(x) else Fraction(0) for x in theta.ravel()])
        return {name: np.array([float(x) for x in column]).astype(theta.dtype).reshape(theta.shape) for name, column in values.items()}

    def step(self, theta: NDArray[Any], grad: NDArray[Any], state: dict[str, NDArray[Any]], t: int, **given: Any) -> Any:
        """One update; `given`: hyperparameters, and what the rule is given beside the gradient."""
        shape = theta.shape
        if not theta.size:  # nothing of no elements is random
            return theta.copy(), dict(state)
        before = {"theta": theta.ravel().astype(float).tolist(), **{n: x.ravel().astype(float).tolist() for n, x in state.items()}}
        hyper = {**self.rule.values(), **{n: Fraction(x) for n, x in given.items() if n in self.rule.hyper_names}}
        further = {n: np.broadcast_to(given[n], shape).ravel().astype(float).tolist() for n in self.rule.input_names}
        block = Block(self.format, hyper, t, before, grad.ravel().astype(float).tolist(), inputs=further)
        after = {n: x.reshape(shape) for n, x in Computed(block, self.format, random.Random(self.seed)).run(self.pair[t > 1]).items()}
        return after.pop("theta"), after


def named(rule: Rule, f: Format, number: int, seed: int = SEED) -> tuple[str, str | None, str | None]:
    """Verdict, cause and edit that `check` tells of a random program."""
    from refopt.conformance.verdict.judgement import judge
    from refopt.frameworks.own.python_object import from_factory

    pair = programs_of(rule, seed)[number]
    finding = judge(from_factory(lambda: Made(rule, pair, f, f"{seed} {number}"), "random program", rule.name), dtypes=[f.name]).worst
    return finding.verdict, told_or_none(finding.diagnosis.cause), told_or_none(finding.diagnosis.edit)


CHECKED = 3
"""Programs that amplify that `check` is asked about, each of another rule."""


def verdicts(found: Mapping[str, Counted]) -> list[tuple[str, str | None, str | None]]:
    """What `check` tells of some of the programs that amplify rounding errors in float32."""
    chosen = {name: next((x for x in c.amplifies if x.format.name == "float32"), None) for name, c in found.items()}
    some = [(name, x) for name, x in chosen.items() if x is not None][:CHECKED]
    return [named(rule_named(name), x.format, x.number) for name, x in some]


Row = tuple[str, ...]
"""The cells of a row."""


def row(name: str, c: Counted) -> Row:
    """The counts of a rule."""
    return name, str(c.programs), f"{c.elements:,}", f"{c.claims:,}", f"{c.worst:.3f}", str(len(c.amplifies)), str(len(c.deviates))


def kept_rows() -> dict[str, Row]:
    """By rule, the row of the kept table."""
    return {cells[0]: tuple(cells) for cells in rows(QUALITY, "equivalents")}


def table(counts: Sequence[Row], seed: int, size: Size, seconds: float) -> list[str]:
    """The table, with the date, the seed and what was counted."""
    elements, amplify, deviate = (sum(int(cells[i].replace(",", "")) for cells in counts) for i in (2, 5, 6))
    day = datetime.datetime.now(tz=datetime.UTC).date()
    return [
        f"{elements:,} program-elements, seed {seed}, {day}, {seconds:.0f} s for the rules counted last: {deviate} programs deviate,",
        f"{amplify} amplify rounding errors in some update (`conforms*`, with that cause). {PROGRAMS} programs of each rule in each of",
        f"{len(FORMATS)} formats share {size.blocks} updates of {size.elements} elements: first ones, the fourth of a run with another rate, resumed ones.",
        "", "| rule | programs | program-elements | claims | worst error/bound | amplify | deviate |", "|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(cells)} |" for cells in counts),
    ]  # fmt: skip


def every_rule(size: Size, seed: int = SEED, but: Collection[str] = ()) -> dict[str, Counted]:
    """The counts of every rule and variant in all formats, but of those named."""
    found = {}
    for r in rules(variants=True):
        if r.name not in but:
            found[r.name] = Counted()
            for f in FORMATS.values():
                found[r.name].add(counted(r, f, size, seed))
    return found


def main(argv: Sequence[str]) -> None:
    """Print the table and what is outside the bound; `--long` writes the table, with verdicts on programs that amplify; `--missing` its missing rows."""
    size, began = SHARE if not {"--long", "--missing"} & {*argv} else LONG, time.perf_counter()
    before = kept_rows() if "--missing" in argv else {}
    found = every_rule(size, but=before)
    every = before | {name: row(name, c) for name, c in found.items()}
    lines = table([every[r.name] for r in rules(variants=True)], SEED, size, time.perf_counter() - began)
    print("\n".join(lines))
    for name, c in found.items():
        for x in (*c.deviates, *c.amplifies):
            print(name, x)
    if size is LONG:
        told = verdicts(found)
        edits = sum(edit is not None for _, _, edit in told)
        conform = sum(verdict == "conforms" for verdict, _, _ in told)
        words = f"`check` of {len(told)} programs that amplify, each of another rule: {conform} conform, {edits} named edits."
        keep(QUALITY, "equivalents", [*lines, "", words])


if __name__ == "__main__":
    main(sys.argv[1:])

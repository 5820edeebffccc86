"""What an update of 10^7 parameters costs: measured on an idle machine, written into refopt/optim/README.md by `python -m tests.quality.speed`.

On a machine that is not idle `--unmeasured` puts in the rows that the page lacks, with dashes, and leaves the others as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from refopt.bench import step
from refopt.bench.contenders import CONTENDERS
from refopt.optim.threads import available
from tests.quality.pages import SPEED, keep, kept

SIZE = 10_000_000
OTHERS = tuple(name for name in CONTENDERS if name != "C")


def lines(found: Sequence[step.Row], threads: int) -> list[str]:
    """The rows as Markdown."""
    rows = [["rule", "format", "C", "of the memory's speed", *OTHERS], ["---"] * (4 + len(OTHERS))]
    for r in found:
        seconds, share = r.seconds["C"], r.share[r.first]
        ratios = [f"{r.to_first[name]:.1f}" if name in r.to_first else "-" for name in OTHERS]
        rows.append([r.rule, r.dtype, "-" if seconds is None else f"{1e3 * seconds:.1f} ms", f"{100 * share:.0f} %", *ratios])
    return [
        f"{SIZE:,} parameters, {threads} threads; the other columns: as many times as long as C, or as NumPy where there is no C, the median of "
        "turns that alternate.",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def with_all_rows(page: Sequence[str]) -> list[str]:
    """The table with a row of dashes for each rule and format that it lacks."""
    head, rows = page[:4], {tuple(line.strip("| ").split(" | ")[:2]): line for line in page[4:]}
    places = [(rule, dtype) for dtype in step.DTYPES for rule in step.RULES]
    return [*head, *(rows.get(place, f"| {' | '.join((*place, *'--', *('-' for _ in OTHERS)))} |") for place in places)]


def main() -> None:
    """Measure, and write the table into its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unmeasured", action="store_true", help="measure nothing: dashes for what the page lacks")
    if parser.parse_args().unmeasured:
        keep(SPEED, "speed", with_all_rows(kept(SPEED, "speed").splitlines()))
    else:
        keep(SPEED, "speed", lines(list(step.rows(sizes=(SIZE,))), available()))


if __name__ == "__main__":
    main()

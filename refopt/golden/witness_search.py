"""Searching for witnesses: draws that see what the hand-made inputs of a rule do not.

    python -m refopt.golden.witness_search adamw        prints the numbers for the table in `witness`
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import replace

from refopt.golden.expected import certify_case, with_bounds
from refopt.golden.kills import Fate, fate, fates
from refopt.golden.model import Case
from refopt.golden.mutants import Mutant
from refopt.golden.store import cases
from refopt.golden.witness import drawn
from refopt.language.rule import Rule

LIMIT = 200
"""Draws that a search looks at."""


def search(rule: Rule, cases: Sequence[Case], limit: int = LIMIT) -> tuple[int, ...]:
    """The numbers of the draws that, one after the other, see most of what `cases` and the draws before them leave over."""
    left = [f for f in fates(rule, cases) if f.gap]
    missing = unseen(left)
    sees: dict[int, set[tuple[str, str]]] = {}
    for number in range(1, limit + 1):
        if not missing:
            break
        case = drawn(rule, number, 1)
        case = replace(case, dtypes=tuple(d for d in case.dtypes if d in {d for _, d in missing}))
        case = with_bounds([certify_case(case, rule)[0]], rule)[0]
        sees[number] = missing - unseen([fate(f.mutant, rule, [case]) for f in left if isinstance(f.mutant, Mutant)])
        if sees[number] == missing:
            break
    found = []
    while missing and any(sees.values()):
        best = max(sees, key=lambda n: (len(sees[n] & missing), -n))
        if not sees[best] & missing:
            break
        found.append(best)
        missing -= sees[best]
    return tuple(found)


def hand_made(name: str) -> list[Case]:
    """The committed cases of a rule that draws are to add to: all but the draws, and but the cases of courses, which came later and may see the same."""
    return [c for c in cases(name) if "-witness-" not in c.id and not c.courses]


def unseen(found: Collection[Fate]) -> set[tuple[str, str]]:
    """Mutants and formats in which they are not seen."""
    return {(f.mutant.id, d) for f in found for d in f.gap}


def main() -> None:
    """Search for the rules named on the command line, against their committed cases, and print what was found."""
    from refopt.catalogue import rule as rule_named

    for name in sys.argv[1:]:
        rule = rule_named(name)
        print(f'    "{name}": {search(rule, hand_made(name))},', flush=True)


if __name__ == "__main__":
    main()

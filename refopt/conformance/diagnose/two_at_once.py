"""Two mistakes in a run at once: two edits of the run, or one of the run beside one of the formula (the rate is constant, and v starts at 1).

An edit of the formula beside one of the run must explain by itself every failing case that the edit of the run leaves as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.edits import Edit, edits
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.gradient_edits import GRADIENT_EDITS, GradientEdit
from refopt.conformance.diagnose.group_edits import GroupEdit, group_edits
from refopt.conformance.diagnose.looks import COARSE
from refopt.conformance.diagnose.run_edits import RunEdit, applies, run_edits
from refopt.conformance.diagnose.stale_elements import fails
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.observe import Observation
from refopt.golden.description import Description, Several

FEW, MOST = 2, 8
"""Number of failing cases, the shortest, that are tried first; number of edits of the formula that are kept beside one edit of the run."""


@dataclass(frozen=True)
class Beside:
    """An edit of the run beside another edit. `formula` is what is run: the reference where both are of the run."""

    change: Description
    told: Callable[[Sequence[Observation]], list[Observation]]
    formula: Edit | None = None


def two_of_the_run(failing: Sequence[Observation]) -> Iterator[Beside]:
    """Every two edits of the run, one of them of its count or rates, that together change every failing case, and neither of them all of it."""
    changing = [(edit, _changed(edit, failing)) for edit in _edits_of(failing)]
    everything = frozenset(range(len(failing)))
    for (a, by_a), (b, by_b) in combinations([(e, n) for e, n in changing if n], 2):
        if not isinstance(a, GradientEdit) and by_a | by_b == everything:
            yield Beside(Several((a.change, b.change)), lambda seen, a=a, b=b: b.of(a.of(seen)))  # type: ignore[misc]


def _edits_of(failing: Sequence[Observation]) -> list[RunEdit | GroupEdit | GradientEdit]:
    """The edits of some runs: of their counts, rates and courses, of what a parameter group says, and of their gradients."""
    return [*run_edits(failing), *group_edits(failing), *GRADIENT_EDITS]


def run_beside_formula(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[Beside]:
    """An edit of the run that leaves some failing cases as they are, beside the edits of the formula that explain those."""
    numbers = sorted({j.update.case for j in judged if fails(j).any()})
    failing = [evidence.observations[i] for i in numbers]
    known: dict[frozenset[int], list[Edit]] = {}
    for edit in _edits_of(failing):
        changed = _changed(edit, failing)
        rest = frozenset(range(len(failing))) - changed
        if not changed or not rest:
            continue
        if rest not in known:
            known[rest] = _explaining(evidence, [numbers[i] for i in sorted(rest)])
        for formula in known[rest]:
            yield Beside(Several((edit.change, formula.change)), edit.of, formula)


def _explaining(evidence: Evidence, cases: Sequence[int]) -> list[Edit]:
    """The edits of the reference that explain some cases at a quick look; the shortest of them are looked at first."""
    rule = evidence.reference
    chosen = sorted((evidence.observations[i] for i in cases), key=length)
    alone, shortest = evidence.with_observations(chosen), evidence.with_observations(chosen[:FEW])
    found: list[Edit] = []
    for edit in chain(edits(rule), rule_slips(rule), code_edits(rule)):
        model = Model(edit.change, edit.rule)
        if shortest.looks.misfit(model, scalar=COARSE) <= 1 and alone.looks.misfit(model) <= 1:
            found.append(edit)
            if len(found) == MOST:
                break
    return found


def length(o: Observation) -> int:
    """Size of a run: elements times updates."""
    return 0 if o.request is None else len(o.request.grads) * sum(x.size for x in o.request.theta0)


def _changed(edit: RunEdit | GroupEdit | GradientEdit, failing: Sequence[Observation]) -> frozenset[int]:
    """The places of the cases that an edit of the run tells otherwise."""
    return frozenset(i for i, o in enumerate(failing) if (edit.applies([o]) if isinstance(edit, GradientEdit) else applies(edit, [o])))

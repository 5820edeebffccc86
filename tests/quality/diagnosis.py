"""What the diagnosis says about every planted bug, beside the formula that was written when it was planted.

    python -m tests.quality.diagnosis                    everything: prints the table, keeps it in diagnosis.jsonl, writes tests/quality/README.md
    python -m tests.quality.diagnosis --only rmsprop     the bugs whose name holds this; the rest of the kept table stays
    python -m tests.quality.diagnosis --missing          only what the kept table does not hold: a run that was cut short goes on
    python -m tests.quality.diagnosis --jobs 2           bugs side by side
    python -m tests.quality.diagnosis --print            nothing is run: the kept table is printed and written into tests/quality/README.md
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

from refopt import catalogue
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.formulas import rule_or_schedule
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.visibility import measure
from refopt.conformance.protocol.implementation import Implementation, Ran, ScheduleImplementation
from refopt.conformance.protocol.observe import observe
from refopt.conformance.verdict.approach import Approach
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.evaluate_schedule import evaluate_schedule
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.judgement import judge
from refopt.conformance.verdict.look import left_out
from refopt.conformance.verdict.verdict import Verdict
from refopt.golden import store
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.proof.equality import compare_schedules
from refopt.proof.one_update import OneUpdate
from refopt.report.lines import footer
from refopt.report.resuming import losses
from refopt.report.words import told
from refopt.rounding.formats import number_format
from tests.implementations.planted import Planted, parts
from tests.quality import pages
from tests.quality.bugs import FAMILIES, TUNED, Bug, bugs, family, formats, language, running

MEASURED = frozenset(p.name for p in parts.MEASURED)
"""The bugs in a part on which nothing was tuned."""
KEPT = Path(__file__).with_name("diagnosis.jsonl")


@dataclass(frozen=True)
class Outcome:
    """What one bug came out as in one format.

    written   whether the formula written beside the bug explains every case: None where there is none, or only defaults are wrong
    named     the formulas that the diagnosis settled on, and the edits of a run
    edit      the edit that it names, or the defaults
    right     a formula: each formula named is proved equal to the one written; defaults: exactly those that differ are named,
              with their values; a run: no other formula than the catalogue's is named, at most an edit of the run; a part: the name,
              or where no formula is named the place, holds the words that were written beforehand
    worst     the worst error/bound under what is named
    runner_up the worst error/bound of the nearest formula that does not fit
    """

    bug: str
    rule: str
    language: str
    kind: str
    dtype: str
    verdict: str
    written: bool | None
    named: tuple[str, ...]
    edit: str | None
    right: bool
    worst: float | None
    runner_up: float | None
    seconds: float

    @property
    def found(self) -> bool:
        """Whether it was noticed: not called conforming, or conforming and its defaults named."""
        return self.verdict in (Conformance.VARIANT, Conformance.DEVIATES, Conformance.NO_ANSWER) or (self.kind == "defaults" and self.right)


def diagnose(bug: Bug, dtype: str) -> Outcome:
    """Judge a bug in one format, with the default cases, as `refopt check` does."""
    began = time.perf_counter()
    with running(bug) as implementation:
        verdict = judge(implementation, dtypes=[dtype])
        written = explained_by_the_written(bug, implementation, verdict.worst)
    finding = verdict.worst
    explanation = finding.diagnosis.explanation
    named = tuple(a for a in explanation.found if a.name != bug.rule) if explanation is not None else ()
    edit = footer(verdict)["edit"] or defaults_named(verdict) or "; ".join(losses(verdict, finding)) or None
    closest = explanation.closest if explanation is not None else None
    return Outcome(
        bug.name, bug.rule, language(bug), bug.kind, dtype, finding.verdict, written, tuple(told(a.name) for a in named), edit,
        right(bug, finding, tuple(_formula(a, bug.kind) for a in named), verdict), _rounded(finding.diagnosis.ratio) if named else None,
        _rounded(closest.ratio) if named and closest is not None else None, round(time.perf_counter() - began, 1),
    )  # fmt: skip


def _formula(a: Attempt, kind: str) -> Rule | Schedule:
    """The formula that an attempt names; of an edit of the run, where a run is what is wrong, the one that is run otherwise."""
    return rule_or_schedule(a.nearest) if kind == "run" and a.nearest is not None and a.edit is not None and a.edit.of_the_run else a.model.rule


def right(bug: Bug, finding: Finding, named: Sequence[Rule | Schedule], verdict: Verdict) -> bool:
    """Whether it is named for what it is."""
    if isinstance(bug, Planted) and bug.words:
        area = finding.diagnosis.explanation.area if finding.diagnosis.explanation is not None else None
        said = "; ".join([told(finding.diagnosis.edit or ""), told(area or ""), *losses(verdict, finding)])
        return finding.verdict == Conformance.DEVIATES and all(word in said for word in bug.words)
    if bug.kind == "run":
        every = (*catalogue.rules(variants=True), *catalogue.schedules(variants=True))
        return finding.verdict == Conformance.DEVIATES and all(formula in every for formula in named)
    if bug.kind == "defaults":
        assert isinstance(bug.formula, Rule)
        wanted = differing(bug.formula, bug.rule)
        return defaults_named(verdict) == wanted or [differing(r, bug.rule) for r in named if isinstance(r, Rule)] == [wanted]
    assert bug.formula is not None
    return bool(named) and all(proved_equal(formula, bug.formula) for formula in named)


def proved_equal(one: Rule | Schedule, other: Rule | Schedule) -> bool:
    """Whether two formulas are proved to be the same function, for all states, gradients, hyperparameters and steps.

    A state that is a constant multiple of the other's counts as the same; one that is a multiple by the rate does not.
    """
    if isinstance(one, Rule) and isinstance(other, Rule):
        return OneUpdate(one, other).same()[0] == "everywhere"
    return isinstance(one, Schedule) and isinstance(other, Schedule) and compare_schedules(one, other).same_everywhere


def differing(formula: Rule, reference: str) -> str:
    """The defaults of a formula that are not those of its reference: `eps = 1e-07`."""
    normal = rule_or_schedule(reference).defaults
    return ", ".join(f"{h.name} = {float(h.default):g}" for h in formula.hyper if float(h.default) != float(normal[h.name]))


def defaults_named(verdict: Verdict) -> str:
    """The defaults that the report says are different, in the form of `differing`; "" where it says nothing of them."""
    told = verdict.defaults.differing if verdict.defaults is not None else {}
    return ", ".join(f"{n} = {theirs}" for n, (theirs, _) in told.items())


def explained_by_the_written(bug: Bug, implementation: Implementation | ScheduleImplementation, finding: Finding) -> bool | None:
    """Whether the formula written beside a bug explains every case that was answered."""
    if bug.kind != "formula":
        return None
    if isinstance(bug.formula, Schedule):
        assert isinstance(implementation, ScheduleImplementation)
        explanation = evaluate_schedule(implementation, bug.formula, store.packed_cases(bug.rule)).diagnosis.explanation
        return explanation is not None and explanation.reference.fits
    assert bug.formula is not None and finding.evidence is not None
    return fit.attempt(finding.evidence, Model(bug.formula.name, bug.formula, edited=True)).fits


def written_fits(bug: Bug, dtype: str) -> bool | None:
    """The same without a diagnosis: nothing but the written formula is tried."""
    with running(bug) as implementation:
        if bug.kind != "formula":
            return None
        if isinstance(bug.formula, Schedule):
            return explained_by_the_written(bug, implementation, Finding(dtype, Conformance.SKIPPED, Approach(Mode.SCHEDULE)))
        assert isinstance(implementation, Implementation)
        rule, f = catalogue.rule(bug.rule), number_format(dtype)
        cases = [c for c in store.packed_cases(bug.rule) if f.name in c.dtypes and c.kind != "closed_loop"]
        observations = [observe(implementation, rule, case, f) for case in cases]
        visibility = measure(implementation, rule, observations, catalogue.variants(rule.family))
        mode = Mode.STEPWISE if visibility.complete else Mode.OPEN_LOOP
        answered = [o for o in (left_out(o, mode, visibility) for o in observations) if isinstance(o.answer, Ran) and o.case.result != "reject"]
        evidence = Evidence(rule, implementation.views, implementation.settings, answered, f, mode)
        return explained_by_the_written(bug, implementation, Finding(dtype, Conformance.DEVIATES, Approach(mode), evidence=evidence))


def _rounded(x: float | None) -> float | None:
    return None if x is None else float(f"{x:.3g}")


# The kept table


def kept() -> list[Outcome]:
    """The table as it was kept by the last run."""
    if not KEPT.exists():
        return []
    names = {f.name for f in fields(Outcome)}
    rows = [json.loads(line) for line in KEPT.read_text().splitlines()]
    return [Outcome(**{n: tuple(x) if n == "named" else x for n, x in row.items() if n in names}) for row in rows]


def keep(outcomes: Iterable[Outcome]) -> None:
    """Write the table, in the order of the bugs; what is no longer planted is left out."""
    order = {(b.name, d): i for i, (b, d) in enumerate((b, d) for b in bugs() for d in formats(b))}
    rows = sorted((o for o in outcomes if (o.bug, o.dtype) in order), key=lambda o: order[o.bug, o.dtype])
    KEPT.write_text("".join(json.dumps(asdict(o)) + "\n" for o in rows))


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The table as Markdown: counts by rule, then everything that was not named rightly."""
    heads = ("rule", "bugs", "found", "formula named, float64", "float32", "defaults named", "runs, no wrong formula named", "parts named")
    page = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for name in (*FAMILIES, "all"):
        rows = [o for o in outcomes if name in ("all", family(o.rule))]
        if not rows:
            continue
        count = len({o.bug for o in rows})
        found = count - len({o.bug for o in rows if not o.found})
        cells = [_share(o for o in rows if o.kind == "formula" and o.dtype == d) for d in ("float64", "float32")]
        cells += [_share(o for o in rows if o.kind == kind) for kind in ("defaults", "run")]
        cells.append(_share(o for o in rows if o.kind == "part" and o.bug in MEASURED))
        page.append(f"| {name} | {count} | {found} | {' | '.join(cells)} |")
    distances = [o.runner_up for o in outcomes if o.right and o.runner_up is not None]
    languages = [f"{sum(o.language == x for o in {o.bug: o for o in outcomes}.values())} in {x}" for x in ("python", "javascript", "c")]
    page += ["", f"Real source code, {', '.join(languages)}. \"Named\": proved equal to the formula that was written beside the bug beforehand."]
    asked, planted = len({(o.bug, o.dtype) for o in outcomes}), sum(len(formats(b)) for b in bugs())
    if asked < planted:
        page.append(f"Only {asked} of {planted} diagnoses have been run.")
    if distances:
        page.append(f"The runner-up is a median of {median(distances):.3g} bounds away.")
    told = [o for o in outcomes if o.verdict == Conformance.DEVIATES]
    page.append(f"Deviates, and no formula told: {sum(o.edit is None and not o.named for o in told)} of {len(told)} diagnoses.")
    page.append(f"Parts (some elements, updates, values that are sent, or what is loaded) count where nothing was tuned on them; where it was: "
                f"{_share(o for o in outcomes if o.kind == 'part' and o.bug not in MEASURED)}.")  # fmt: skip
    formulas = [o for o in outcomes if o.kind in ("formula", "defaults") and o.dtype == "float64"]
    named = sum(o.right for o in formulas)
    later = sum(o.right and o.bug in TUNED for o in formulas)
    page.append(f"Formulas and defaults in float64: {named} of {len(formulas)} named, {named / len(formulas):.1%}. Of these {later} were not when "
                f"they were first diagnosed: edits of their kinds, or proofs, came later; without that {(named - later) / len(formulas):.1%}.")  # fmt: skip
    if missed := sorted({o.bug for o in outcomes if not o.right}):
        page.append(f"Not named: {', '.join(missed)}.")
    return page


def _share(rows: Iterable[Outcome]) -> str:
    found = list(rows)
    return f"{sum(o.right for o in found)} of {len(found)}" if found else "-"


def named_share(outcomes: Sequence[Outcome], dtype: str) -> float:
    """The share of the bugs with a formula, or with other defaults, that are named rightly in a format."""
    asked = [o for o in outcomes if o.kind in ("formula", "defaults") and o.dtype == dtype]
    return sum(o.right for o in asked) / len(asked)


def _task(name: str, dtype: str) -> Outcome:
    return diagnose(next(b for b in bugs() if b.name == name), dtype)


def main() -> None:
    """Run what is asked for, keep it, print it and write it into tests/quality/README.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[""], help="bugs whose name holds one of these")
    parser.add_argument("--dtype", default="", help="one format")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--missing", action="store_true", help="only what the kept table does not hold")
    parser.add_argument("--print", action="store_true", help="run nothing")
    asked = parser.parse_args()
    tasks = [] if asked.print else [(b.name, d) for b in bugs() if any(part in b.name for part in asked.only) for d in formats(b) if asked.dtype in ("", d)]
    table = {(o.bug, o.dtype): o for o in kept()}
    tasks = [task for task in tasks if not (asked.missing and task in table)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        for i, future in enumerate(as_completed([pool.submit(_task, *task) for task in tasks]), start=1):
            o = future.result()
            table[o.bug, o.dtype] = o
            keep(table.values())
            print(f"{i}/{len(tasks)} {o.bug} {o.dtype}: {o.verdict} {' '.join(o.named)} {o.edit or ''} right={o.right} written={o.written}"
                  f" runner-up {o.runner_up} {o.seconds} s", flush=True)  # fmt: skip
    outcomes = kept()
    print("\n".join(lines(outcomes)))
    pages.keep(pages.QUALITY, "diagnosis", lines(outcomes))


if __name__ == "__main__":
    main()

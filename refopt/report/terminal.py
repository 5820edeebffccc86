"""A verdict as a person sees it: answer first, then what it means, why, where, and what to do next. At most 24 lines."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from refopt.conformance.diagnose.formulas import rule_or_schedule
from refopt.conformance.diagnose.held import Effect
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.resume.loss import Ignored
from refopt.conformance.judge.summary import Difference, digits_right
from refopt.conformance.verdict.conformance import Conformance, Precision
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.verdict import Verdict, rank
from refopt.report import commands, doors, identified_screen, program_screen, resuming, words
from refopt.report.beside import beside, is_smaller, lacks
from refopt.report.context_lines import threads
from refopt.report.explained import edited, elsewhere, formula_read, side_by_side, unexplained
from refopt.report.faults import why
from refopt.report.grounds import claims_line, grounds
from refopt.report.lines import first_difference, number, step_factor, text_of
from refopt.report.plain import plain
from refopt.report.remarks import known_bugs, remarks
from refopt.report.standing_still import either_way, standing_still
from refopt.report.unanswered import beside_a_diagnosis, lost, unanswered
from refopt.report.wrap import WIDTH, folded
from refopt.rounding.formats import FORMATS

LIMIT = 24


def screen(verdict: Verdict, *, verbose: bool = False) -> list[str]:
    """The whole page about one implementation."""
    page, last = parted(verdict, verbose=verbose)
    return [*page, *last]


def parted(verdict: Verdict, *, verbose: bool = False) -> tuple[list[str], list[str]]:
    """The page about one implementation, and apart from it the line of the exit code, where one is shown."""
    worst = verdict.worst
    exit = [plain(f"exit {verdict.exit}: {why(verdict)}")] if verdict.exit or verdict.identified is not None else []
    if verdict.identified is not None:
        return [plain(x) for x in (*head(verdict, answer(verdict)), *identified_screen.body(verdict))], exit
    body = _all_fit(verdict) if worst.verdict in (Conformance.CONFORMS, Conformance.SKIPPED) else _not_reference(verdict, worst)
    tail = [f"Known bug: {bug}" for bug in known_bugs(verdict)] + _notes(verdict, verbose)
    if verbose:
        tail += _grounds(verdict) + _cases(verdict)
    last = _called(verdict)
    page = [*head(verdict, answer(verdict)), *body, *tail]
    return [plain(line) for line in (*(page if verbose else _shortened(page, LIMIT - len(last) - len(exit))), *last)], exit


def head(verdict: Verdict, told: str) -> list[str]:
    """The name and the answer, on one line where they fit."""
    title = f"{verdict.implementation} {verdict.version}".strip()
    if max(len(title), 30) + 1 + len(told) <= WIDTH:
        return [f"{title:<30} {told}", ""]
    indent = max(0, min(31, WIDTH - len(told)))
    return [title, *textwrap.wrap(told, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)), ""]


SPARED = ("Note: ", "  gradient ", "(", "Others met it: ", "By format: ")
"""Beginnings of the lines that a page that is too long does without, the first of these first; what to do next stays."""


def _shortened(page: list[str], limit: int) -> list[str]:
    """A page of at most so many lines, the last of which says how many were left out."""
    kept = list(page)
    for start in SPARED:
        for i in reversed([i for i, line in enumerate(kept) if line.startswith(start)]):
            if len(kept) <= limit - (len(kept) < len(page)):
                break
            end = i + 1
            while start == "By format: " and end < len(kept) and kept[end].startswith("  ") and not kept[end].startswith("  refopt"):
                end += 1
            del kept[i:end]
    if len(kept) == len(page) <= limit:
        return page
    kept = kept[: limit - 1]
    return [*kept, f"({len(page) - len(kept)} more lines: -v)"]


def answer(verdict: Verdict) -> str:
    """The verdict in a few words."""
    if verdict.identified is not None:
        return identified_screen.heading(verdict)
    worst = verdict.worst
    formats = ", ".join(f.dtype for f in verdict.findings if f.verdict == worst.verdict and rank(f) == rank(worst))
    if worst.verdict == Conformance.CONFORMS:
        if worst.precision == Precision.REDUCED:
            return f"conforms, imprecise in {formats}{beside(verdict)}"
        return f"conforms with {verdict.rule}{beside(verdict)}"
    if worst.verdict == Conformance.VARIANT:
        if is_smaller(worst):
            return f"conforms with {' or '.join(worst.diagnosis.matches)}; {lacks(verdict.held)}"
        return "variant " + " or ".join(worst.diagnosis.matches) + (", imprecise" if worst.precision == Precision.REDUCED else "") + beside(verdict)
    if worst.verdict == Conformance.DEVIATES:
        other = [f.dtype for f in verdict.findings if f.verdict not in (Conformance.DEVIATES, Conformance.SKIPPED)]
        return f"deviates from {verdict.rule}" + (f" in {formats}" if other else "") + beside(verdict)
    if worst.verdict == Conformance.NO_ANSWER:
        return f"no answer: {program_screen.told(verdict.program)}" if verdict.program is not None else "no answer"
    return f"skipped: {words.told_or_none(worst.reason)}"


def _table(verdict: Verdict) -> list[str]:
    rows = ["            error/bound   worst at         digits right"]
    for f in verdict.findings:
        if f.verdict == Conformance.SKIPPED:
            rows.append(f"{f.dtype:<10}  skipped: {words.told_or_none(f.reason)}")
            continue
        results = [r for r in (f.diagnosis.best.results if f.diagnosis.best else ()) if r.worst is not None]
        worst = max(results, key=lambda r: r.ratio or 0.0, default=None)
        if worst is None or worst.worst is None:
            rows.append(f"{f.dtype:<10}  {'-':<12}")
            continue
        place = f"{worst.worst.place.variable}, t={worst.worst.place.t}"
        thetas = [digits_right(r.worst) for r in results if r.worst is not None and r.worst.place.variable == "theta"]
        finite = [d for d in thetas if math.isfinite(d)]
        right = f"{max(min(finite), 0):>6.1f} of {FORMATS[f.dtype].precision * math.log10(2):>4.1f}" if finite else ""
        mark = "" if f.precision == Precision.FULL else "  *"
        rows.append(f"{f.dtype:<10}  {number(f.diagnosis.ratio) or '-':<12}  {place:<15} {right}{mark}".rstrip())
    return rows


def _all_fit(verdict: Verdict) -> list[str]:
    judged = [f for f in verdict.findings if f.verdict != Conformance.SKIPPED]
    cases = {line.case.id for f in judged for line in f.ground.lines if line.result is not None}
    skipped = {line.case.id for f in judged for line in f.ground.lines if line.verdict == Conformance.SKIPPED}
    how = {"stepwise": "step by step from its own state", "open_loop": "fed with the given gradients", "closed_loop": "in closed loop"}
    modes = ", ".join(dict.fromkeys(how.get(f.approach.mode, f.approach.mode) for f in judged))
    rest = f" {len(skipped)} skipped (-v)." if skipped else ""
    lines = [*_table(verdict), ""]
    for f in judged:
        if f.diagnosis.cause:
            lines.append(f"* {f.dtype}: the formula is right, but {words.told(f.diagnosis.cause)}")
    hidden = [f for f in judged if f.approach.mode == Mode.OPEN_LOOP and f.approach.why]
    if hidden:
        lines.append(f"not stepwise: {words.told_or_none(hidden[0].approach.why)}")
    if (told := claims_line(verdict)) is not None:
        lines.append(told)
    if judged:
        lines.append(f"{_count(len(cases), 'case')}, {_count(len(judged), 'format')}, {modes}.{rest}")
        lines += list(dict.fromkeys(line for f in judged for line in (*_folded(resuming.how(f)), *doors.how(f))))
        lines.append('"bound" is the largest error that rounding alone can cause; 1 is the limit.')
    others = [name for name in judged[0].diagnosis.also_fits if all(name in f.diagnosis.also_fits for f in judged)] if judged else []
    if others:
        lines.append(f"These cases cannot tell it from: {', '.join(others)}")
    return lines


def _folded(text: str | None) -> list[str]:
    return [] if text is None else textwrap.wrap(text, WIDTH, subsequent_indent="  ")


def _loses(verdict: Verdict, worst: Finding) -> list[str]:
    """A known formula that loses something when its state is loaded."""
    lines = [line for text in resuming.losses(verdict, worst) for line in _folded(resuming.sentence(text))]
    if any(isinstance(x.what, Ignored) for x in worst.losses):
        lines += _folded(f"A name of the formula's is shown and loaded; {resuming.WAY_OUT}.")
    lines += ["", *_folded(f"An uninterrupted run is {words.told_or_none(worst.diagnosis.nearest)}. {resuming.how(worst)}"), ""]
    seen = next((x for x in worst.losses if x.first is not None), worst.losses[0])
    d = seen.first
    if d is not None:
        lines.append(f"First difference: case {d.case}, t={d.place.t}, {d.place.variable}[{d.place.element}], {worst.dtype}")
        lines.append(f"  saved and loaded after {_count(seen.cut, 'update')}")
        lines += [f"  uninterrupted  {text_of(d.exact):>26}", f"  after loading  {text_of(d.theirs):>26}"]
    if len({_short(f) for f in verdict.findings}) > 1:
        lines += _folded("By format: " + ", ".join(f"{f.dtype} {_short(f)}" for f in verdict.findings))
    if commands.can_be_named(verdict):
        lines += _command("Reproduce:", commands.reproduce(verdict, worst, seen.case))
    return lines


def _not_reference(verdict: Verdict, worst: Finding) -> list[str]:
    if worst.only_loses:
        return _loses(verdict, worst)
    if worst.wrong_doors:
        return doors.page(verdict, worst)
    lines = []
    if worst.verdict == Conformance.NO_ANSWER:
        if verdict.program is not None and verdict.program.failed is not None:
            return program_screen.failed(verdict.program)
        lines = [*unanswered(verdict), *_by_format(verdict)]
        return lines if verdict.program is None else [*lines, "", *program_screen.no_answers(verdict.program, lost(verdict))]
    d = first_difference(worst)
    if d is not None and (told := consequence(d)):
        lines += _with_reason(told, worst, d)
    failing = sum(not r.fits for r in worst.diagnosis.explanation.reference.results) if worst.diagnosis.explanation else 0
    total = len(worst.diagnosis.explanation.reference.results) if worst.diagnosis.explanation else 0
    if worst.verdict == Conformance.VARIANT and is_smaller(worst):
        gone = ", ".join(f"{x.name} = 0" for x in verdict.held if x.effect is Effect.SMALLER)
        lines += [f"It takes no {', '.join(x.name for x in verdict.held)}, and is {verdict.rule} with {gone} in every case:", ""]
        for attempt in worst.diagnosis.explanation.found if worst.diagnosis.explanation else ():
            lines += side_by_side(rule_or_schedule(verdict.rule), attempt.written)
    elif worst.verdict == Conformance.VARIANT:
        one = "One difference explains" if len(worst.diagnosis.matches) == 1 else "Any of these explains"
        lines += [f"{one} {f'all {failing} failing cases' if failing > 1 else 'the one failing case'} of {total}:", ""]
        for attempt in worst.diagnosis.explanation.found if worst.diagnosis.explanation else ():
            lines += side_by_side(rule_or_schedule(verdict.rule), attempt.written)
    elif worst.diagnosis.edit is not None:
        lines += edited(worst, verdict.rule, failing, total)
    else:
        lines += [*unexplained(worst), *formula_read(verdict.read)]
    lines += elsewhere(verdict, worst) + _fits(worst)
    lines += _by_format(verdict) + beside_a_diagnosis(verdict)
    if d is not None:
        lines += difference(d, worst)
    if worst.diagnosis.cause:
        lines.append(f"Imprecise in {worst.dtype}: {words.told(worst.diagnosis.cause)}")
    lines += [line for text in resuming.losses(verdict, worst) for line in _folded(f"Besides: {text}.")]
    if met := threads(worst):
        fitting = [k for k in range(1, min(len(met), 3) + 1) if len(f"Others met it: {', '.join(met[:k])}") <= WIDTH]
        lines.append(f"Others met it: {', '.join(met[: max(fitting, default=1)])}")
    if worst.verdict == Conformance.VARIANT:
        lines += [*_folded(resuming.how(worst)), *doors.how(worst)]
    if d is not None and commands.can_be_named(verdict):
        lines += _command("Reproduce:", commands.reproduce(verdict, worst, d.case))
    if worst.verdict == Conformance.VARIANT and commands.can_be_named(verdict):
        lines += _command("Meant so?", commands.meant(verdict, worst.diagnosis.matches[0]))
    if (formula := commands.formula(verdict)) is not None:
        lines += _command("Its formula:", formula)
    return lines


def _by_format(verdict: Verdict) -> list[str]:
    """One verdict a format, where they are not all the same; and why a format was skipped."""
    if len({_short(f) for f in verdict.findings}) == 1:
        return []
    lines = textwrap.wrap("By format: " + ", ".join(f"{f.dtype} {_short(f)}" for f in verdict.findings), WIDTH, subsequent_indent="  ")
    reasons = dict.fromkeys(f.reason for f in verdict.findings if f.verdict == Conformance.SKIPPED and f.reason)
    return [*lines, *(line for r in reasons for line in textwrap.wrap(f"  skipped: {words.told(r)}", WIDTH, subsequent_indent="    "))]


def _with_reason(told: str, finding: Finding, d: Difference) -> list[str]:
    """Text of a consequence, with its circumstances: the comment of the case that shows it most clearly."""
    comment = next((x.case.comment for x in finding.ground.lines if x.case.id == d.case), "")
    return [told] if not comment else [f"{told} ({comment})"] if len(told) + len(comment) + 3 <= WIDTH else [told, f"({comment})"]


def _command(label: str, text: str) -> list[str]:
    """A line that can be pasted; on a line of its own where it would not fit beside its label."""
    return [f"{label:<14} {text}"] if 15 + len(text) <= WIDTH else [label, f"  {text}"]


def _short(f: Finding) -> str:
    star = "*" if f.precision == Precision.REDUCED and f.verdict in (Conformance.CONFORMS, Conformance.VARIANT) else ""
    return f"{f.diagnosis.matches[0] if f.verdict == Conformance.VARIANT else f.verdict}{star}"


def _fits(worst: Finding) -> list[str]:
    if worst.diagnosis.explanation is None:
        return []
    lines = ["", "             fits yours         error/bound"]
    for a in worst.diagnosis.explanation.found[:3]:
        name = "this edit" if a.edit is not None else a.model.rule.name
        lines.append(f"             {name + (' *' if a.cause else ''):<20} {number(a.ratio):>9}")
    reference = worst.diagnosis.explanation.reference
    if not worst.diagnosis.explanation.found:
        lines.append(f"             {reference.model.rule.name:<20} {number(reference.ratio):>9}")
    elif worst.diagnosis.explanation.closest is not None:
        lines.append(f"             {'next best':<20} {number(worst.diagnosis.explanation.closest.ratio):>9}")
    return [*lines, ""]


def difference(d: Difference, worst: Finding) -> list[str]:
    """Place of a difference, and both values."""
    lines = [f"First difference: case {d.case}, t={d.place.t}, {d.place.variable}[{d.place.element}], {worst.dtype}"]
    if d.g is not None and worst.diagnosis.edit is None:
        lines.append(f"  gradient  {text_of(d.g):>26}")
    lines.append(f"  exact     {text_of(d.exact) if d.exact is not None else 'not finite':>26}")
    lines.append(f"  yours     {text_of(d.theirs):>26}")
    return lines


def consequence(d: Difference) -> str | None:
    """Consequence of a difference for a person: how much too long or too short the step is."""
    if d.place.variable != "theta" or d.exact is None or not isinstance(d.theirs, float):
        return None
    if not math.isfinite(d.theirs):
        return f"theta becomes {d.theirs} where the exact value is finite."
    factor = step_factor(d)
    if factor is None or factor == 0 or math.isinf(factor):
        return "theta does not move where it should." if factor == 0 else "theta moves where it should not."
    if factor < 0:
        return f"Steps go the wrong way, {-factor:.3g} times as far, at t={d.place.t}."
    if factor >= 1.005:
        return f"Steps are {_times(factor)} too long at t={d.place.t}."
    if factor <= 0.995:
        return f"Steps are {_times(1 / factor)} too short at t={d.place.t}."
    return f"Steps are off by {abs(factor - 1):.2g} of their length at t={d.place.t}."


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'s' if n != 1 else ''}"


def _times(factor: float) -> str:
    return f"{100 * (factor - 1):.2g} %" if factor < 1.1 else f"{factor:.3g} times"


def _notes(verdict: Verdict, verbose: bool) -> list[str]:
    """The remarks: one line each with -v, else all of them folded into one."""
    notes, accepts = [x for x in (*remarks(verdict), *standing_still(verdict), *either_way(verdict)) if x not in verdict.told], list(verdict.accepts)
    if verbose:
        return [f"Note: {n}" for n in (*notes, *(f"accepts {x}" for x in accepts))]
    rest = [*notes, *([f"accepts {', '.join(accepts)}"] if accepts else [])]
    shown: list[str] = []
    for remark in rest:
        if len(_note([*shown, remark], len(rest))) <= WIDTH:
            shown.append(remark)
    return [_note(shown, len(rest))] if rest else []


def _called(verdict: Verdict) -> list[str]:
    """The calls of a person's own object, in full."""
    return folded(f"As it was called: {'; '.join(verdict.told)}", 2) if verdict.told else []


def _note(shown: Sequence[str], of: int) -> str:
    left = of - len(shown)
    more = f"{left} more: -v" if shown else f"{_count(left, 'remark')}: -v"
    return f"Note: {'; '.join(shown)}" + ("" if not left else f" ({more})" if shown else more)


def _grounds(verdict: Verdict) -> list[str]:
    rows = grounds(verdict)
    told = [textwrap.wrap(f"  {label:<17} {text}", WIDTH, subsequent_indent=" " * 20) for label, text in rows]
    return ["", "What was looked at:", *(line for lines in told for line in lines)] if rows else []


def _cases(verdict: Verdict) -> list[str]:
    lines = ["", "case                              dtype      verdict     error/bound"]
    for f in verdict.findings:
        for x in f.ground.lines:
            ratio = number(x.result.ratio) if x.result is not None else None
            lines.append(f"{x.case.id:<33} {f.dtype:<10} {x.verdict:<11} {ratio or '-':<8} {words.told_or_none(x.reason) or ''}".rstrip())
    return lines

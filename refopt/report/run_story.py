"""Explanation of a logged run that no formula alone explains, in words and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refopt.identify.breaks import Break
from refopt.identify.coordinates import CLIP_NORM, NORM_EPS
from refopt.identify.interval import Open
from refopt.identify.rows import Accumulated, Reduction, Rows, Skipped
from refopt.identify.story import Story
from refopt.language.rule import Rule

REDUCED = {Reduction.MEAN: "the mean of their gradients", Reduction.SUM: "the sum of their gradients",
           Reduction.LAST: "the gradient of the last of them only", Reduction.FIRST: "the gradient of the first of them only"}  # fmt: skip
SCALES = range(5, 25)
"""Powers of 2 that are tried as a loss scale."""
USUAL = 16
"""The one with which mixed precision starts in most programs."""
ROUND = 2
"""Digits of a norm that somebody wrote down."""
NORM_ADDED = 1e-6
"""Number that programs add to a norm before they divide by it."""


def rule_name(story: Story) -> str:
    """The name of the rule; clipping is told apart."""
    return story.found.name.removesuffix("+clip_norm")


def headline(story: Story) -> str:
    """The rule and what happened, in a few words."""
    if not story.whole:
        return f"{rule_name(story)}, in part"
    happened = [*_rows_word(story.rows), *(["interrupted"] if story.breaks else []), *(["gradients clipped by norm"] if story.clipped else [])]
    return f"{rule_name(story)}, {', '.join(happened)}"


def sentences(story: Story) -> list[str]:
    """Events of a run, a sentence a line, first what the rows mean, then each break."""
    lines = ["No formula explains the log as its rows say."] if story.rows is not None or story.clipped else []
    lines += _rows(story)
    if story.clipped:
        lines.append(_clipped(story))
    if story.since:
        what = "update 1 is" if story.since == 1 else f"updates 1 to {story.since} are"
        lines.append(f"{rule_name(story)}, exactly, from update {story.since + 1} on, as a run that starts there; {what} not explained.")
    elif story.breaks or not story.whole:
        lines += _breaks(story)
    return lines


def as_json(story: Story) -> dict[str, Any]:
    """The story as one JSON object."""
    rows = story.rows
    return {
        "sentences": sentences(story), "first": story.since + 1, "until": story.until, "whole": story.whole, "clipped_by_norm": story.clipped,
        "rows": None if rows is None else _rows_json(rows),
        "breaks": [{"update": b.update, "row": _row(story, b.update), "lost": sorted(b.lost), "counter_starts_anew": b.anew, "theta_set_from_outside": b.moved}
                   for b in story.breaks],
        "instead": [{"rows": _rows_json(r), "hyper": {o.name: float(o.shortest) for o in f.hyper}} for r, f in story.instead],
        "then": None if story.then is None else {"rule": story.then.name, "hyper": {o.name: float(o.shortest) for o in story.then.hyper}},
    }  # fmt: skip


def _rows_word(rows: Rows | None) -> list[str]:
    if rows is None:
        return []
    if isinstance(rows, Accumulated):
        return ["gradients accumulated"]
    return ["updates skipped" if len(rows.updates) > 1 else "an update skipped"]


def _rows(story: Story) -> list[str]:
    rows, lines = story.rows, []
    if isinstance(rows, Accumulated):
        text = f"Gradients are accumulated: one update for {rows.size} rows, with {REDUCED[rows.reduction]}"
        if rows.uneven:
            text += f"; fewer rows in {_numbers('update', rows.uneven)}"
        lines.append(f"{text}{'; t counts rows, not updates' if rows.by_rows else ''}.")
    elif isinstance(rows, Skipped):
        verb = "is" if len(rows.updates) == 1 else "are"
        text = f"{_numbers('update', rows.updates)} {verb} skipped".capitalize()
        if rows.remembered:
            text += ": theta stands still, though the state takes the gradient"
        elif _counts(story.found.fit.rule):
            text += ", but counted: t goes on" if rows.counted else " and not counted: t stands still"
        lines.append(f"{text}.")
    for other, found in story.instead:
        assert isinstance(other, Accumulated)
        own = {o.name: o.shortest for o in story.found.hyper}
        changed = ", ".join(f"{o.name} {o.shortest}" for o in found.hyper if o.recovered and own[o.name] != o.shortest)
        lines.append(f"The same numbers: {REDUCED[other.reduction]}{f' with {changed}' if changed else ''}.")
    return lines


def _breaks(story: Story) -> list[str]:
    name, counts = rule_name(story), _counts(story.found.fit.rule)
    first = story.breaks[0].update if story.breaks else story.until + 1
    lines = [f"{name}, exactly, for {_span(story, 1, first - 1)}; then it breaks."]
    for i, b in enumerate(story.breaks):
        last = story.breaks[i + 1].update - 1 if i + 1 < len(story.breaks) else story.until
        lines.append(f"{_happened(story, b, counts)} So it goes on, exactly, for {_span(story, b.update + b.moved, last)}.")
    if not story.whole:
        at = f"Update {_row(story, story.until + 1)} is not explained, neither by a loss of the state or of the count of updates nor by another rate"
        lines.append(f"{at}; {f'from there on it is {story.then.name}, as a run that starts there' if story.then else 'what follows is not looked at'}.")
    return lines


def _happened(story: Story, b: Break, counts: bool) -> str:
    rule, at = story.found.fit.rule, f"At update {_row(story, b.update)}"
    if b.moved:
        return f"{at} theta is not what the formula makes of it: it was set from outside."
    kept = tuple(s.name for s in rule.state if not s.constant and s.name not in b.lost)
    lost = [f"{s.name} ({s.meaning})" if s.meaning else s.name for s in rule.state if s.name in b.lost]
    parts = [f"{_joined(lost)} {'start' if len(lost) > 1 else 'starts'} anew"] if lost else []
    parts += [f"the count of updates {'starts anew' if b.anew else 'goes on'}"] if counts else []
    parts += [f"{_joined(kept)} {'go' if len(kept) > 1 else 'goes'} on"] if kept else []
    why = "a run resumed from nothing but theta" if not kept and (b.anew or not counts) else f"a run resumed that had lost {_joined(_lost_words(b))}"
    return f"{at} {', '.join(parts)}: {why}."


def _joined(names: Sequence[str]) -> str:
    return " and ".join(x for x in (", ".join(names[:-1]), names[-1]) if x)


def _lost_words(b: Break) -> list[str]:
    return [*sorted(b.lost), *(["its count of updates"] if b.anew else [])]


def _clipped(story: Story) -> str:
    hyper = {o.name: o for o in story.found.hyper}
    clip, eps = hyper[CLIP_NORM], hyper.get(NORM_EPS)
    if not clip.recovered:
        return f"{rule_name(story)}, if every gradient is clipped by norm first; to which norm this log does not tell."
    text = f"{rule_name(story)}, if every gradient is clipped to norm {clip.shortest} first"
    scale = _loss_scale(clip, eps)
    if scale is None:
        return f"{text}."
    factor, norm = scale
    return f"{text}: that is 1/{factor:.6g} of {norm}, so a clip to norm {norm} while gradients are still multiplied by a loss scale of {factor:.6g}."


def _loss_scale(clip: Open, eps: Open | None) -> tuple[float, str] | None:
    """A loss scale with which the norm is a round number: 1 if it can be, else at the usual scale. What is added to the norm tells it too."""
    if _digits(clip.shortest) <= ROUND:
        return None
    scaled = {p: Open(clip.name, clip.value * 2.0**p, clip.low * 2.0**p, clip.high * 2.0**p).shortest for p in SCALES}
    seen = {p: eps is None or eps.low <= 0 or eps.low <= NORM_ADDED / 2.0**p <= eps.high for p in SCALES}
    likely = [p for p in SCALES if seen[p] and _digits(scaled[p]) <= ROUND]
    power = min(likely, key=lambda p: (float(scaled[p]) != 1, p != USUAL, _digits(scaled[p])), default=None)
    return None if power is None else (2.0**power, scaled[power])


def _digits(text: str) -> int:
    return len(text.partition("e")[0].replace(".", "").strip("0"))


def _counts(rule: Rule) -> bool:
    """True where a rule's formula has t in it."""
    return any(s.name == "t" for let in rule.steps for s in let.value.symbols())


def _row(story: Story, update: int) -> int:
    """An update's number where skipped ones count; of accumulated ones their own."""
    return story.rows.row(update) if isinstance(story.rows, Skipped) else update


def _span(story: Story, first: int, last: int) -> str:
    a, b = _row(story, first), _row(story, last)
    return f"update {a}" if a == b else f"updates {a} to {b}"


def _numbers(noun: str, numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:8])) + (", ..." if len(numbers) > 8 else "")
    return f"{noun} {shown}" if len(numbers) == 1 else f"{noun}s {shown}"


def _rows_json(rows: Rows) -> dict[str, Any]:
    if isinstance(rows, Accumulated):
        return {"kind": "accumulated", "rows": rows.size, "gradient": rows.reduction.value, "t_counts_rows": rows.by_rows, "uneven": list(rows.uneven)}
    return {"kind": "skipped", "updates": list(rows.updates), "counted": rows.counted, "remembered": rows.remembered}

"""Descriptions of each field of the harness protocol and of a report's last line, in their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HARNESS = {
    "cmd": "what is asked", "protocol": "the version of the protocol", "seq": "the number of the message: an answer has that of its question",
    "implementation": "who answers", "name": "what it is called", "language": "the language it is written in", "version": "its version",
    "dtypes": "the formats that it computes in",
    "rules": "by rule: what it takes, and shows of its state; every rule is asked for where this is absent",
    "schedules": "by schedule: what it takes",
    "hyper": "hyperparameters: in a question by name their values in decimal, in an answer to `start` the names",
    "state": "by name a state variable: in an answer to `start` the names, in one to `run` an entry a kept update, each with one value an element",
    "courses": "in a question by name one value an update of a hyperparameter that changes, in place of the one in `hyper`; "
    "in an answer to `start` true where that may be asked",
    "inputs": "in a question by name what an update is given beside the gradient, in the form of `grads`; in an answer to `start` the names",
    "resume": "true where it can start from a given state", "defaults": "by name the values that hold where nothing is sent",
    "rule": "the rule, with its variant after a slash", "dtype": "the format to compute in",
    "lr": "in a question one rate an update, or null: the hyperparameter holds; in an answer the rates at the steps asked for",
    "params": "the tensors, in their order", "shape": "the tensor's shape", "theta0": "the elements before the first update, in row-major order",
    "state0": "by name the state before the first update; null: its own start", "t0": "the number that the next update has",
    "grads": "by update and tensor: the elements of the gradient; null where it is absent",
    "keep": "the numbers of the updates whose values are asked for", "theta": "by kept update: the elements",
    "skipped": "it lacks something that was asked for", "reason": "what it lacks",
    "rejected": "it refuses the arguments, as it should where they are wrong", "failed": "it could not finish", "message": "the error's text",
    "schedule": "the schedule", "steps": "the steps whose rates are asked for",
}  # fmt: skip
"""By field: it means the same wherever it stands, but where the text says otherwise."""
FOOTER = {
    "kind": "the kind of line", "complete": "true: a report that was cut off has no last line", "implementation": "as it was spelled",
    "rule": "the rule it was judged by", "verdict": "the worst of its formats", "matches": "the named formulas that every case fits",
    "ambiguous": "true where several explanations of one level fit",
    "edit": "the edits of a formula that explain every case, in words; null where there are none",
    "nearest": "the named formula that comes nearest; null where one fits", "indistinguishable_from": "formulas that fit too, beside the reference",
    "precision": "reduced where the formula is right and one cause costs precision", "cause": "that cause, in words; null where there is none",
    "known_bugs": "faults that are not of the formula",
    "hidden_state": "true where part of the state is not visible: then theta alone was compared over several updates",
    "defaults": "beside those of the rule; null where nothing says", "fixed": "hyperparameters that are not taken, each at its one value",
    "isolated": "true where it ran in a process of its own, and not in that of refopt",
    "looked_at": "what was compared, and over how many updates", "resume": "what saving and loading does; null where it was not tried",
    "dtypes": "by format: the same, for that format alone", "exit": "the exit code of the command",
    "worst_ratio": "the largest error in bounds; null where there is none", "claims": "values that were compared",
    "no_claims": "values of which the bound says nothing", "reason": "why there is no answer, or why it was skipped",
    "doors": "of a schedule, the other ways to its rates, and whether these are the same there",
    "stood_still": "the elements that no update moved", "theta_claims": "values of theta that were compared",
    "deciding_claims": "those of them that tell the formula from its neighbours", "cases": "cases that theta was compared in",
    "decided_cases": "those of them in which every element has a deciding value",
}  # fmt: skip


def everywhere(schema: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """A schema with the description of every field of every object in it."""
    made = {key: _within(x, texts) for key, x in schema.items() if key != "properties"}
    if "properties" in schema:
        made["properties"] = {name: {"description": texts[name], **everywhere(x, texts)} for name, x in schema["properties"].items()}
    return {key: made[key] for key in schema}


def _within(x: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(x, list):
        return [_within(item, texts) for item in x]
    return everywhere(x, texts) if isinstance(x, dict) else x

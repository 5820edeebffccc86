"""Descriptions of each field of a golden file and of a list of kills, in their schemas."""

from __future__ import annotations

from typing import Any

FILE = {
    "format": "the format and its major version", "rule": "the rule, variant or schedule that the cases are of",
    "fingerprint": "sha256 of the formula's canonical text", "latex": "the formula for people", "source": "where the formula is from",
    "command": "the command that writes this file", "probes": "by name: what cases look for", "cases": "the cases",
    "hash": "sha256 of the canonical JSON of all but this field",
}  # fmt: skip
PROBE = {
    "kind": "the sort of fault", "description": "what is looked for", "effect": "what happens to the user whose code fails it",
    "links": "threads where people met it",
}  # fmt: skip
PARAMETER = {
    "shape": "the tensor's shape", "tile": "how many distinct elements: element i is distinct element i mod tile",
    "theta0": "the distinct elements before the first update", "state0": "by name the state before the first update; null: the rule's own start",
}  # fmt: skip
SHAPE = {
    "shape": "the tensor's shape", "tile": "how many distinct elements it repeats",
    "first": "element i is the other case's distinct element first + i mod tile, counted around its end; 0 where it is absent",
}  # fmt: skip
EXPECTED = {"t": "the number of the update, as the run counts", "params": "the values after it, one entry a tensor"}
VALUES = {
    "theta": "theta to 40 digits, one a distinct element", "state": "by name the state to 40 digits",
    "bound": "by format and variable the largest error that rounding alone can cause; inf: no claim",
}  # fmt: skip
CASE = {
    "id": "the case's name, unique among all files", "comment": "what it is, in words",
    "kind": "open_loop: gradients are given; closed_loop: an objective gives them; schedule: rates; defaults: nothing is sent; reject: an error is expected",
    "result": "must: the values hold; may: the outcome's class or a refusal; reject: an error", "probes": "what it looks for",
    "dtypes": "the formats it is for", "hyper": "the hyperparameters that are sent", "lr": "one rate an update; null: the hyperparameter holds",
    "inputs": "by name: what an update is given beside the gradient (a diagonal of the Hessian, a noise), in the form of `grads`",
    "courses": "by name: one value an update of any other hyperparameter, in place of the one in `hyper`",
    "params": "the tensors", "t0": "the number that the next update has; 1 where it is absent",
    "grads": "by update and tensor: the distinct elements of the gradient; null where it is absent",
    "period": "after how many updates the gradients repeat: `grads` holds only so many", "updates": "how many updates there are, where gradients repeat",
    "keep": "the updates whose values stand in `expect`; the last one of a case that is like another is its last update",
    "expect": "the values, where an update without a gradient counts for its tensor too",
    "expect_own": "the values, where a tensor's updates are counted by its own gradients, and that differs: both are right",
    "like": "the case of this file whose hyperparameters, distinct elements, gradients, values and bounds these are",
    "shapes": "the tensors, made of the other case's distinct elements",
    "objective": "of a closed loop: the objective's name", "objective_hyper": "its hyperparameters", "samples": "the numbers of the samples of each update",
    "schedule": "of a closed loop: the schedule of its rate", "schedule_hyper": "the schedule's hyperparameters",
    "steps": "of a schedule: step numbers", "rates": "the rates at them to 40 digits", "rate_bound": "their bounds in binary64",
    "hyper_expected": "of a defaults case: the hyperparameters that must be in force",
    "outcome": "of a `may` case: the class of theta after the last update, one a distinct element", "reason": "why it may go either way",
}  # fmt: skip
KILLS = {
    "format": "the format and its major version", "rule": "the rule, variant or schedule", "fingerprint": "sha256 of the formula's canonical text",
    "killed": "by mutant: its edit, and by format the first case in which it is more than 4 bounds off",
    "equivalent": "mutants that are proved to be the same formula, and their edits",
    "listed": "mutants that no case sees in some formats", "hash": "sha256 of the canonical JSON of all but this field",
}  # fmt: skip
KILLED = {
    "kind": "where: the edit holds only in some tensors or elements; when: at some updates; sent: a hyperparameter is taken otherwise than it is sent; "
    "course: one that changes from update to update is taken from another update; "
    "absent: it holds everywhere",
    "edit": "the edit in one line", "float64": "the case that kills it", "float32": "the case that kills it", "bfloat16": "the case that kills it",
    "float16": "the case that kills it",
}  # fmt: skip
LISTED = {
    "kind": KILLED["kind"], "edit": KILLED["edit"], "gap": "by format the largest difference found, in bounds", "reason": "why, where it is known",
}  # fmt: skip


def described(properties: dict[str, Any], texts: dict[str, str]) -> dict[str, Any]:
    """The properties of a schema, each with its description."""
    return {name: {"description": texts[name], **schema} for name, schema in properties.items()}

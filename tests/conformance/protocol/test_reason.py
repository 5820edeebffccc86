"""Reasons are data: they survive the way to another process, and have words in the report alone."""

from __future__ import annotations

import pickle
import pickletools

import pytest

from refopt.conformance.protocol.implementation import Skipped
from refopt.conformance.protocol.message import answer_of, packed_answer
from refopt.conformance.protocol.plain import decode, encode
from refopt.conformance.protocol.reason import Reason, Why, brief
from refopt.frameworks.isolated.wire import read
from refopt.report.words import told

NESTED = Reason(Why.NO_DEFAULTS, of=Reason(Why.TAKES_NO, ("lr", "eps")))


@pytest.mark.parametrize("reason", [NESTED, Reason(Why.COUNTER_STOPS), Reason(Why.SAVING_RAISED, of="KeyError: 'v'"), "its own words"])
def test_a_reason_is_the_same_after_the_way_to_another_process(reason: Reason | str) -> None:
    assert answer_of(decode(encode(packed_answer(Skipped(reason))))) == Skipped(reason)
    assert read(pickle.dumps(Skipped(reason))) == Skipped(reason)


def test_no_function_is_named_where_a_reason_is_pickled() -> None:
    names = [arg for op, arg, _ in pickletools.genops(pickle.dumps(NESTED, protocol=2)) if op.name == "GLOBAL"]
    assert all(str(n).startswith("refopt.") or "copyreg" in str(n) or str(n) == "__builtin__ object" for n in names), names


def test_a_reason_that_passes_another_on_is_told_with_it() -> None:
    assert told(NESTED) == "it has no defaults: where no hyperparameter is sent, it takes no lr, eps"
    assert told(Reason(Why.VALUES_OF, ("sgd", "adam"))) == "you named no rule; its values are those of sgd or adam"
    assert told(Reason(Why.AT_UPDATE, ("3",), "raised ValueError: {odd}")) == "update 3: raised ValueError: {odd}"


def test_an_error_names_a_reason_by_its_key_and_foreign_words_as_they_are() -> None:
    assert brief(Reason(Why.LOOP_ENDED, ("1", "2"))) == "loop ended 1 2"
    assert brief("stopped") == "stopped"

"""`prove` and `check` say the same of everything that both can do."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.frameworks import known
from refopt.golden import store
from refopt.proving.answer import Differs, Equal, Unreadable
from refopt.proving.prove import prove
from refopt.report import check
from refopt.report.words import told

TELLING = ("eps", "rate", "decreasing", "decay", "schedule")
"""Cases that tell the named formulas apart: gradients as small as eps, a rate that changes, a second moment that falls."""
OWN = [
    ("python:tests.implementations.textbook_adam:TextbookAdam", "adam"),
    ("python:tests.implementations.adam_eps_in_sqrt:make", "adam"),
    ("numpy.rmsprop_centered", "rmsprop"),
    ("numpy.adam_l2", "adam/l2"),
]


def _telling(rule: str) -> list[str]:
    ids = [case.id for case in store.cases(rule)]
    return [i for i in ids if i.endswith("-001") and i.split("-")[-2] in TELLING]


def _has_a_list(rule: str) -> bool:
    found = catalogue.find(rule)
    return found is not None and any(h.is_list for h in found.hyper)


def test_a_schedule_of_a_list_is_not_read_and_that_is_said_of_the_list() -> None:
    answer = prove("refopt.generated.numpy.multi_step", "multi_step")
    assert isinstance(answer, Unreadable) and "milestones" in told(answer.reason), answer


@pytest.mark.parametrize(("name", "rule"), [*((k.spelling, k.rule) for k in known() if not _has_a_list(k.rule)), *OWN])
def test_what_is_proved_is_what_the_golden_cases_show(name: str, rule: str) -> None:
    answer = prove(name, rule)
    footer = check(name, rule, dtypes=["float64"], cases=_telling(rule)).footer
    if isinstance(answer, Equal):
        assert footer["verdict"] == "conforms", footer
        return
    assert isinstance(answer, Differs), answer
    assert footer["verdict"] == "variant", footer
    found = footer["matches"] if isinstance(footer["matches"], list) else [footer["matches"]]
    assert set(answer.matches) <= set(found), (answer.matches, footer)

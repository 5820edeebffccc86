"""What is made for a rule goes by the roles of its hyperparameters, not by their names."""

from __future__ import annotations

import pytest

from refopt.catalogue import rules, schedules
from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.decay_edits import decay_edits
from refopt.conformance.diagnose.edits import edits
from refopt.conformance.diagnose.twofold import twofold_edits
from refopt.golden.closed_loop_inputs import closed_loops, schedule_cases
from refopt.golden.groups import GROUPS, LIKE
from refopt.golden.misplaced import misread
from refopt.golden.mutants import mutants, schedule_mutants
from refopt.golden.witness import witnesses
from refopt.language.compose import renamed
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report.words import told
from tests.catalogue.renamed import in_old_names, new_names


def _cases(rule: Rule) -> list[str]:
    made = [case for group in GROUPS.values() for case in group(rule)]
    made += [*closed_loops(rule), *witnesses(rule)]
    alike = [like for group in LIKE.values() for like in group(rule)]
    return [*map(repr, made), *map(repr, alike), *(edit.text for edit in misread(rule))]


@pytest.mark.parametrize("rule", rules(variants=True), ids=lambda r: r.name)
def test_a_rule_in_other_letters_gets_the_same_cases(rule: Rule) -> None:
    assert [in_old_names(x, rule) for x in _cases(renamed(rule, new_names(rule)))] == _cases(rule)


@pytest.mark.parametrize("rule", rules(variants=True), ids=lambda r: r.name)
def test_a_rule_in_other_letters_gets_the_same_mutants(rule: Rule) -> None:
    assert [in_old_names(told(m.edit), rule) for m in mutants(renamed(rule, new_names(rule)))] == [told(m.edit) for m in mutants(rule)]


@pytest.mark.parametrize("schedule", schedules(variants=True), ids=lambda s: s.name)
def test_a_schedule_in_other_letters_gets_the_same_cases_and_mutants(schedule: Schedule) -> None:
    other = renamed(schedule, new_names(schedule))
    assert [in_old_names(repr(x), schedule) for x in schedule_cases(other)] == [repr(x) for x in schedule_cases(schedule)]
    assert [in_old_names(told(m.edit), schedule) for m in schedule_mutants(other)] == [told(m.edit) for m in schedule_mutants(schedule)]


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
def test_a_rule_in_other_letters_may_have_the_same_mistakes(rule: Rule) -> None:
    other = renamed(rule, new_names(rule))
    for edits_of in (edits, code_edits, twofold_edits, decay_edits):
        assert sorted(in_old_names(told(e.change), rule) for e in edits_of(other)) == sorted(told(e.change) for e in edits_of(rule)), edits_of.__name__

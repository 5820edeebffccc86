"""JUnit XML: what the usual readers expect, and red exactly where the command line is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest

from refopt.conformance.verdict.verdict import Verdict
from refopt.report.junit import junit, legal
from refopt.report.terminal import answer
from tests.report import judged

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"name", "classname", "time"},
    "properties": set(), "property": {"name", "value"},
    "failure": {"message", "type"}, "error": {"message", "type"}, "skipped": {"message"},
}  # fmt: skip
"""The elements and attributes that every reader knows (Jenkins, GitLab, GitHub actions)."""
INSIDE = {
    "testsuites": {"testsuite"}, "testsuite": {"testcase", "properties"}, "testcase": {"failure", "error", "skipped", "properties"},
    "properties": {"property"},
}  # fmt: skip


def _read(verdicts: Sequence[Verdict], **options: bool) -> Xml.Element:
    return Xml.fromstring(junit(verdicts, **options).encode())


def _red(root: Xml.Element) -> int:
    return int(root.get("failures", "")) + int(root.get("errors", ""))


@pytest.mark.parametrize("report", judged.EVERY)
def test_elements_attributes_and_counts_are_those_that_readers_know(report: judged.Judge) -> None:
    root = _read([report().found])
    for element in root.iter():
        assert set(element.keys()) == ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
        assert element.tag != "testcase" or sum(child.tag != "properties" for child in element) <= 1
    for suite in (root, *root):
        for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(str(suite.get(key))) == sum(1 for _ in suite.iter(tag))
        assert int(str(suite.get("skipped"))) == sum(1 for _ in suite.iter("skipped"))


@pytest.mark.parametrize("report", judged.EVERY)
def test_a_suite_a_format_and_a_case_a_golden_case(report: judged.Judge) -> None:
    found = report().found
    root = _read([found])
    assert [s.get("name") for s in root] == [f"{found.implementation} {f.dtype}" for f in found.findings]
    for suite, f in zip(root, found.findings, strict=True):
        assert [c.get("name") for c in suite.iter("testcase") if c.get("name") != "verdict"] == [x.case.id for x in f.ground.lines]


@pytest.mark.parametrize("report", [*judged.EVERY, lambda: judged.imprecise(True)])
def test_it_is_red_exactly_where_the_exit_code_is_1(report: judged.Judge) -> None:
    assert (_red(_read([report().found])) > 0) == (report().exit == 1)


def test_an_expected_variant_that_turns_out_to_be_the_reference_is_red_although_every_case_fits() -> None:
    found = replace(judged.conforming().found, expected="sgd/none")
    root = _read([found])
    assert found.exit == 1
    assert {c.get("name") for c in root.iter("testcase") if len(c) and c[0].tag == "failure"} == {"verdict"}


def test_a_survey_is_an_inventory_and_red_only_where_it_is_strict_and_something_deviates() -> None:
    everything = [report().found for report in judged.EVERY]
    assert _red(_read(everything, inventory=True)) == 0
    strict = _read(everything, inventory=True, strict=True)
    red = {str(c.get("name")).split(":")[-1] for c in strict.iter("testcase") if c.find("failure") is not None or c.find("error") is not None}
    assert red == {"sgd_elements_reversed", "sgd_blocks_untouched", "sgd_ascends", "raises_at_step_three"}


def test_a_survey_is_one_test_a_pair_with_its_verdict_and_nothing_is_skipped_that_was_judged() -> None:
    everything = [report().found for report in judged.EVERY]
    root = _read(everything, inventory=True)
    cases = list(root.iter("testcase"))
    assert len(cases) == len(everything)
    assert {c.get("name") for c in cases if c.find("skipped") is not None} == {judged.skipped().found.implementation}
    told = [{"name": c.get("name")} | {p.get("name"): p.get("value") for p in c.iter("property")} for c in cases]
    for v in everything:
        wanted = {"name": v.implementation, "rule": v.rule, "verdict": answer(v)}
        assert any(wanted.items() <= t.items() and {f.dtype for f in v.findings} <= set(t) for t in told)


def test_values_that_are_taken_although_they_are_out_of_the_domain_are_properties() -> None:
    found = judged.conforming().found
    odd = replace(found, findings=(replace(found.worst, remarks=replace(found.worst.remarks, accepts=("lr = nan",))), *found.findings[1:]))
    root = _read([odd])
    assert [(p.get("name"), p.get("value")) for p in root[0].iter("property")] == [("accepts", "lr = nan")]
    assert _red(root) == 0


def test_what_could_not_be_loaded_is_an_error_of_its_own() -> None:
    root = Xml.fromstring(junit([], [("odd.Adam", "no module")]).encode())
    assert (root.get("errors"), root[0].get("name"), root[0][0][0].get("message")) == ("1", "odd.Adam", "no module")


def test_any_text_can_be_carried() -> None:
    worst = judged.broken().found.worst
    reason = "]]> <&\"' \x00\x1b[31m \ud800 \ufffe é"
    line = replace(worst.ground.lines[0], reason=reason)
    odd = replace(judged.broken().found, findings=(replace(worst, ground=replace(worst.ground, lines=(line,))),))
    message = next(_read([odd]).iter("error")).get("message")
    assert message == r"""]]> <&"' \x00\x1b[31m \ud800 \ufffe é"""
    assert legal("tab\tand\nline") == "tab\tand\nline"

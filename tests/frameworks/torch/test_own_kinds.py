"""Optimizers for torch as people write them, a right and a wrong one of each kind: judged and named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refopt.conformance.diagnose.run_change import NotOfItsGroup
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks import handed, load
from refopt.report.report import check
from refopt.report.words import told_or_none

torch = pytest.importorskip("torch")

CODE = (Path(__file__).parents[1] / "own" / "people" / "of_torch.py").read_text(encoding="utf-8")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that holds them, in the current folder."""
    (tmp_path / "mine_of_kinds.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    import mine_of_kinds  # type: ignore[import-not-found]

    yield mine_of_kinds
    sys.modules.pop("mine_of_kinds", None)


def judged(made: Any, rule: str, **options: Any) -> Any:
    """The finding in one format, of a few cases."""
    cases = [f"{rule}-open-{n}-001" for n in ("basic", "rate", "scales")]
    report = check(made, dtypes=["float64"], cases=cases, **options)
    assert report.found.rule == rule
    return report.found.worst


def test_state_that_goes_by_the_rules_names_is_judged_step_by_step(mine: Any) -> None:
    assert judged(mine.ShrinkingAdamW, "adamw", maps={"shrink": "weight_decay"}).approach.mode == "stepwise"


def test_an_instance_is_made_again_with_what_it_holds(mine: Any) -> None:
    parameter = torch.nn.Parameter(torch.zeros(3))
    found = handed(mine.ShrinkingAdamW([parameter], learning_rate=0.5, betas=(0.8, 0.99)))
    assert found.rule == "adamw" and (found.settings["lr"], found.settings["beta1"], found.settings["beta2"]) == (0.5, 0.8, 0.99)
    assert handed(torch.optim.SGD([parameter], lr=0.1, momentum=0.9)).rule == "momentum"


def test_arguments_ask_for_a_rule_where_the_name_says_less(mine: Any) -> None:
    rules = {text: load(f"mine_of_kinds.MySGD{text}").rule for text in ("", "(mom=0.9)", "(mom=0.9, nesterov=True)")}
    assert rules == {"": "sgd", "(mom=0.9)": "momentum", "(mom=0.9, nesterov=True)": "nesterov"}
    assert load("mine_of_kinds.MySGD(mom=0.9)", "sgd").rule == "sgd"


def test_what_is_not_matched_is_told_and_a_wrong_mapping_is_refused(mine: Any) -> None:
    assert handed(mine.ForeachRMSprop).told == ("held as found: foreach=True",)  # type: ignore[union-attr]
    with pytest.raises(RefoptError, match="it has no argument decay"):
        handed(mine.ShrinkingAdamW, maps={"decay": "weight_decay"})


def test_a_changed_shape_is_one_line(mine: Any) -> None:
    finding = judged(mine.ReshapingSGD, "sgd")
    assert {told_or_none(line.reason) for line in finding.ground.lines} == {"update 1: step() changed the shape of its parameter"}


def test_a_rate_without_a_default_is_sent_and_its_lack_is_told(mine: Any) -> None:
    report = check(mine.EachGroupSGD, dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-shapes-001", "sgd-defaults-001"])
    reasons = [told_or_none(line.reason) for line in report.found.worst.ground.lines if line.verdict == Conformance.SKIPPED]
    assert report.verdict == Conformance.CONFORMS and "it has no default for lr" in str(reasons), reasons


def test_values_of_the_first_group_in_all_groups_deviate_in_the_cases_of_several_tensors(mine: Any) -> None:
    found = check(mine.FirstGroupSGD, dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-shapes-001"], search=5).found
    verdicts = {line.case.id: line.verdict for line in found.worst.ground.lines}
    assert verdicts == {"sgd-open-basic-001": Conformance.CONFORMS, "sgd-open-shapes-001": Conformance.DEVIATES}
    assert found.told[0].startswith("in a second parameter group its tensors do not get that group's values")
    assert found.worst.diagnosis.edit == NotOfItsGroup(("lr",), kept=False)


def test_what_arguments_are_and_switch_on_is_measured_and_told(mine: Any) -> None:
    right, wrong = handed(mine.RightlySwitchingAdam, "adam"), handed(mine.SwitchingAdam, "adam")
    seen = "confirmed by measurement: alpha is lr, b1 is beta1, b2 is beta2, epsilon is eps"
    assert right.told == (seen, "with wd above 0 it has not the values of adam/l2, adamw, nadamw", "with amsgrad=True it has the values of amsgrad",
                          "held as found: amsgrad=False")  # type: ignore[union-attr]  # fmt: skip
    assert "with amsgrad=True it has not the values of amsgrad" in str(wrong.told)  # type: ignore[union-attr]


def test_a_rule_switches_its_argument_on(mine: Any) -> None:
    for name, verdict in (("RightlySwitchingAdam", Conformance.CONFORMS), ("SwitchingAdam", Conformance.DEVIATES)):
        found = check(getattr(mine, name), "amsgrad", dtypes=["float64"], cases=["amsgrad-open-basic-001", "amsgrad-open-scales-001"], search=0).found
        assert found.worst.verdict == verdict and "amsgrad=True, as amsgrad asks" in found.told, (name, found.worst.verdict, found.told)

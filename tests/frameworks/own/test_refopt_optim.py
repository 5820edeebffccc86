"""refopt.optim is judged like anybody's: every rule conforms in float64 and float32, and what is no optimizer is refused."""

from __future__ import annotations

import pytest

from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.optim import c_engine, optimizer
from refopt.optim.optimizer import class_name
from refopt.optim.plans import names, plan
from tests.frameworks.looking import finding

FAMILIES = [name for name in names() if "/" not in name]
VARIANTS = [name for name in names() if "/" in name]
FEW = ("open-basic-001", "resume-001", "defaults-001")
"""The engines have the bits of the generated code, which meets every case; here it is seen that the classes are driven right."""


def _engine(rule: str) -> str:
    """C, but where its library rounds otherwise."""
    return "numpy" if c_engine.OTHER_BITS.search(c_engine.source(plan(rule))) else "c"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("rule", "engine"), [*((rule, _engine(rule)) for rule in FAMILIES), ("adam", "numpy"), ("momentum", "numpy")])
def test_every_rule_conforms(rule: str, engine: str, dtype: str) -> None:
    found = finding(f'refopt.optim.{class_name(rule)}(engine="{engine}")', dtype, FEW)
    assert (found.verdict, found.precision, found.approach.mode) == ("conforms", "full", "stepwise")
    assert not [x.case.id for x in found.ground.lines if x.verdict == "skipped"]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_conforms_to_itself(name: str) -> None:
    family, _, variant = name.partition("/")
    found = finding(f'refopt.optim.{class_name(family)}(variant="{variant}")', "float32", FEW[:2], judged_by=name)
    assert (found.verdict, found.precision) == ("conforms", "full")


def test_a_variant_is_named_where_the_reference_is_asked_for() -> None:
    found = finding('refopt.optim.Adam(variant="eps_hat")', "float32")
    assert (found.verdict, found.diagnosis.matches) == ("variant", ("adam/eps_hat",))


def test_formats_that_there_is_no_c_for_are_skipped_by_that_engine_and_judged_by_the_other() -> None:
    assert finding('refopt.optim.Adam(engine="c")', "bfloat16", FEW).verdict == "skipped"
    assert finding("refopt.optim.Adam", "bfloat16", (*FEW, "open-low-001", "open-where-001", "open-mean-001")).verdict == "conforms"


def test_what_is_no_optimizer_or_takes_no_such_argument_is_refused_in_one_line() -> None:
    for text, message in (
        ("refopt.optim.Adamm", "module refopt.optim has no 'Adamm'"),
        ("refopt.optim.schedule", "refopt.optim.schedule is no optimizer of refopt.optim"),
        ("refopt.optim.Optimizer", "refopt.optim.Optimizer is no optimizer of refopt.optim"),
        ("refopt.optim.Adam(lr=-1)", "cannot be made: adam: lr = -1.0 is outside 0 <= lr"),
    ):
        with pytest.raises(RefoptError) as caught:
            load(text)
        assert message in caught.value.message and "\n" not in caught.value.message
    assert load("refopt.optim.SGD(lr=0.5)").settings == {"lr": 0.5}
    assert optimizer("sgd").__name__ == "SGD"

"""`prove` and `check` say the same of everything that both can do."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.frameworks import known
from refopt.golden import store
from refopt.lifting.obstacle import Hindrance, Obstacle
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


_SCHEDULER = "torch.optim.lr_scheduler."
WRONG_BEHIND_A_DOOR = {"optax.polynomial_schedule"}
"""Schedules that are a known formula where they are asked step by step, and another one behind a door (`refopt list findings`)."""
_ONE_CYCLE = ("", "(anneal_strategy='linear')", "(three_phase=True)", "(three_phase=True, anneal_strategy='linear')")
UNREAD = {
    f"{_SCHEDULER}CosineAnnealingWarmRestarts": Obstacle.STEP_OF_ITS_OWN,
    f"{_SCHEDULER}CosineAnnealingWarmRestarts(T_mult=2)": Obstacle.STEP_OF_ITS_OWN,
    "optax.sgdr_schedule": Obstacle.LIST_OF_ANY_LENGTH,
    "keras.optimizers.schedules.CosineDecayRestarts": Obstacle.FLOOR_OF_A_ROUNDED,
    "keras.optimizers.schedules.CosineDecayRestarts(t_mul=1)": Obstacle.FLOOR_OF_A_ROUNDED,
    "keras.optimizers.schedules.CosineDecayRestarts(m_mul=0.9)": Obstacle.FLOOR_OF_A_ROUNDED,
    **{f"{_SCHEDULER}OneCycleLR{arguments}": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL for arguments in _ONE_CYCLE},
    f"{_SCHEDULER}CyclicLR": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL,
    f"{_SCHEDULER}CyclicLR(mode='triangular2')": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL,
    f"{_SCHEDULER}CyclicLR(mode='exp_range')": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL,
    "optax.cosine_onecycle_schedule": Obstacle.RAISED,
    "optax.contrib.schedule_free_sgd": Obstacle.CONSTANT_IS_NO_NUMBER,
    "optax.contrib.schedule_free_adamw": Obstacle.CONSTANT_IS_NO_NUMBER,
    "optax.linear_onecycle_schedule": Obstacle.RAISED,
    "refopt.generated.numpy.linear_one_cycle": Obstacle.FLOOR_OF_A_ROUNDED,
    "optax.piecewise_interpolate_schedule(interpolate_type='linear')": Obstacle.RAISED,
    "optax.piecewise_interpolate_schedule(interpolate_type='cosine')": Obstacle.RAISED,
    "torch.optim.swa_utils.SWALR": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL,
    "torch.optim.swa_utils.SWALR(anneal_strategy='linear')": Obstacle.NO_ATTRIBUTE_FOR_A_SYMBOL,
    "optax.noisy_sgd": Obstacle.GIVEN_MORE,
    "refopt.generated.numpy.noisy_sgd": Obstacle.GIVEN_MORE,
    "optax.radam": Obstacle.WHOLE_NUMBERS_WRAP,
    "optax.optimistic_gradient_descent": Obstacle.CONDITION_FOR_A_NUMBER,
}
"""What is not read, and the obstacle: a step() that counts more than steps, rates that only the optimizer keeps, `int` of a traced number,
t doubled in int32, NaN in place of an argument, a state that says whether there was an update; the floor of a quotient of logarithms; a list of cosines."""
NO_VALUE_AT_AN_END = {f"{_SCHEDULER}ConstantLR": {"factor": "0"}, "optax.contrib.adopt": {"eps": "0"}}
"""What is the formula but where a hyperparameter has a value at the end of its domain that no golden case has: there the code has no value."""

SAVED_OTHERWISE = {
    "torch.optim.NAdam": ["mu_product is kept in float64 after loading"], "torch.optim.ASGD": ["eta is kept in float64 after loading"],
}  # fmt: skip
"""What is a formula, but not after its state was saved and loaded: what is lost. torch puts what it loads into the parameter's format."""
UNDECIDED_VARIANT = {"optax.adagrad": "adagrad/eps_in_sqrt"}
"""What is a variant by all golden cases, but has another value at an end of the domain that they do not reach: `where(s > 0, ..., 0)` at eps = 0."""
DECAYS_AROUND_THE_FORMULA = {"keras.optimizers.ScheduleFreeAdamW"}
"""What is read without the decay that the framework does before it, and says so; with it, it is no variant."""


def _telling(rule: str) -> list[str]:
    ids = [case.id for case in store.cases(rule)]
    return [i for i in ids if i.endswith("-001") and i.split("-")[-2] in TELLING]


def _has_a_list(rule: str) -> bool:
    found = catalogue.find(rule)
    return found is not None and any(h.is_list for h in found.hyper)


def test_a_schedule_of_a_list_is_not_read_and_that_is_said_of_the_list() -> None:
    answer = prove("refopt.generated.numpy.multi_step", "multi_step")
    assert isinstance(answer, Unreadable) and "milestones" in told(answer.reason), answer


def test_torch_raises_where_a_factor_of_zero_is_divided_by_and_so_says_the_proof() -> None:
    torch = pytest.importorskip("torch", reason="torch is in the test extra; without it there is no scheduler to run")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    scheduler = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=0.0, total_iters=1)
    optimizer.step()
    with pytest.raises(ZeroDivisionError):
        scheduler.step()


@pytest.mark.parametrize(("name", "rule"), [*((k.spelling, k.rule) for k in known() if not _has_a_list(k.rule)), *OWN])
def test_what_is_proved_is_what_the_golden_cases_show(name: str, rule: str) -> None:
    answer = prove(name, rule)
    if name in UNREAD:
        assert isinstance(answer, Unreadable), answer
        assert isinstance(answer.reason, Hindrance) and answer.reason.obstacle is UNREAD[name], answer
        return
    footer = check(name, rule, dtypes=["float64"], cases=() if name in WRONG_BEHIND_A_DOOR else _telling(rule)).footer
    cannot_tell = isinstance(answer, Differs) and footer["verdict"] == "conforms" and name not in NO_VALUE_AT_AN_END
    if cannot_tell or footer["verdict"] == "skipped":  # or those cases have a value that it does not let be set; others have not
        footer = check(name, rule, dtypes=["float64"]).footer
    if name in NO_VALUE_AT_AN_END:
        assert isinstance(answer, Differs) and not answer.matches and not answer.witness.has_second, answer
        assert NO_VALUE_AT_AN_END[name].items() <= answer.witness.point.items() and footer["verdict"] == "conforms", (answer, footer)
        return
    lost = footer["resume"]["lost"] if name in SAVED_OTHERWISE else []
    assert lost == SAVED_OTHERWISE.get(name, []), footer
    if name in WRONG_BEHIND_A_DOOR:
        assert footer["verdict"] == "deviates" and not all(x["fits"] for x in footer["dtypes"]["float64"]["doors"]), footer
        assert footer["nearest"] == (rule if isinstance(answer, Equal) else answer.matches[0]), (footer, answer)  # type: ignore[union-attr]
        return
    if isinstance(answer, Equal):
        assert footer["verdict"] == ("deviates" if lost else "conforms"), footer
        assert footer["edit"] is None, footer
        return
    assert isinstance(answer, Differs), answer
    if name in UNDECIDED_VARIANT:
        other = prove(name, UNDECIDED_VARIANT[name])
        assert footer["matches"] == UNDECIDED_VARIANT[name] and isinstance(other, Unreadable), (footer, other)
        return
    if name in DECAYS_AROUND_THE_FORMULA:
        assert footer["verdict"] == "deviates" and answer.asked.assumed, (footer, answer)
        return
    assert footer["verdict"] == ("variant" if answer.matches and not lost else "deviates"), footer
    if lost:
        return
    found = footer["matches"] if isinstance(footer["matches"], list) else [footer["matches"]]
    assert set(answer.matches) <= set(found), (answer.matches, footer)

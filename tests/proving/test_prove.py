"""What `prove` answers: about torch, optax and other people's objects, and where it must not answer."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.errors import RefoptError
from refopt.lifting.assumption import of_zero
from refopt.proof.related import Multiple
from refopt.proving.answer import Differs, Equal, Unreadable
from refopt.report.answer_lines import lines
from refopt.report.words import told
from tests.proving import objects


@pytest.mark.parametrize("made", [objects.Descent, objects.IdleBranch, objects.NeverTaken, objects.InPlace, objects.SignTwice])
def test_a_rule_in_another_guise_is_proved(made: type) -> None:
    assert isinstance(refopt.prove(made, "sgd"), Equal)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (objects.ByNorm, "joins different elements"), (objects.Rounded, "a change of format to float32"), (objects.SpoiltGradient, "changes the gradient"),
        (objects.Fails, "no update today"), (objects.Endless, "decisions on symbols"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_reason(made: type, reason: str) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Unreadable) and reason in told(answer.reason), answer
    assert answer.exit == 1


def test_a_bug_after_a_hundred_updates_is_refuted_there() -> None:
    answer = refopt.prove(objects.LateBug(), "sgd")
    assert isinstance(answer, Differs)
    assert int(answer.witness.point["t"]) > 100
    assert any("t > 100" in line.value for line in answer.yours)


@pytest.mark.parametrize("made", [objects.SkipsZeroGradients, objects.Clips])
def test_a_branch_on_the_gradient_is_refuted_by_a_gradient_that_takes_it(made: type) -> None:
    answer = refopt.prove(made, "sgd")
    assert isinstance(answer, Differs), answer
    assert {"0", "1000"} & set(answer.witness.point["g"].split(", "))


def test_torch_with_dampening_is_proved_where_its_code_branches_as_it_is_configured() -> None:
    answer = refopt.prove("torch.optim.SGD(momentum=0.9, dampening=0.5)")
    assert isinstance(answer, Differs) and answer.matches == ("momentum/raw_start",)
    assert answer.asked.assumed == (of_zero("momentum", True),)


@pytest.mark.parametrize("name", ["torch.optim.Adam(fused=True)", "torch.optim.Adam(foreach=True)"])
def test_a_compiled_kernel_is_not_read(name: str) -> None:
    answer = refopt.prove(name)
    assert isinstance(answer, Unreadable) and "compiled kernel" in told(answer.reason)


def test_a_velocity_that_holds_the_rate_is_the_rule_at_a_constant_rate_only() -> None:
    answer = refopt.prove("torch.optim.SGD(momentum=0.9)")
    assert isinstance(answer, Differs)
    assert (answer.matches, answer.multiple) == (("momentum/lr_outside",), Multiple("v", "lr", by_the_rate=True))
    assert len(set(answer.witness.point["lr"].split(", "))) > 1


def test_optax_rmsprop_has_eps_under_the_root_and_one_switch_makes_it_the_rule() -> None:
    answer = refopt.prove("optax.rmsprop")
    assert isinstance(answer, Differs)
    assert answer.matches == ("rmsprop/eps_in_sqrt",)
    assert [(x.name, x.value) for x in answer.yours] == [("theta", "theta - lr * g / sqrt(v + eps)")]
    assert answer.remedy == "optax.rmsprop(eps_in_sqrt=False)"


def test_optax_nesterov_adam_is_nadam_with_a_constant_momentum() -> None:
    answer = refopt.prove("optax.adam(nesterov=True)")
    assert isinstance(answer, Differs) and answer.matches == ("nadam/constant_momentum",)
    (theta,) = [x.value for x in answer.yours if x.name == "theta"]
    assert theta == "theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) / (sqrt(v_hat) + eps)"


def test_optax_adan_is_no_named_rule_and_its_formula_is_shown_in_the_rules_letters() -> None:
    answer = refopt.prove("optax.adan")
    assert isinstance(answer, Differs) and answer.matches == ()
    (theta,) = [x.value for x in answer.yours if x.name == "theta"]
    moments = "(m / (1 - beta1^t) + (1 - beta2) * w / (1 - beta2^t))"
    assert theta == f"theta - lr*({moments} / (sqrt(n / (1 - beta3^t) + 0.00000001) + eps) + weight_decay*theta)"


@pytest.mark.parametrize("name", ["optax.lamb", "keras.optimizers.Lamb", "torch.optim.LBFGS"])
def test_what_is_not_in_the_catalogue_is_said_in_one_line(name: str) -> None:
    with pytest.raises(RefoptError, match="refopt has no rule for"):
        refopt.prove(name)


def test_the_last_line_of_the_json_holds_the_verdict() -> None:
    *_, footer = lines(refopt.prove("optax.rmsprop"))
    expected: dict[str, Any] = {
        "kind": "footer", "complete": True, "implementation": "optax.rmsprop", "rule": "rmsprop", "verdict": "differs",
        "matches": "rmsprop/eps_in_sqrt", "formula": "theta <- theta - lr * g / sqrt(v + eps)", "reason": None, "exit": 1,
    }  # fmt: skip
    assert {k: footer[k] for k in expected} == expected
    assert {"lr", "rho", "eps", "theta", "g"} == set(footer["witness"])


def test_a_scheduler_is_proved_in_both_of_its_forms() -> None:
    found = refopt.prove("torch.optim.lr_scheduler.CosineAnnealingLR")
    assert isinstance(found, Differs)
    assert (found.matches, found.forms) == (("cosine_annealing/periodic",), ("closed", "recursive"))
    assert int(found.witness.point["k"]) > int(found.witness.point["period"])
    assert isinstance(refopt.prove("torch.optim.lr_scheduler.CosineAnnealingLR", "cosine_annealing/periodic"), Equal)

"""Optimizers and schedules as people write them are judged as they are: the right ones conform, the wrong ones are named."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import refopt
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.errors import RefoptError
from refopt.frameworks import handed
from refopt.frameworks.intent import rule_in
from refopt.frameworks.subject import SCHEDULE_APART
from refopt.proving.answer import Unreadable
from refopt.report.words import told, told_or_none
from tests.frameworks.own.people import layers, loops, names_that_mean_two, numpy_classes, numpy_functions, schedules
from tests.frameworks.own.test_every_kind import of_module

PEOPLE = Path(__file__).parent / "people"
FEW = ("open-basic-001", "open-rate-001", "open-low-001")
"""Cases that tell these programs from others: usual values, a rate that changes in the run, and values far from the usual."""


def judged(made: Any, rule: str, cases: tuple[str, ...] = FEW) -> Finding:
    """The finding in float64 on a few cases."""
    names = [f"{rule.replace('/', '.')}-{case}" for case in cases]
    known = {c.id for c in refopt_cases(rule)}
    return refopt.check(made, rule, dtypes=["float64"], cases=[n for n in names if n in known], search=10).found.worst


def refopt_cases(rule: str) -> Any:
    from refopt.golden import store

    return store.packed_cases(rule)


RIGHT: tuple[tuple[Callable[..., Any] | type, str], ...] = (
    (numpy_functions.update_parameters_with_adam, "adam"),
    (numpy_functions.sgd, "sgd"),
    (numpy_functions.sgd_momentum, "momentum"),
    (numpy_functions.scalar_momentum, "momentum"),
    (numpy_functions.sgd_increment, "sgd"),
    (numpy_classes.TensorMomentum, "momentum"),
    (numpy_classes.SkMomentum, "momentum"),
    (numpy_classes.AdamOfOneTensor, "adam"),
    (numpy_classes.AdamWOptimizer, "adamw"),
)


@pytest.mark.parametrize(("made", "rule"), RIGHT, ids=[made.__name__ for made, _ in RIGHT])
def test_a_right_one_conforms_as_it_is(made: Any, rule: str) -> None:
    finding = judged(made, rule)
    assert finding.verdict == Conformance.CONFORMS and not finding.losses, (finding.verdict, told_or_none(finding.reason), told_or_none(finding.diagnosis.edit))
    assert all(line.result is not None for line in finding.ground.lines), finding.ground.lines


def test_an_instance_is_judged_anew_in_each_run_with_its_own_defaults() -> None:
    made = numpy_classes.AdamWOptimizer(lr=0.002)
    report = refopt.check(made, "adamw", dtypes=["float64"], cases=["adamw-open-basic-001", "adamw-open-rate-001"])
    assert report.verdict == Conformance.CONFORMS and made.t == 0 and made.m is None


def test_new_parameters_that_are_far_from_the_old_ones_are_no_step() -> None:
    found = refopt.check(numpy_functions.rmsprop_of_config, "rmsprop", dtypes=["float64"], cases=["rmsprop-open-basic-001"], search=10).found
    assert not any("the returned step" in x for x in found.remarks), found.remarks
    assert told_or_none(found.worst.diagnosis.edit) == "theta: v -> previous v"


def test_a_name_is_the_rate_in_one_rule_and_an_exponent_in_another() -> None:
    cases = ["asgd-open-far-002", "asgd-open-decay-001", "asgd-open-zero-004"]
    found = refopt.check(names_that_mean_two.AveragedDescent, "asgd", dtypes=["float64"], cases=cases).found
    assert found.worst.verdict == Conformance.CONFORMS and not found.held, (found.worst.verdict, found.held)
    wrong = refopt.check(names_that_mean_two.AveragedDescentWithoutDecay, "asgd", dtypes=["float64"], cases=cases, search=10).found.worst
    assert told_or_none(wrong.diagnosis.edit) == "theta: theta*(1 - lambd*eta) -> theta", told_or_none(wrong.diagnosis.edit)


def test_parameters_that_are_made_anew_are_no_step() -> None:
    cases = ["ftrl-open-zero-004", "ftrl-defaults-001"]
    found = refopt.check(names_that_mean_two.FollowTheLeader, "ftrl", dtypes=["float64"], cases=cases).found
    assert found.worst.verdict == Conformance.CONFORMS and not any("the returned step" in x for x in found.remarks), found.remarks
    wrong = refopt.check(names_that_mean_two.FollowTheLeaderWithoutRoot, "ftrl", dtypes=["float64"], cases=cases, search=10).found.worst
    assert told_or_none(wrong.diagnosis.edit) == "theta: sqrt(n) -> n", told_or_none(wrong.diagnosis.edit)


def test_the_plan_is_told() -> None:
    found = refopt.check(numpy_functions.update_parameters_with_adam, "adam", dtypes=["float64"], cases=["adam-open-basic-001"]).found
    assert "starts with v = initialize_adam(), s = initialize_adam()" in found.remarks
    assert any("W1, b1" in x for x in found.remarks), found.remarks
    held = refopt.check(numpy_classes.AdamWOptimizer, "adamw", dtypes=["float64"], cases=["adamw-open-basic-001"]).found
    assert "held as found: clip=0.0" in held.remarks


THREE = ("basic", "low", "ramp")


def test_constants_that_are_no_arguments_leave_a_rule_what_it_is_and_a_wrong_one_wrong() -> None:
    cases = [f"adagrad-open-{c}-001" for c in THREE]
    right = refopt.check(numpy_classes.AdaGrad, "adagrad", dtypes=["float64"], cases=cases, search=5).found.worst
    assert right.verdict == Conformance.CONFORMS and {x.name: x.value for x in right.hyperparameters.held} == {"eps": "1e-7", "s0": "0"}
    wrong = refopt.check(numpy_classes.ForgetfulAdaGrad, "adagrad", dtypes=["float64"], cases=cases, search=5).found.worst
    assert wrong.verdict == Conformance.DEVIATES, (wrong.verdict, told_or_none(wrong.reason))


def test_what_a_variant_without_an_argument_explains_is_that_variant_and_no_odd_value_of_it() -> None:
    found = refopt.check(numpy_classes.Nadam, "nadam", dtypes=["float64"], cases=[f"nadam-open-{c}-001" for c in THREE], search=5).found.worst
    assert (found.verdict, found.diagnosis.matches) == (Conformance.VARIANT, ("nadam/constant_momentum",))
    assert found.hyperparameters.held == ()


def test_decay_that_a_mask_keeps_from_vectors_deviates_there_alone() -> None:
    made = of_module("of_jax", "adamw_on_matrices")
    found = refopt.check(made, "adamw", dtypes=["float64"], cases=["adamw-open-basic-001", "adamw-open-decay-001", "adamw-open-shapes-001"], search=5).found
    assert found.worst.verdict == Conformance.DEVIATES
    assert "theta moves with weight_decay from 2 dimensions on only" in found.remarks


def test_what_is_called_around_an_update_of_layers_is_told() -> None:
    found = refopt.check(layers.Optimizer_SGD, "momentum", dtypes=["float64"], cases=["momentum-open-basic-001"]).found
    assert "called with one layer at a time: weights and dweights, biases and dbiases (NumPy arrays)" in found.remarks
    assert "pre_update_params() before and post_update_params() after each update" in found.remarks


def test_an_instance_takes_a_rate_that_stands_in_two_of_its_attributes() -> None:
    made = layers.Optimizer_SGD(learning_rate=0.1, momentum=0.5)
    assert refopt.check(made, "momentum", dtypes=["float64"], cases=["momentum-open-basic-001"]).verdict == Conformance.CONFORMS


def test_a_constant_that_one_case_cannot_tell_is_no_ground_for_a_verdict() -> None:
    def descent(params, grads):  # type: ignore[no-untyped-def]
        return [p - 0.125 * g for p, g in zip(params, grads, strict=True)]

    assert judged(descent, "sgd", FEW[:1]).verdict == Conformance.SKIPPED
    finding = judged(descent, "sgd", ("open-basic-001", "open-dyadic-001", "open-zeros-001"))
    assert finding.verdict == Conformance.CONFORMS and finding.hyperparameters.held[0].value == "0.125", (finding.verdict, finding.hyperparameters.held)


def test_an_object_that_mixes_the_state_of_two_tensors_deviates_and_the_way_out_is_told() -> None:
    found = refopt.check(numpy_classes.AdamOptim, "adam", dtypes=["float64"], cases=["adam-open-basic-001", "adam-open-shapes-001"], search=10).found
    assert found.worst.verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER)
    assert any("--per-tensor" in x for x in found.remarks), found.remarks


@pytest.mark.parametrize("made", [numpy_functions.late_momentum, numpy_classes.LateMomentum])
def test_one_that_moves_from_the_second_update_on_is_called_and_deviates(made: Any) -> None:
    finding = judged(made, "momentum", ("open-basic-001",))
    (line,) = finding.ground.lines
    assert finding.verdict == Conformance.DEVIATES and line.result is not None
    assert line.result.first is not None and (line.result.first.place.t, line.result.first.place.variable) == (1, "theta")


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (numpy_functions.lossy_momentum, "its v neither comes back nor is changed in place"),
        (numpy_functions.global_momentum, "keeps something outside of its arguments"),
        (numpy_functions.riddle, r"which of its arguments \(a, b, c\)"),
    ],
)
def test_one_that_cannot_be_called_is_refused_with_lines_to_paste(made: Any, told: str) -> None:
    with pytest.raises(RefoptError, match=told) as raised:
        refopt.check(made, "momentum")
    help = raised.value.help or ""
    assert "class Judged:" in help and f".{made.__name__}(" in help and "refopt check ./judged.py:Judged --rule momentum" in help
    compile("\n".join(help.split("\n")[1:]), "judged.py", "exec")


def test_what_is_made_of_its_parameters_is_made_with_them_in_the_lines_to_paste() -> None:
    with pytest.raises(RefoptError, match="params are objects of its own") as raised:
        refopt.check(numpy_classes.PickySgd, "sgd")
    help = raised.value.help or ""
    assert "    def init(self, theta):\n        self.made = " in help and "([theta])\n        return {}" in help
    compile("\n".join(help.split("\n")[1:]), "judged.py", "exec")


def test_a_method_whose_arguments_say_nothing_is_refused_with_lines_to_paste() -> None:
    with pytest.raises(RefoptError, match=r"which of the arguments of its update_params \(layer\)") as raised:
        refopt.check(numpy_classes.LayerSgd, "sgd")
    help = raised.value.help or ""
    assert "numpy_classes.LayerSgd(); return {}" in help and "self.made.update_params(layer=...)" in help and "--rule sgd" in help, help
    compile("\n".join(help.split("\n")[1:]), "judged.py", "exec")


SCHEDULES: tuple[tuple[Any, str], ...] = (
    (schedules.step_decay_of_mine, "step_decay"),
    (schedules.make_exponential, "exponential"),
    (schedules.CosineAnnealing, "cosine_annealing"),
)


def test_arguments_of_schedules_are_matched_by_the_names_that_people_give_them() -> None:
    for made, rule in ((schedules.triangular, "cyclic"), (schedules.polynomial_decay, "polynomial"), (schedules.wsd, "wsd")):
        found = refopt.check(made, rule).found
        held = [x.name for x in found.worst.hyperparameters.held]
        assert found.worst.verdict == Conformance.CONFORMS and held in ([], ["warmup_start"]) and not found.remarks, (rule, held, found.remarks)


@pytest.mark.parametrize(("made", "rule"), SCHEDULES, ids=[made.__name__ for made, _ in SCHEDULES])
def test_a_right_schedule_conforms_as_it_is(made: Any, rule: str) -> None:
    assert refopt.check(made, rule).found.worst.verdict == Conformance.CONFORMS


def test_what_is_no_schedule_is_told_what_one_is() -> None:
    def exponential(lr=0.1, factor=0.9):  # type: ignore[no-untyped-def]
        while True:
            yield lr
            lr *= factor

    with pytest.raises(RefoptError, match=r"returned a generator without rate\(\)") as raised:
        refopt.check(exponential)
    assert "def f(step, lr=0.1)" in (raised.value.help or "")


def test_an_object_that_counts_its_own_steps_is_judged_by_the_rate_that_it_tells() -> None:
    made = schedules.CosineThatCounts(total_steps=7)  # type: ignore[no-untyped-call]
    assert refopt.check(made, "cosine_annealing").verdict == Conformance.CONFORMS and made.t == 0
    with pytest.raises(RefoptError, match=r"which update the rate that its first step\(\) returns belongs to is not clear"):
        refopt.check(schedules.ExponentialThatReturns, "exponential")


def test_a_function_of_the_step_is_proved() -> None:
    assert type(refopt.prove(schedules.late_cosine_annealing, "cosine_annealing")).__name__ == "Differs"
    assert type(refopt.prove(numpy_functions.sgd, "sgd")).__name__ in ("Equal", "Unreadable")


def test_torch_schedulers_of_a_persons_own() -> None:
    pytest.importorskip("torch")
    from tests.frameworks.own.people import torch_schedules

    exponential = (torch_schedules.exponential, torch_schedules.ExponentialOfItsOwn)
    for made, rule in ((torch_schedules.Halving, "step_decay"), *((x, "exponential") for x in exponential)):
        assert refopt.check(made, rule).found.worst.verdict == Conformance.CONFORMS


def test_optax_and_jax_of_a_persons_own() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    for made, rule in ((of_jax.my_rmsprop, "rmsprop"), (of_jax.sgd_train_step, "sgd"), (of_jax.adam_train_step, "adam")):
        finding = judged(made, rule, ("open-basic-001", "open-dyadic-001", "open-zeros-001"))
        assert finding.verdict == Conformance.CONFORMS, (made, finding.verdict, told_or_none(finding.reason))
    assert judged(of_jax.injected_momentum, "momentum/lr_outside", FEW[:2]).verdict == Conformance.CONFORMS
    assert judged(of_jax.every_step, "sgd", ("open-basic-001", "open-dyadic-001", "open-zeros-001")).verdict == Conformance.CONFORMS
    assert judged(of_jax.wrong_order, "adamw", FEW[:1]).diagnosis.matches == ("adam/l2",)
    assert refopt.check(of_jax.warm, "warmup+cosine_annealing").found.worst.verdict == Conformance.CONFORMS


def test_arrays_that_stand_still_at_first_are_not_taken_for_numbers() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    report = refopt.check(of_jax.late_velocity, "momentum", dtypes=["float32"], cases=["momentum-open-basic-001", "momentum-open-rate-001"], search=10)
    assert any("a list of arrays (JAX arrays)" in x for x in report.found.told), report.found.told
    assert told_or_none(report.found.worst.diagnosis.edit) == "theta: v -> previous v"


def test_an_optax_optimizer_with_its_schedule_inside_is_judged_as_either() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    for made, rule in ((of_jax.adam_with_cosine, "adam"), (of_jax.make_adam_with_exponential, "adam"), (of_jax.injected_with_cosine, "sgd")):
        found = refopt.check(made, rule, dtypes=["float64"], cases=[f"{rule}-{case}" for case in FEW[:2]]).found
        assert [line.verdict for line in found.worst.ground.lines] == [Conformance.CONFORMS] * 2 and SCHEDULE_APART in found.told, (made, found.told)
    for made, rule in ((of_jax.adam_with_cosine, "cosine_annealing"), (of_jax.make_adam_with_exponential, "exponential")):
        assert refopt.check(made, rule).verdict == Conformance.CONFORMS
    late = refopt.check(of_jax.uphill_with_late_schedule, "exponential").found.worst
    assert told_or_none(late.diagnosis.edit) == "rate: factor^k -> factor^(k + 1)"


@pytest.mark.parametrize(("made", "rule"), [(numpy_functions.sgd, "sgd"), (schedules.cosine_annealing, "cosine_annealing"), (loops.gradient_descent, "sgd")])
def test_an_object_of_its_own_for_each_tensor_is_refused_where_it_says_nothing(made: Any, rule: str) -> None:
    with pytest.raises(RefoptError, match="--per-tensor says nothing of it"):
        handed(made, rule, per_tensor=True)


def test_a_train_state_is_judged_by_how_it_applies_gradients() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    found = refopt.check(of_jax.make_train_state, "rmsprop", dtypes=["float64"], cases=["rmsprop-open-basic-001", "rmsprop-open-dyadic-001"]).found
    assert found.worst.verdict == Conformance.CONFORMS and "judged: its apply_gradients" in found.told, (found.worst.verdict, found.told)
    averaged = judged(of_jax.make_averaging_train_state, "momentum/lr_outside")
    assert averaged.verdict == Conformance.CONFORMS and averaged.resumption is not None and not averaged.losses
    climbing = refopt.check(of_jax.make_climbing_train_state, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"]).found.worst
    assert told_or_none(climbing.diagnosis.edit) == "theta: theta - lr*g -> theta + lr*g", climbing.verdict
    unread = refopt.prove(of_jax.make_climbing_train_state, "sgd")
    assert isinstance(unread, Unreadable) and "apply_gradients of a train state" in told(unread.reason)


def test_a_function_whose_parameters_are_inside_of_another_argument_is_refused_not_called_otherwise() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    with pytest.raises(RefoptError, match="no way of calling it was found"):
        refopt.check(of_jax.momentum_of_carry, "momentum")


def test_the_code_of_a_persons_transformation_is_read() -> None:
    pytest.importorskip("optax")
    from tests.frameworks.own.people import of_jax

    assert type(refopt.prove(of_jax.my_rmsprop, "rmsprop")).__name__ == "Equal"
    answer = refopt.prove(of_jax.wrong_order, "adamw")
    assert type(answer).__name__ == "Differs" and "adam/l2" in getattr(answer, "matches", ())


def test_keras_classes_of_a_persons_own() -> None:
    from refopt.frameworks.installed import is_installed
    from refopt.frameworks.keras.backend import backend_here, keras_here

    if not is_installed("keras") or not backend_here():
        pytest.skip("keras or a backend of it is not installed")
    keras_here()
    from tests.frameworks.own.people import of_keras

    assert judged(of_keras.MySGD, "sgd", FEW[:1]).verdict == Conformance.CONFORMS
    assert judged(of_keras.MyAdam, "adam", FEW[:1]).verdict == Conformance.CONFORMS
    assert judged(of_keras.ForgetfulAdam, "adam", FEW[:1]).diagnosis.matches == ("adam/uncorrected",)
    assert refopt.check(of_keras.CosineAnnealing, "cosine_annealing").found.worst.verdict == Conformance.CONFORMS
    found = refopt.check(of_keras.sgd_with_exponential, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-rate-001"]).found
    assert [x.verdict for x in found.worst.ground.lines] == [Conformance.CONFORMS] * 2 and SCHEDULE_APART in found.told, (found.worst, found.told)
    assert refopt.check(of_keras.sgd_with_exponential, "exponential").verdict == Conformance.CONFORMS


def test_on_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from refopt.cli.main import main

    monkeypatch.chdir(PEOPLE)
    assert main(["check", "./numpy_functions.py:adam_step", "--dtype", "float64", "--case", "adam-open-basic-001"]) == 0
    assert "conforms with adam" in capsys.readouterr().out
    assert main(["check", "./numpy_functions.py:riddle", "--rule", "adam"]) == 2
    assert "class Judged:" in capsys.readouterr().err


def test_an_object_that_keeps_its_state_and_changes_theta_in_place_is_judged_and_may_decline_a_case() -> None:
    from tests.frameworks.own.people import init_and_step

    cases = ("open-basic-001", "open-rate-001", "open-shapes-001")
    finding = judged(init_and_step.PrivateMomentum, "momentum", cases)
    assert finding.verdict == Conformance.CONFORMS
    assert [line.reason for line in finding.ground.lines if line.verdict == Conformance.SKIPPED] == ["constant rate only"]
    assert judged(init_and_step.SharedMomentum, "momentum", cases).verdict in (Conformance.DEVIATES, Conformance.NO_ANSWER)
    assert judged(init_and_step.UphillMomentum, "momentum", cases).verdict == Conformance.DEVIATES


def test_an_object_that_is_right_alone_deviates_with_two_tensors_until_each_has_its_own() -> None:
    from tests.frameworks.own.people import init_and_step

    cases = ["momentum-open-basic-001", "momentum-open-shapes-001", "momentum-open-absent-001"]
    found = refopt.check(init_and_step.SharedMomentum, "momentum", dtypes=["float64"], cases=cases, search=10).found
    shared = "one object shares its state between tensors; if each tensor gets its own: --per-tensor"
    assert found.worst.verdict == Conformance.DEVIATES and found.told == (shared,)
    apart = refopt.check(init_and_step.SharedMomentum, "momentum", per_tensor=True, dtypes=["float64"], cases=cases).found
    assert apart.worst.verdict == Conformance.CONFORMS and apart.told == ("each tensor has an object of its own",)


def test_an_object_that_adds_noise_is_not_said_to_share_its_state() -> None:
    from tests.frameworks.own.people import init_and_step

    assert handed(init_and_step.NoisyDescent, "sgd").told == ()  # type: ignore[union-attr]


def test_a_factory_that_raises_is_told_with_its_line() -> None:
    pytest.importorskip("torch")
    from tests.frameworks.own.people import torch_schedules

    raised = {"unexpected keyword argument 'beta'": torch_schedules.adam_with_another_word, "no attribute 'width'": torch_schedules.sgd_of_wide_ones}
    for message, made in raised.items():
        line = next(i for i, text in enumerate(inspect.getsource(made).split("\n"), made.__code__.co_firstlineno) if "beta=" in text or ".width" in text)
        with pytest.raises(RefoptError, match=rf"cannot be made: .*{message} \(torch_schedules.py line {line}\)"):
            refopt.check(made, "adam")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("warmup_cosine", "warmup+cosine_annealing"), ("get_cosine_schedule_with_warmup", "warmup+cosine_annealing"), ("linear_warmup", "warmup"),
     ("get_linear_schedule_with_warmup", None), ("WarmUpExponential", None), ("MyCosine", "cosine_annealing"), ("cosine_similarity", None),
     ("CosineAnnealingWarmRestarts", None), ("sgd_with_cosine", "sgd")],
)  # fmt: skip
def test_the_name_of_a_schedule_says_the_whole_of_it_or_nothing(name: str, meant: str | None) -> None:
    assert rule_in(name) == meant


def test_a_torch_optimizer_that_comes_with_its_schedule_is_judged_as_either() -> None:
    pytest.importorskip("torch")
    from tests.frameworks.own.people import torch_schedules

    found = refopt.check(torch_schedules.sgd_with_halving, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-rate-001"]).found
    assert found.worst.verdict == Conformance.CONFORMS and "its schedule is judged by itself, where --rule names one" in found.told
    assert refopt.check(torch_schedules.sgd_with_halving, "step_decay").verdict == Conformance.CONFORMS
    assert told_or_none(refopt.check(torch_schedules.sgd_with_late_halving, "step_decay").found.worst.diagnosis.edit) == "rate: k -> k + 1"

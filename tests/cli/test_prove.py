"""`refopt prove` and `refopt translate`: the screens, their last line, their exit codes."""

from __future__ import annotations

import json

import pytest

from tests.cli.running import refopt


def test_equal_is_said_first_with_what_is_covered(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "refopt.generated.numpy.adam")
    assert ran.code == 0
    head, *_, last = ran.out.splitlines()[:2] + ran.out.splitlines()[-1:]
    assert head.startswith("refopt.generated.numpy.adam") and "equals adam, for all inputs" in ran.out
    assert last.startswith("Not covered: rounding, which `refopt check` measures.") and last.endswith(" s")


def test_a_difference_shows_both_formulas_a_witness_and_says_why_the_exit_code_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "optax.rmsprop")
    lines = ran.out.splitlines()
    assert ran.code == 1 and lines[-1] == "exit 1: differs"
    assert lines[0] == "optax.rmsprop 0.2.8            differs from rmsprop"
    assert lines[1] == "                               equals rmsprop/eps_in_sqrt, for all inputs"
    assert "  yours      theta <- theta - lr * g / sqrt(v + eps)" in lines
    assert "  reference  theta <- theta - lr * g / (sqrt(v) + eps)" in lines
    assert "To get the reference:  optax.rmsprop(eps_in_sqrt=False)   (proved equal)" in lines
    assert len(lines) <= 24 and all(len(x) <= 80 for x in lines)


def test_the_json_ends_with_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "optax.rmsprop", "--json")
    last = json.loads(ran.out.splitlines()[-1])
    assert (last["kind"], last["complete"], last["verdict"], last["exit"], ran.code) == ("footer", True, "differs", 1, 1)


def test_what_cannot_be_asked_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "optax.lamb")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0] == "error: refopt has no rule for optax.lamb: tensor-wide sums"


@pytest.mark.parametrize("words", [("prove", "refopt.generated.numpy.sgd"), ("diff", "adam", "adam/eps_hat")])
def test_a_certificate_that_cannot_be_written_is_said_first(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    ran = refopt(capsys, *words, "--certificate", "/")
    assert (ran.code, ran.out, ran.err.splitlines()) == (2, "", ["error: cannot write /: Is a directory", "help: name a file, not a folder"])


def test_unreadable_says_why_and_what_to_do_instead(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "python:tests.proving.objects:ByNorm", "--rule", "sgd")
    assert ran.code == 1 and "unreadable as sgd" in ran.out and "joins different elements" in ran.out
    assert "Compare it at many points instead:  refopt check python:tests.proving.objects:ByNorm --rule sgd" in ran.out
    assert ran.out.splitlines()[-1] == "exit 1: nothing is proved"


def test_a_port_between_frameworks_shows_the_call_the_settings_and_how_far_off_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "translate", "torch.optim.RMSprop", "keras.optimizers.RMSprop")
    assert ran.code == 1 and ran.out.splitlines()[-1] == "exit 1: no fixed settings match"
    lines = ran.out.splitlines()
    assert lines[3:5] == ["nearest", "  keras.optimizers.RMSprop(learning_rate=0.01, rho=0.99, epsilon=1e-8)"]
    assert lines[5].startswith("worst relative error of a step: ")
    rows = [" ".join(line.split()) for line in lines]
    assert "alpha 0.99 -> rho 0.99" in rows
    assert "Not covered: other shapes, other formats of numbers." in lines


def test_our_own_code_can_be_ported_to_and_from(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "translate", "refopt.generated.torch.Adam", "refopt.optim.Adam(engine='numpy')")
    assert ran.code == 0 and "exact   (proved, for all inputs)" in ran.out.splitlines()


def test_a_name_with_quotes_in_it_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "prove", "refopt.optim.Adam(variant='eps_hat')")
    assert ran.code == 1 and "  refopt prove \"refopt.optim.Adam(variant='eps_hat')\" --rule adam/eps_hat" in ran.out.splitlines()


def test_a_port_that_one_switch_makes_exact_is_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "translate", "torch.optim.RMSprop", "optax.rmsprop")
    assert ran.code == 0 and "  optax.rmsprop(learning_rate=0.01, decay=0.99, eps=1e-8, eps_in_sqrt=False)" in ran.out.splitlines()


def test_a_port_that_is_the_same_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "translate", "torch.optim.Adam", "optax.adam", "--json")
    assert ran.code == 0 and json.loads(ran.out)["answer"] == "exact"


def test_a_schedule_cannot_be_translated_to_an_optimizer(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "translate", "torch.optim.lr_scheduler.StepLR", "optax.adam")
    assert ran.code == 2 and "is a schedule" in ran.err

"""The card: answer, consequence, formulas with the difference marked, curve, values, commands."""

from __future__ import annotations

from dataclasses import replace

from refopt import catalogue
from refopt.report.context_lines import explaining
from refopt.report.html.card import anchor, card
from refopt.report.html.formulas import formulas, rewritten
from tests.report import judged


def test_the_card_of_a_variant_tells_everything_in_order() -> None:
    found = judged.variant().found
    text = card(found, "x")
    first = next(line for line in judged.variant().lines() if line["kind"] == "diagnosis")["first_difference"]
    wanted = [
        '<article id="x">', "variant adam/eps_in_sqrt", "Steps are 882 times too short at t=1.", "One difference explains all 2 failing cases of 2:",
        "reference <code>adam</code>", "yours <code>adam/eps_in_sqrt</code>", "agree when eps = 0", "<svg", "First difference", first["exact"], first["theirs"],
        "Is it a bug?", "https://github.com/FluxML/Flux.jl/issues/448", "--case adam-open-eps-001", "--as adam/eps_in_sqrt",
        "refopt diff adam adam/eps_in_sqrt",
    ]  # fmt: skip
    places = [text.find(x) for x in wanted]
    assert -1 not in places, [x for x, p in zip(wanted, places, strict=True) if p < 0]
    assert places == sorted(places)


def test_the_card_of_a_broken_program_says_nothing_about_formulas() -> None:
    text = card(judged.broken().found, "x")
    assert "ZeroDivisionError" in text
    assert "<math" not in text
    assert "<svg" not in text


def test_an_edit_of_the_run_is_told_by_its_line_and_has_no_formula_or_curve_of_its_own() -> None:
    found = judged.unexplained().found
    line = "run: counts its updates from 1 after a resume"
    worst = replace(found.worst, diagnosis=replace(found.worst.diagnosis, edit=line, nearest="sgd"))
    text = card(replace(found, findings=(worst,)), "x")
    assert line in text
    assert "<math" not in text
    assert 'class="explained"' not in text


def test_steps_that_do_not_come_stand_on_the_card() -> None:
    assert "theta does not move where it should." in card(judged.blocks().found, "x")


def test_one_edit_stands_on_the_card_as_a_line_and_in_the_formula() -> None:
    text = card(judged.edited().found, "x")
    assert str(judged.edited().footer["edit"]).replace(">", "&gt;") in text
    assert "yours <code>this edit</code>" in text
    assert text.count('class="mark"') == 2
    assert 'class="explained"' in text
    assert "one edit explains every failing case" in text


def test_the_cause_of_lost_precision_stands_on_the_card() -> None:
    text = card(judged.imprecise().found, "x")
    assert "the state is kept in float16" in text
    assert 'class="explained"' in text  # the curve beside the formula with its cause


def test_an_anchor_is_a_plain_word() -> None:
    assert anchor("torch.optim.Adam(fused=True)") == "torch-optim-Adam-fused-True"
    assert anchor("<>") == "card"


def test_only_the_assignments_that_differ_are_shown_and_the_difference_is_marked() -> None:
    text = formulas(catalogue.rule("momentum"), catalogue.rule("momentum/lr_outside"))
    assert text.count("<math") == 4
    assert text.count('class="mark"') == 4
    assert formulas(catalogue.rule("adam"), catalogue.rule("adam")) == ""


def test_schedules_are_shown_by_their_rates() -> None:
    text = formulas(catalogue.schedule("cosine_annealing"), catalogue.schedule("cosine_annealing/periodic"))
    assert text.count("<math") == 2


def test_the_reference_is_rewritten_in_the_other_s_form_where_that_is_proved() -> None:
    text = rewritten(catalogue.rule("adam"), catalogue.rule("adam/eps_hat"))
    assert "eps / sqrt(1 - beta2^t)" in text
    assert "(proved)" in text
    assert text.count('class="mark"') == 1
    assert "does not change" in rewritten(catalogue.rule("momentum"), catalogue.rule("momentum/lr_outside"))


def test_what_explains_is_the_formula_found_and_nothing_where_the_reference_does() -> None:
    found = explaining(judged.variant().found.worst)
    assert found is not None
    assert found.name == "adam/eps_in_sqrt"
    assert explaining(judged.conforming().found.worst) is None
    assert explaining(judged.broken().found.worst) is None

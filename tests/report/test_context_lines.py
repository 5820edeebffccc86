"""What is told beside a verdict."""

from __future__ import annotations

from refopt import catalogue
from refopt.report.context_lines import effects, has_story, is_it_a_bug, link, threads
from tests.report import judged


def test_only_what_is_not_the_full_reference_has_a_story() -> None:
    told = [report.__name__ for report in judged.EVERY if has_story(report().found)]
    assert told == ["variant", "meant", "unexplained", "edited", "blocks", "broken", "imprecise"]


def test_a_thread_leads_to_its_page() -> None:
    assert link("keras-team/keras#17391") == "https://github.com/keras-team/keras/issues/17391"
    assert link("google-deepmind/optax#1785 (v - m^2 came out below zero)") == "https://github.com/google-deepmind/optax/issues/1785"


def test_threads_are_those_of_the_variant_that_explains_it() -> None:
    assert "FluxML/Flux.jl#448" in threads(judged.variant().found.worst)
    assert threads(judged.unexplained().found.worst) == []


def test_two_variants_combined_are_no_concept_of_the_catalogue() -> None:
    assert catalogue.find("adam/eps_hat+l2") is None
    assert catalogue.find("adam/eps_hat") is not None
    assert catalogue.find("cosine_annealing/periodic") is not None


def test_whether_it_is_a_bug_depends_on_what_is_meant_for_a_variant_and_is_likely_where_nothing_is_known() -> None:
    def told(report: judged.Report) -> str:
        return is_it_a_bug(report.found, report.found.worst)

    assert told(judged.variant()).startswith("Only if adam is what is meant")
    assert "torch, optax mean it" in told(judged.meant())
    assert told(judged.unexplained()).startswith("Very likely")
    assert "broke" in told(judged.broken())
    assert "the state is kept in float16" in told(judged.imprecise())
    assert told(judged.conforming()) == "No."


def test_the_effect_is_that_of_the_case_shown() -> None:
    assert effects(judged.variant().found.worst) == ["steps come out several times too short or too long near convergence"]


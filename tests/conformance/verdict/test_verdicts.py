"""The verdicts that must come out: our own code, torch's optimizers, and programs with planted bugs."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.errors import RefoptError
from refopt.report.report import NotAsExpected

torch = pytest.importorskip("torch", reason="torch is in the test extra; without it its optimizers cannot be judged")


def _footer(name: str, rule: str | None = None, **options: Any) -> dict[str, Any]:
    return refopt.check(name, rule, **options).footer


@pytest.mark.parametrize("name", ["cosine_annealing", "warmup"])
def test_a_generated_schedule_conforms(name: str) -> None:
    footer = _footer(f"refopt.generated.numpy.{name}", dtypes=["float64"])
    assert (footer["verdict"], footer["precision"], footer["exit"]) == ("conforms", "full", 0), footer


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "amsgrad"])
def test_the_generated_numpy_code_conforms_and_its_cases_decide_in_every_format(name: str) -> None:
    footer = _footer(f"refopt.generated.numpy.{name}")
    assert footer["verdict"] == "conforms" and footer["exit"] == 0, footer
    for dtype, found in footer["dtypes"].items():
        assert found["verdict"] == "conforms", (name, dtype, found.get("reason"))
        assert found["precision"] == "full" or dtype == "float16", (name, dtype, found["cause"])  # where 1e-8 is zero
        assert 2 * found["decided_cases"] >= found["cases"] > 0, (name, dtype, found["decided_cases"], found["cases"])


def test_torch_adam_conforms_its_float16_eps_underflows_and_its_counter_stops() -> None:
    footer = _footer("torch.optim.Adam")
    for dtype in ("float64", "float32", "bfloat16"):
        found = footer["dtypes"][dtype]
        assert (found["verdict"], found["precision"]) == ("conforms", "full")
        assert 0.3 <= float(found["worst_ratio"]) <= 1
    assert footer["dtypes"]["float16"]["precision"] == "reduced"
    assert footer["dtypes"]["float16"]["cause"] == "eps underflows (a zero gradient gives NaN)"
    assert footer["known_bugs"] == ["the step counter stops at 2^24"]
    assert footer["exit"] == 0


@pytest.mark.parametrize("name", ["torch.optim.Adam(fused=True)", "torch.optim.Adam(foreach=True)", "torch.optim.RMSprop", "torch.optim.AdamW"])
def test_torch_conforms_in_three_formats(name: str) -> None:
    footer = _footer(name, dtypes=["float64", "float32", "bfloat16"])
    assert footer["verdict"] == "conforms" and footer["precision"] == "full", footer


def test_torch_momentum_holds_the_rate_outside_and_only_the_changed_rate_shows_it() -> None:
    report = refopt.check("torch.optim.SGD(momentum=0.9)", dtypes=["float64", "float32"])
    assert report.footer["verdict"] == "variant" and report.footer["matches"] == "momentum/lr_outside" and report.exit == 1
    failing = {line["id"] for line in report.lines() if line["kind"] == "case" and line["verdict"] == "variant"}
    assert failing == {"momentum-open-rate-001", "momentum-open-far-002"}, "the cases whose rate changes"
    assert _footer("torch.optim.SGD(momentum=0.9)", dtypes=["float32"], expected="momentum/lr_outside")["exit"] == 0


def test_torch_fused_sgd_never_moves_full_blocks_in_bfloat16() -> None:
    footer = _footer("torch.optim.SGD(fused=True)")
    assert {d: f["verdict"] for d, f in footer["dtypes"].items()} == {
        "float64": "conforms", "float32": "conforms", "bfloat16": "deviates", "float16": "deviates",
    }  # fmt: skip
    assert footer["edit"].startswith("in full blocks of ") and footer["edit"].endswith(" elements: theta is never updated")


def test_eps_under_the_root_is_named() -> None:
    report = refopt.check("python:tests.implementations.adam_eps_in_sqrt:make", "adam", dtypes=["float32", "bfloat16"])
    assert report.footer["verdict"] == "variant" and report.footer["matches"] == "adam/eps_in_sqrt"
    with pytest.raises(NotAsExpected, match="is adam/eps_in_sqrt, not adam"):
        report.raise_if_not("conforms")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("torch.optim.Adma", "no 'Adma'"),
        ("torch.optim.Adam(lr=", "torch.optim.Adam"),
        ("nothing.here", "nothing"),
        ("python:tests.implementations.textbook_adam:mak", "no function 'mak'"),
    ],
)
def test_what_cannot_be_loaded_costs_one_line(name: str, message: str) -> None:
    with pytest.raises(RefoptError, match=message) as caught:
        refopt.check(name)
    assert "\n" not in caught.value.message

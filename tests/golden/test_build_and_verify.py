"""Building gives the committed bytes; verifying notices an edited digit, bound, text, kill and manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refopt.catalogue import rules, schedules
from refopt.errors import UnknownName
from refopt.golden import store
from refopt.golden.build import build_one, manifest_text
from refopt.golden.document import dumps, hash_of, parse
from refopt.golden.verify import verify
from refopt.rounding.formats import FORMATS

ROOT = store.packed_root()


@pytest.mark.parametrize("name", ["sgd", "momentum/lr_outside", "cosine_annealing/periodic"])
def test_building_again_gives_the_committed_bytes(name: str) -> None:
    for path, text in build_one(name).texts.items():
        assert text == (ROOT / path).read_text(encoding="utf-8"), path


def test_every_rule_variant_and_schedule_has_golden_files() -> None:
    for concept in (*rules(variants=True), *schedules(variants=True)):
        assert store.files(concept.name), concept.name
        assert all(f.fingerprint == concept.fingerprint for f in store.files(concept.name)), concept.name


def test_the_manifest_is_that_of_the_committed_files() -> None:
    assert (ROOT / store.MANIFEST).read_text(encoding="utf-8") == manifest_text(ROOT)


def test_every_input_is_a_number_of_every_format_that_its_case_lists() -> None:
    from refopt.language.evaluate import binary64

    for case in store.cases():
        numbers = {x for p in case.params for row in (p.theta0, *(p.state0 or {}).values()) for x in row}
        numbers |= {x for row in case.grads for g in row if g is not None for x in g}
        for x in numbers - {"inf", "-inf", "nan"}:
            if case.kind != "closed_loop":
                assert all(FORMATS[d].represents(binary64(x)) for d in case.dtypes), (case.id, x)


def _copy(tmp_path: Path) -> Path:
    root = tmp_path / "golden"
    shutil.copytree(ROOT, root)
    return root


def _edit(root: Path, change: Callable[[Any], None]) -> None:
    path = root / "sgd" / "open_loop.json"
    document = json.loads(path.read_text())
    change(document)
    document["hash"] = hash_of(document)
    path.write_text(dumps(parse(document, "edited")))


def _digit(document: Any) -> None:
    row = document["cases"][0]["expect"][1]["params"][0]["theta"]
    row[3] = row[3][:-1] + str((int(row[3][-1]) % 9) + 1)


def _bound(document: Any) -> None:
    document["cases"][0]["expect"][0]["params"][0]["bound"]["float32"]["theta"][2] = "1e-07"


@pytest.mark.parametrize(
    ("change", "told"),
    [(_digit, "sgd-open-basic-001  t=2, theta[3] of tensor 0, digit "), (_bound, "bound of theta[2] of tensor 0 in float32: file 1e-07")],
    ids=["a digit", "a bound"],
)
def test_an_edited_number_is_named_even_if_the_hash_was_made_to_fit(tmp_path: Path, change: Callable[[Any], None], told: str) -> None:
    root = _copy(tmp_path)
    _edit(root, change)
    report = verify(root, ["sgd"])
    assert report.exit == 1
    assert any("sgd/open_loop.json" in line and told in line for line in report.lines()), report.lines()


def test_an_edited_text_is_told_from_a_wrong_number(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    path = root / "sgd" / "open_loop.json"
    path.write_text(path.read_text().replace("ordinary numbers", "unusual numbers"))
    report = verify(root, ["sgd"])
    assert report.exit == 1
    assert any("hash differs, every digit right: a text was edited" in line for line in report.lines())


def test_an_edited_list_of_kills_is_noticed(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    path = root / "sgd" / "KILLS.json"
    path.write_text(path.read_text().replace("sgd-m001", "sgd-m901"))
    assert any("kills differ" in line for line in verify(root, ["sgd"]).lines())


def test_untouched_files_verify(tmp_path: Path) -> None:
    report = verify(ROOT, ["sgd", "step_decay"])
    assert report.exit == 0, report.lines()


def test_a_name_without_files_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean adam"):
        verify(ROOT, ["adma"])

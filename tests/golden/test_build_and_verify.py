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
from refopt.golden.build import build, build_one
from refopt.golden.document import dumps, hash_of, parse
from refopt.golden.manifest import manifest_text, remove
from refopt.golden.verify import check_manifest, verify
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


@pytest.fixture(scope="module")
def told_of_edited_numbers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is said of a file in which a digit and a bound were edited, and the hash made to fit."""
    root = _copy(tmp_path_factory.mktemp("edited"))
    _edit(root, _digit)
    _edit(root, _bound)
    report = verify(root, ["sgd"])
    assert report.exit == 1
    return report.lines()


@pytest.mark.parametrize(
    "told",
    ["sgd-open-basic-001  t=2, theta[3] of tensor 0, digit ", "bound of theta[2] of tensor 0 in float32: file 1e-07"],
    ids=["a digit", "a bound"],
)
def test_an_edited_number_is_named_even_if_the_hash_was_made_to_fit(told_of_edited_numbers: list[str], told: str) -> None:
    assert any("sgd/open_loop.json" in line and told in line for line in told_of_edited_numbers), told_of_edited_numbers


def test_an_edited_text_is_told_from_a_wrong_number(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    path = root / "step_decay" / "schedule.json"
    path.write_text(path.read_text().replace("past the end", "before the end"))
    report = verify(root, ["step_decay"])
    assert report.exit == 1
    assert any("hash differs, every digit right: a text was edited" in line for line in report.lines())


def test_a_quick_look_says_of_how_many_cases_the_digits_were_recomputed(tmp_path: Path) -> None:
    """The wrong digit is in a case that the quick look leaves out: it is not said to be right."""
    root = _copy(tmp_path)
    path = root / "sgd" / "open_loop.json"
    text = json.loads(path.read_text())
    _digit(text)
    path.write_text(json.dumps(text))
    quick = verify(root, ["sgd"], quick=True)
    (edited,) = (f for f in quick.files if f.path == "sgd/open_loop.json")
    assert 0 < edited.recomputed < edited.cases and not edited.wrong
    own = sum("like" not in case for case in text["cases"])
    assert own == edited.cases - 2, "two cases have no digits of their own"
    assert edited.other == (f"hash differs, the digits of {edited.recomputed} of {own} cases recomputed and right: without --quick all are",)
    again = sum(f.recomputed for f in quick.files)
    assert any(f"the digits of {again} recomputed, chosen by their names" in line for line in quick.lines())


def test_an_edited_list_of_kills_is_noticed(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    path = root / "step_decay" / "KILLS.json"
    path.write_text(path.read_text().replace("step_decay-m001", "step_decay-m901"))
    assert any("kills differ" in line for line in verify(root, ["step_decay"]).lines())


def test_untouched_files_verify(tmp_path: Path) -> None:
    report = verify(ROOT, ["sgd", "step_decay"])
    assert report.exit == 0, report.lines()


def test_a_name_without_files_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean adam"):
        verify(ROOT, ["adma"])


def _stray(root: Path, path: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    shutil.copy(root / "sgd" / "open_loop.json", root / path)


def _list_everything(root: Path) -> None:
    (root / store.MANIFEST).write_text(manifest_text(root), encoding="utf-8")


def test_what_a_build_no_longer_writes_is_removed_and_said(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    _stray(root, "constant/former.json")
    _stray(root, "adam/former.json")
    _list_everything(root)
    _stray(root, "constant/mine.json")
    report = build(["constant"], root)
    assert report.removed == ("constant/former.json",)
    assert "removed: constant/former.json, which is no longer written" in report.lines()
    assert not (root / "constant/former.json").exists()
    assert (root / "adam/former.json").exists(), "of a rule that was not built"
    assert (root / "constant/mine.json").exists(), "never listed: somebody else's"
    assert "constant/mine.json is not listed in MANIFEST.json" in "\n".join(verify(root, ["constant"], quick=True).lines())


def test_a_build_of_some_rules_keeps_the_others_listed_and_gives_the_same_manifest(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    report = build(["step_decay", "constant"], root)
    assert (report.removed, report.before) == ((), report.after)
    assert (root / store.MANIFEST).read_bytes() == (ROOT / store.MANIFEST).read_bytes()


def test_a_golden_file_that_the_manifest_does_not_list_is_noticed(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    _stray(root, "constant/stray.json")
    report = verify(root, ["constant"], quick=True)
    assert report.exit == 1
    assert "MANIFEST.json  constant/stray.json is not listed in MANIFEST.json" in report.lines()


def test_a_listed_file_that_no_build_writes_is_noticed(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    for path in ("sgd/former.json", "formerly/open_loop.json", "constant/open_loop.json"):
        _stray(root, path)
    _list_everything(root)
    told = check_manifest(root).other
    named = ("constant/open_loop.json", "formerly/open_loop.json", "sgd/former.json")
    assert told == tuple(f"{path} is no file of this refopt: refopt golden build removes it" for path in named)
    assert check_manifest(ROOT).other == ()
    remove(root, "formerly/open_loop.json")
    assert not (root / "formerly").exists()

"""Golden files are read strictly: each wrong file costs one line that names file and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from refopt.errors import RefoptError, UnknownName
from refopt.golden import store
from refopt.golden.document import dumps, hash_of, load, refuse_unwritable, write_whole
from refopt.golden.schemas import GOLDEN

ROOT = store.packed_root()
FILE = ROOT / "adam" / "open_loop.json"


def _edited(tmp_path: Path, change: Any, *, rehash: bool = True) -> Path:
    document = json.loads(FILE.read_text())
    change(document)
    if rehash:
        document["hash"] = hash_of(document)
    path = tmp_path / "open_loop.json"
    path.write_text(json.dumps(document))
    return path


def test_every_committed_file_is_read_and_written_back_to_the_same_bytes() -> None:
    for path in store.paths(ROOT):
        assert dumps(load(path)) == path.read_text(encoding="utf-8"), path


def test_every_committed_file_fits_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(GOLDEN)
    for path in store.paths(ROOT):
        validator.validate(json.loads(path.read_text()))


def test_ids_are_unique() -> None:
    ids = [c.id for c in store.cases()]
    assert len(ids) == len(set(ids))


WRONG: list[tuple[str, Any, str]] = [
    ("unknown key", lambda d: d["cases"][0].update(hyperparameters={}), "unknown key 'hyperparameters'"),
    ("missing key", lambda d: d["cases"][0].pop("comment"), "the key 'comment' is missing"),
    ("a number for a string", lambda d: d["cases"][0]["hyper"].update(lr=0.5), "expected text, found 0.5"),
    ("wrong grammar", lambda d: d["cases"][0]["hyper"].update(lr="1e-3"), "'1e-3' in hyper is not a number of the grammar"),
    ("unknown kind", lambda d: d["cases"][0].update(kind="open"), "kind 'open' is unknown"),
    ("undescribed probe", lambda d: d["cases"][0].update(probes=["Nothing"]), "probe 'Nothing' is not described"),
    ("another format", lambda d: d.update(format="refopt.golden/2"), "this refopt reads refopt.golden/1"),
]


@pytest.mark.parametrize(("change", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_the_writer_would_not_write_is_refused_in_one_line(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(RefoptError) as caught:
        load(_edited(tmp_path, change))
    assert message in caught.value.message and "open_loop.json" in caught.value.message
    assert "\n" not in caught.value.message


def test_one_edited_digit_is_a_wrong_hash(tmp_path: Path) -> None:
    path = tmp_path / "open_loop.json"
    text = FILE.read_text()
    at = text.index('"expect"') + 200
    digit = next(i for i in range(at, len(text)) if text[i].isdigit())
    path.write_text(text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :])
    with pytest.raises(RefoptError, match="hash differs"):
        load(path)


def test_a_cut_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text(FILE.read_text()[:5000])
    with pytest.raises(RefoptError, match=r"cut.json line \d+"):
        load(path)


def test_an_unknown_case_gets_the_nearest_one_suggested() -> None:
    with pytest.raises(UnknownName, match="did you mean adam-open-eps-001"):
        store.case("adam-open-eps-01")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(RefoptError, match="cannot write"):
        write_whole(target, "text")
    assert list(tmp_path.iterdir()) == [target] and not list(target.iterdir())


def test_whether_a_file_can_be_written_is_found_out_without_leaving_anything(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    refuse_unwritable(tmp_path / "new")
    refuse_unwritable(tmp_path / "file")
    refuse_unwritable(tmp_path / "a" / "b" / "new", make_folder=True)
    for path, make_folder, why in (
        (tmp_path / "a" / "new", False, "No such file or directory"),
        (tmp_path, True, "Is a directory"),
        (tmp_path / "file" / "new", True, "Not a directory"),
    ):
        with pytest.raises(RefoptError) as caught:
            refuse_unwritable(path, make_folder=make_folder)
        assert caught.value.message == f"cannot write {path}: {why}" and caught.value.help
    assert [p.name for p in tmp_path.iterdir()] == ["file"] and (tmp_path / "file").read_text() == "kept"

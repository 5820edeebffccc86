"""The book in a folder: whole or not at all, and never over other people's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refopt.errors import RefoptError
from refopt.report.book import write
from tests.report.book import made


def test_it_is_written_whole_and_an_older_book_gives_way(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "book"
    assert write.write_book(target, made.outcomes(), "markdown") == target / "index.md"
    first = sorted(p.name for p in target.iterdir())
    assert write.write_book(target, made.outcomes(), "latex") == target / "book.tex"
    assert sorted(p.name for p in target.iterdir()) == [write.MARK_FILE, "book.tex"] != first
    assert [p.name for p in target.parent.iterdir()] == ["book"]


def test_other_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RefoptError, match="holds other things"):
        write.write_book(tmp_path, made.outcomes(), "latex")
    with pytest.raises(RefoptError, match="is a file"):
        write.write_book(tmp_path / "mine.txt", made.outcomes(), "latex")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_full_disk_leaves_the_older_book_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    target = tmp_path / "book"
    write.write_book(target, made.outcomes(), "latex")
    before = (target / "book.tex").read_bytes()
    calls, replace, write_text = [0], os.replace, Path.write_text

    def failing_write(self: Path, *args: object, **kwargs: object) -> int:
        if failing == 3:
            raise OSError(28, "No space left on device")
        return write_text(self, *args, **kwargs)  # type: ignore[arg-type]

    def failing_replace(a: object, b: object) -> None:
        calls[0] += 1
        if calls[0] == failing:
            raise OSError(28, "No space left on device")
        replace(a, b)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", failing_write)
    monkeypatch.setattr(os, "replace", failing_replace)
    with pytest.raises(RefoptError, match="No space left on device"):
        write.write_book(target, made.outcomes(), "markdown")
    assert (target / "book.tex").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["book"]


def test_a_page_that_cannot_be_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> dict[str, str]:
        raise NotImplementedError("no MathML for this")

    monkeypatch.setattr(write, "pages", broken)
    with pytest.raises(NotImplementedError):
        write.write_book(tmp_path / "book", made.outcomes(), "html")
    assert list(tmp_path.iterdir()) == []

"""The book as a folder: every page is made before the first is written, and the folder appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from refopt.derivation.library import Outcome
from refopt.errors import RefoptError
from refopt.golden.document import refuse_unwritable
from refopt.report.book.formats import index, pages

MARK = "made by refopt derive"
"""The file that says that a folder is a book and may be written anew."""
MARK_FILE = ".refopt-book"


def write_book(folder: str | Path, outcomes: Sequence[Outcome], form: str) -> Path:
    """Write the pages; return the contents page. An older book in the same place gives way, anything else is refused.

    Raises RefoptError, the place left as it was.
    """
    target = Path(os.path.realpath(folder))
    refuse_foreign(target)
    made = pages(outcomes, form)
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=".writing-", dir=target.parent)
        fresh = Path(temporary) / "new"
        fresh.mkdir()
        for name, text in {**made, MARK_FILE: f"{MARK}\n"}.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            os.replace(target, Path(temporary) / "old")
        try:
            os.replace(fresh, target)
        except OSError:
            if (Path(temporary) / "old").exists():
                os.replace(Path(temporary) / "old", target)
            raise
    except OSError as error:
        raise RefoptError(f"cannot write {folder}: {error.strerror or error}", note="nothing was left behind") from None
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)
    return target / index(form)


def refuse_foreign(target: Path) -> None:
    """Raise RefoptError where something other than a book, or an empty folder, stands, or nothing can be written."""
    if not target.exists():
        refuse_unwritable(target, make_folder=True)
        return
    if (target / MARK_FILE).exists():
        return
    if not target.is_dir():
        raise RefoptError(f"{target} is a file", help="--out takes a folder")
    if any(target.iterdir()):
        raise RefoptError(f"{target} holds other things than a book of derivations", help="name a new folder")

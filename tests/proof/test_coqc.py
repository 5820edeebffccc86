"""A certificate is called checked only where coqc accepted it here; what coqc refuses is not written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from refopt.cli.main import main
from refopt.errors import RefoptError
from refopt.proof import certificate, coqc
from refopt.report.opinion_words import certificate_line

TRUE = "Theorem one : 1 = 1.\nProof. reflexivity. Qed.\n"
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed; install it with: apt-get install coq")


@needs_coq
def test_what_coqc_accepts_is_called_checked(tmp_path: Path) -> None:
    assert coqc.write_checked(tmp_path / "one.v", TRUE) is coqc.Checked.ACCEPTED
    assert (tmp_path / "one.v").read_text() == TRUE and len(list(tmp_path.iterdir())) == 1


@needs_coq
def test_what_coqc_refuses_is_an_error_of_ours_and_not_written(tmp_path: Path) -> None:
    with pytest.raises(RefoptError, match="coqc refuses the certificate"):
        coqc.write_checked(tmp_path / "wrong.v", TRUE.replace("1 = 1", "1 = 2"))
    assert not list(tmp_path.iterdir())


def test_without_coqc_nothing_is_called_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = coqc.write_checked(tmp_path / "one.v", TRUE)
    assert found is coqc.Checked.NO_COQ and "not checked here" in certificate_line(tmp_path / "one.v", found)


@needs_coq
def test_the_command_refuses_to_write_what_coqc_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(certificate, "certificate", lambda claim, worded: TRUE.replace("1 = 1", "2 = 1"))
    assert main(["prove", "refopt.generated.numpy.sgd", "--certificate", str(tmp_path / "sgd.v")]) == 2
    assert "an error of refopt" in capsys.readouterr().err and not list(tmp_path.iterdir())

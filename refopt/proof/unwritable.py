"""The refusal of what Coq certificates have no words for."""

from __future__ import annotations

from refopt.errors import RefoptError


def unwritable(what: str) -> RefoptError:
    """The error for a part of a formula that no certificate can hold: the proof itself does not need one."""
    return RefoptError(f"{what} cannot be written into a Coq certificate", help="leave out --certificate: the proof stands without it")

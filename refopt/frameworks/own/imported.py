"""A module of a person's own, imported by its dotted name from the current folder, else from sys.path."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from refopt.conformance.protocol.in_process import Misbehaved, one_line, quiet
from refopt.errors import RefoptError
from refopt.frameworks.keras.backend import own_choice


def imported(module: str) -> ModuleType:
    """The module. Raises RefoptError, one line, for whatever importing it raises."""
    here = str(Path.cwd())
    if sys.path[:1] != [here]:
        sys.path.insert(0, here)
    try:
        with quiet(), own_choice():
            return importlib.import_module(module)
    except KeyboardInterrupt:
        raise
    except Misbehaved as error:
        sys.modules.pop(module, None)
        raise RefoptError(f"importing {module}: {error}", help="the judge computes with NumPy too: give yours functions of its own") from None
    except BaseException as error:
        raise RefoptError(f"cannot import {module}: {one_line(error)}", help=f"looked in {here} first, then on sys.path") from None

"""Every public function and class has an example in its docstring, and each example gives what it says."""

from __future__ import annotations

import doctest
import importlib
import inspect
from typing import Any

import pytest

from tests.api_page import MODULES, _names

RESULTS = frozenset({"Equal", "Differs", "Unreadable", "GoldenCase", "Group", "skip", "parametrize_with_cases"})
"""What functions give, and what only pytest calls: the example of the module or of the function shows them."""
PUBLIC = [
    (module, name, value)
    for module in MODULES
    for name in _names(importlib.import_module(module))
    if callable(value := getattr(importlib.import_module(module), name)) and not (inspect.isclass(value) and issubclass(value, BaseException))
]


@pytest.mark.parametrize(("module", "name", "value"), PUBLIC, ids=lambda x: x if isinstance(x, str) else "")
def test_every_public_name_has_an_example_that_runs(module: str, name: str, value: Any) -> None:
    home = importlib.import_module(value.__module__)
    found = doctest.DocTestParser().get_doctest(inspect.getdoc(value) or "", dict(vars(home)), f"{module}.{name}", None, None)
    assert found.examples or name in RESULTS
    said: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(found, out=said.append).failed == 0, "".join(said)

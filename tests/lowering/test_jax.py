"""The printed JAX code imports of its helpers what it uses, and nothing else."""

from __future__ import annotations

import ast

import pytest

from refopt.catalogue import rules, schedules
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.jax import module


@pytest.mark.parametrize("c", [*rules(), *schedules(variants=True)], ids=lambda c: c.name)
def test_each_helper_that_is_imported_is_used(c: Rule | Schedule) -> None:
    """A word of a title, or `jnp.power`, is no use of the helper `power`."""
    tree = ast.parse(module(c))
    imported = {x.name for node in tree.body if isinstance(node, ast.ImportFrom) and str(node.module).endswith("_transformation") for x in node.names}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert imported and imported <= used, imported - used

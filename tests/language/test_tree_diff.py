"""Where two trees part."""

from __future__ import annotations

import random

from refopt import catalogue
from refopt.language.expression import Expression
from refopt.language.mathml import Path
from refopt.language.tree_diff import parting, parting_rules
from tests.language.reading import LETTERS, random_tree

a, b, k = (LETTERS[name] for name in ("a", "b", "k"))


def _at(tree: Expression, path: Path) -> Expression:
    for i in path:
        tree = tree.args[i]
    return tree


def _put(tree: Expression, path: Path, new: Expression) -> Expression:
    if not path:
        return new
    args = tuple(_put(x, path[1:], new) if i == path[0] else x for i, x in enumerate(tree.args))
    from dataclasses import replace

    return replace(tree, args=args)


def test_the_same_tree_parts_nowhere() -> None:
    assert parting(a + b, a + b) == ((), ())


def test_the_smallest_sub_tree_that_differs_is_named() -> None:
    assert parting(a * (b + k), a * (b + a)) == (((1, 1),), ((1, 1),))
    assert parting(a + b, a * b) == (((),), ((),))


def test_two_places_are_two_paths() -> None:
    assert parting(a + b, b + a) == (((0,), (1,)), ((0,), (1,)))


def test_putting_the_other_s_parts_in_gives_the_other() -> None:
    generator = random.Random(11)
    for i in range(500):
        first, second = random_tree(generator, 4), random_tree(generator, 4)
        left, right = parting(first, second)
        assert len(left) == len(right)
        made = first
        for path, theirs in zip(left, right, strict=True):
            made = _put(made, path, _at(second, theirs))
        assert str(made) == str(second), i


def test_an_assignment_that_only_one_rule_has_is_marked_whole() -> None:
    ours, theirs = parting_rules(catalogue.rule("adam"), catalogue.rule("adam/uncorrected"))
    adam = catalogue.rule("adam")
    whole = {adam.steps[i].name for i, paths in ours.items() if paths == ((),)}
    assert whole == {"m_hat", "v_hat"}
    assert all(paths != ((),) for paths in theirs.values())


def test_rules_that_are_the_same_have_no_marks() -> None:
    rule = catalogue.rule("rmsprop")
    assert not any(paths for side in parting_rules(rule, rule) for paths in side.values())

"""An objective: its batches follow the written order, its slopes are the derivatives of its loss, and nonsense is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from refopt.catalogue import objective, objectives
from refopt.errors import OutsideDomain, RefoptError, UndefinedName, UnknownName
from refopt.language.expression import scalar
from refopt.language.objective import Objective
from refopt.language.rule import Source

x, y, s = scalar("x"), scalar("y"), scalar("s")
SOURCE = (Source("a paper", "equation (1)"),)
DATA = (("1",), ("2",), ("3",), ("4",), ("5",))


def _objective(**changes: Any) -> Objective:
    given: dict[str, Any] = {"name": "mine", "title": "", "source": SOURCE, "parameters": (x,), "start": ("1",), "loss": (x - s) ** 2}
    return Objective(**(given | {"inputs": (s,), "data": DATA} | changes))


@pytest.mark.parametrize("o", objectives(), ids=lambda o: o.name)
def test_gradient_and_hessian_are_the_derivatives_of_the_loss(o: Objective) -> None:
    for i, p in enumerate(o.parameters):
        assert sp.expand(o.gradient[i].sym - sp.diff(o.loss.sym, p.sym)) == 0
        for j, q in enumerate(o.parameters):
            assert o.hessian[i][j] == o.hessian[j][i]
            assert sp.expand(o.hessian[i][j].sym - sp.diff(o.loss.sym, p.sym, q.sym)) == 0


def test_the_order_of_a_gradients_operations_does_not_depend_on_names() -> None:
    """SymPy sorts by name; the trees must not."""
    u, w = scalar("z_first"), scalar("a_second")
    plain = Objective("mine", "", SOURCE, (x, y), ("0", "0"), (x * y + x**2) ** 2)
    renamed = Objective("mine", "", SOURCE, (u, w), ("0", "0"), (u * w + u**2) ** 2)
    texts = [str(tree).replace("z_first", "x").replace("a_second", "y") for tree in renamed.gradient]
    assert texts == [str(tree) for tree in plain.gradient]


def test_a_full_batch_sees_every_sample_at_every_step() -> None:
    o = _objective()
    assert [o.batch(i) for i in (0, 7)] == [(0, 1, 2, 3, 4)] * 2
    assert o.steps_per_epoch == 1


def test_single_samples_come_in_the_written_order_and_epochs_start_again() -> None:
    o = _objective(sampling="single", order=((4, 3, 2, 1, 0), (0, 1, 2, 3, 4)))
    assert [o.batch(i)[0] for i in range(12)] == [4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 4, 3]
    assert o.steps_per_epoch == 5


def test_the_last_batch_of_an_epoch_is_smaller_and_no_sample_is_lost() -> None:
    o = _objective(sampling="mini_batch", batch_size=2, order=((4, 0, 3, 1, 2),))
    assert [o.batch(i) for i in range(4)] == [(4, 0), (3, 1), (2,), (4, 0)]
    assert o.steps_per_epoch == 3


@pytest.mark.parametrize("o", objectives(), ids=lambda o: o.name)
def test_an_epoch_sees_every_sample_once(o: Objective) -> None:
    for epoch in range(3):
        seen = [i for step in range(o.steps_per_epoch) for i in o.batch(epoch * o.steps_per_epoch + step)]
        assert sorted(seen) == list(range(len(o.data)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": (), "data": ((),)}, "mine: s is used in the loss but is no parameter, input or constant"),
        ({"start": ()}, "mine: 1 parameters but 0 starting values"),
        ({"data": (("1", "2"),)}, "mine: every row of data needs 1 numbers"),
        ({"sampling": "random"}, "no sampling 'random'"),
        ({"sampling": "single"}, "mine: sampling single needs a written order of the samples"),
        ({"sampling": "single", "order": ((0, 1, 2, 3, 3),)}, "mine: an epoch must name each of the 5 samples once"),
        ({"sampling": "mini_batch", "order": ((0, 1, 2),)}, "mine: an epoch must name each of the 5 samples once"),
    ],
)
def test_an_objective_that_makes_no_sense_is_refused_in_one_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RefoptError) as caught:
        _objective(**changes)
    assert caught.value.message == message


def test_an_unknown_symbol_is_a_name_error_and_an_unknown_sampling_gets_suggestions() -> None:
    with pytest.raises(UndefinedName):
        _objective(loss=x * y)
    with pytest.raises(UnknownName) as caught:
        _objective(sampling="mini_bach")
    assert caught.value.help == "did you mean mini_batch? (also: full_batch)"


def test_constants_of_a_loss_have_domains() -> None:
    ravine = objective("ravine")
    assert ravine.values({"kappa": "2.5"})["kappa"] == sp.Rational(5, 2)
    with pytest.raises(OutsideDomain, match=r"kappa = 0.5 is outside 1 <= kappa"):
        ravine.values({"kappa": 0.5})
    with pytest.raises(UnknownName, match="no constant of ravine 'kapa'"):
        ravine.values({"kapa": 3})


@pytest.mark.parametrize("o", objectives(), ids=lambda o: o.name)
def test_any_edit_of_loss_data_or_order_changes_the_fingerprint_and_words_do_not(o: Objective) -> None:
    edits = [replace(o, name="x"), replace(o, loss=o.loss + 1), replace(o, start=("0.75", *o.start[1:]))]
    if o.inputs:
        edits.append(replace(o, data=(("7",) * len(o.inputs), *o.data[1:])))
    if o.order:
        edits += [replace(o, order=o.order[1:]), replace(o, sampling="full_batch"), replace(o, order=(o.order[0][::-1], *o.order[1:]))]
    if o.hyper:
        edits.append(replace(o, hyper=(replace(o.hyper[0], default="7"),)))
    assert len({o.fingerprint, *(e.fingerprint for e in edits)}) == len(edits) + 1
    assert replace(o, title="x", source=SOURCE, notes=("x",)).fingerprint == o.fingerprint


def test_the_loss_is_printed_in_plain_text_and_latex() -> None:
    rosenbrock = objective("rosenbrock")
    assert rosenbrock.text() == "J = (1 - x)^2 + steepness*(y - x^2)^2"
    assert rosenbrock.latex() == r"J = \left(1 - x\right)^{2} + b\,\left(y - x^{2}\right)^{2}"

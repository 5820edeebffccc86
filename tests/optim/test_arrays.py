"""Arrays of every kind are updated as their plain copies are, or refused in one line; nothing is half done."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from refopt.errors import OutsideDomain, RefoptError, UnknownName
from refopt.optim import SGD, Adam, Momentum
from tests.optim.test_engines import bits, numbers

ENGINES = pytest.mark.parametrize("engine", ["c", "numpy"])


def _views() -> dict[str, Callable[[], Any]]:
    """Arrays that are not what an engine works on, made afresh."""
    return {
        "transposed": lambda: numbers((4, 6), np.float32, 1).T,
        "strided": lambda: numbers((4, 6), np.float32, 1)[::2, ::3],
        "reversed": lambda: numbers((4, 6), np.float32, 1)[:, ::-1],
        "Fortran order": lambda: np.asfortranarray(numbers((4, 6), np.float32, 1)),
        "other byte order": lambda: numbers((4, 6), np.float32, 1).astype(np.dtype(np.float32).newbyteorder()),
        "not aligned": lambda: np.frombuffer(bytearray(1 + 96), np.uint8)[1:].view(np.float32).reshape(4, 6),
        "memory map": lambda: numbers((4, 6), np.float32, 1).view(np.memmap),
    }


@ENGINES
@pytest.mark.parametrize("kind", _views())
def test_a_parameter_of_any_layout_is_updated_as_its_plain_copy(kind: str, engine: str) -> None:
    theta = _views()[kind]()
    plain = np.array(theta, np.float32, order="C")
    g = numbers(theta.shape, np.float32, 2)
    for x in (theta, plain):
        made = Adam([x], engine=engine)
        made.step([g])
        x += 1  # what others do between two updates counts
        made.step([g])
    assert bits(np.array(theta, np.float32)) == bits(plain)


@ENGINES
@pytest.mark.parametrize("kind", _views())
def test_a_gradient_of_any_layout_counts_as_its_plain_copy(kind: str, engine: str) -> None:
    g = _views()[kind]()
    g.flags.writeable = False
    found = []
    for gradient in (g, np.array(g, np.float32, order="C")):
        theta = numbers(g.shape, np.float32, 3)
        Momentum([theta], engine=engine).step([gradient])
        found.append(bits(theta))
    assert found[0] == found[1]


@ENGINES
def test_a_gradient_that_is_the_parameter_itself_or_overlaps_one_is_read_before_anything_is_written(engine: str) -> None:
    whole = numbers(300, np.float64, 1)
    a, b = whole[:100], whole[100:200]
    before = whole.copy()
    code = importlib.import_module("refopt.generated.numpy.adam")
    made = Adam([a, b], engine=engine, lr=0.1)
    made.step([whole[50:150], a])  # of each other, shifted
    for x, old, g in ((a, before[:100], before[50:150]), (b, before[100:200], before[:100])):
        assert bits(x) == bits(code.step(old, g, code.init(old), 1, lr=0.1)[0])
    assert bits(whole[200:]) == bits(before[200:])
    state = made.state[0]["m"]
    made.step([state, state])
    assert made.t == 2


def test_interleaved_parameters_do_not_overlap() -> None:
    whole = numbers(100, np.float64, 1)
    made = SGD([whole[::2], whole[1::2]], lr=0.5)
    before = whole.copy()
    made.step([np.ones(50), np.zeros(50)])
    assert bits(whole[::2]) == bits(before[::2] - 0.5) and bits(whole[1::2]) == bits(before[1::2])


def _read_only() -> Any:
    x = np.ones(3)
    x.flags.writeable = False
    return x


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (lambda: [_read_only()], "parameter 0 is read-only"),
        (lambda: {"w": np.broadcast_to(np.ones(3), (2, 3))}, "parameter 'w' is read-only"),
        (lambda: [np.lib.stride_tricks.as_strided(np.ones(8), (4, 4), (8, 8))], "parameter 0 holds the same memory more than once"),
        (lambda: [np.ones(3, int)], "parameter 0 has dtype int64; an update needs a floating-point dtype"),
        (lambda: [np.ones(3, complex)], "parameter 0 has dtype complex128"),
        (lambda: [np.ones(3, object)], "parameter 0 has dtype object"),
        (lambda: [[1.0, 2.0]], "parameter 0 is a list, not a NumPy array"),
        (lambda: [np.float64(1)], "parameter 0 is a float64, not a NumPy array"),
        (lambda: [np.ma.masked_array(np.ones(3), [0, 1, 0])], "parameter 0 is a masked array"),
        (lambda: 3.0, "parameters are a float"),
        (lambda: (lambda x: [x, x])(np.ones(3)), "parameters 0 and 1 share memory"),
        (lambda: (lambda x: [x[:6], np.ones(2), x[5:]])(np.ones(9)), "parameters 0 and 2 share memory"),
    ],
)
def test_a_parameter_that_cannot_be_updated_in_place_is_refused_in_one_line(params: Callable[[], Any], message: str) -> None:
    with pytest.raises(RefoptError) as caught:
        Adam(params())
    assert message in caught.value.message and "\n" not in caught.value.message


@ENGINES
@pytest.mark.parametrize(
    ("grads", "message"),
    [
        (lambda: [np.ones(3), np.ones(2, np.float32)], "the gradient of 1 has dtype float32, the parameter float64"),
        (lambda: [np.ones(3), np.ones(2, int)], "the gradient of 1 has dtype int64"),
        (lambda: [np.ones(3), np.ones((2, 1))], "the gradient of 1 has shape (2, 1), the parameter (2,)"),
        (lambda: [np.ones(3), np.ones(())], "the gradient of 1 has shape (), the parameter (2,)"),
        (lambda: [np.ones(3)], "gradients of 0; the parameters are 0, 1"),
        (lambda: {"a": np.ones(3), "b": np.ones(2)}, "gradients of a, b; the parameters are 0, 1"),
        (lambda: np.ones(3), "gradients of 0; the parameters are 0, 1"),
        (lambda: 1.0, "gradients are a float"),
        (lambda: [np.ones(3), "x"], "the gradient of 1 has dtype <U1"),
        (lambda: [np.ones(3), np.ma.masked_array(np.ones(2), [0, 1])], "the gradient of 1 is a masked array"),
        (lambda: [np.ones(3), [[1.0], 2.0]], "the gradient of 1 cannot be read as an array: setting an array element with a sequence"),
    ],
)
def test_a_gradient_that_does_not_fit_is_refused_before_anything_is_changed(grads: Callable[[], Any], message: str, engine: str) -> None:
    theta = [np.ones(3), np.ones(2)]
    made = Adam(theta, engine=engine)
    with pytest.raises(RefoptError) as caught:
        made.step(grads())
    assert message in caught.value.message and "\n" not in caught.value.message
    assert made.t == 0 and all((x == 1).all() for x in theta) and not made.state[0]["m"].any()


@ENGINES
def test_a_matrix_which_has_two_axes_whatever_is_done_to_it_is_a_gradient_like_another(engine: str) -> None:
    theta, plain = np.ones((1, 4)).view(np.matrix), np.ones((1, 4))
    g = numbers((1, 4), np.float64, 5)
    Adam([theta], engine=engine).step([g.view(np.matrix)])
    Adam([plain], engine=engine).step([g])
    assert type(theta) is np.matrix and bits(np.asarray(theta)) == bits(plain)


def test_a_parameter_that_becomes_read_only_is_not_written() -> None:
    theta = np.ones(3)
    made = SGD([theta])
    theta.flags.writeable = False
    with pytest.raises(RefoptError, match="parameter 0 has become read-only"):
        made.step([np.ones(3)])
    assert (theta == 1).all()


def test_the_state_that_is_shown_cannot_be_written() -> None:
    made = Adam([np.ones(3)])
    with pytest.raises(ValueError, match="read-only"):
        made.state[0]["m"][0] = 1


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"lr": -1.0}, OutsideDomain, "adam: lr = -1.0 is outside 0 <= lr"),
        ({"beta1": 1}, OutsideDomain, "adam: beta1 = 1.0 is outside 0 <= beta1 < 1"),
        ({"eps": float("nan")}, OutsideDomain, "adam: eps = nan is not finite"),
        ({"lr": float("inf")}, OutsideDomain, "adam: lr = inf is not finite"),
        ({"lr": "fast"}, OutsideDomain, "adam: lr = 'fast' is not a number"),
        ({"lr": None}, OutsideDomain, "adam: lr = None is not a number"),
        ({"beta": 0.9}, UnknownName, "no hyperparameter 'beta'"),
        ({"variant": "eps_hut"}, UnknownName, "no optimizer 'adam/eps_hut'"),
        ({"engine": "gpu"}, RefoptError, "engine 'gpu' is unknown"),
        ({"threads": 2.0}, OutsideDomain, "threads = 2.0 is not a whole number from 1 on"),
        ({"threads": 0}, OutsideDomain, "threads = 0 is not a whole number from 1 on"),
        ({"schedule": 0.1}, RefoptError, "schedule = 0.1 cannot be called"),
    ],
)
def test_arguments_that_mean_nothing_are_refused_in_one_line(arguments: dict[str, Any], error: type[RefoptError], message: str) -> None:
    with pytest.raises(error) as caught:
        Adam([np.ones(3)], **arguments)
    assert message in caught.value.message and "\n" not in caught.value.message


def test_a_schedule_that_gives_no_rate_stops_before_anything_is_changed() -> None:
    theta = np.ones(3)
    for bad in (-1.0, float("nan"), None):
        made = SGD([theta], schedule=lambda k, bad=bad: bad)  # type: ignore[misc]
        with pytest.raises(OutsideDomain, match="sgd: lr = "):
            made.step([np.ones(3)])
        assert made.t == 0 and (theta == 1).all()
